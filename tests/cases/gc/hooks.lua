-- dialects: 5.4 5.5
-- A finalizer runs without the hook of whom it interrupts.
collectgarbage('stop')
local trace = {}
setmetatable({}, {__gc = function() trace[#trace + 1] = 'finalizer' end})
debug.sethook(function(event) trace[#trace + 1] = event .. ' ' .. tostring(debug.getinfo(2, 'n').name) end, 'c')
collectgarbage()
debug.sethook()
print(table.concat(trace, ', '))
