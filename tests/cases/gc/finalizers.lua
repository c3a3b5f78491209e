-- dialects: 5.4 5.5
collectgarbage('stop') -- what collects is asked for, so that the order of finalizers is known
local log = {}
local function new(n) return setmetatable({n = n}, {__gc = function(o) log[#log + 1] = o.n end}) end
do new(1) new(2) new(3) end
collectgarbage() print(table.concat(log, ' '))
log = {} local saved
do setmetatable({n = 'r'}, {__gc = function(o) saved = o; log[#log + 1] = 'resurrected' end}) end
collectgarbage() print(saved.n, table.concat(log, ' ')) saved = nil collectgarbage() print(#log)
log = {} do local mt = {__gc = function(o) log[#log + 1] = 'again'; if #log < 3 then setmetatable(o, getmetatable(o)) end end} setmetatable({}, mt) end
collectgarbage() collectgarbage() collectgarbage() collectgarbage() print(#log)
do local mt = {} local o = setmetatable({}, mt) mt.__gc = function() log[#log + 1] = 'late' end end collectgarbage() print(log[#log])
local w = setmetatable({}, {__mode = 'v'}) local wk = setmetatable({}, {__mode = 'k'}) local seen
do local o = setmetatable({}, {__gc = function(o) seen = tostring(w[1]) .. ' ' .. tostring(wk[o]) end}) w[1] = o wk[o] = 'kept' end
collectgarbage() print(seen) collectgarbage() print(next(wk))
do setmetatable({}, {__gc = function() error('in gc') end}) end print(pcall(collectgarbage))
do setmetatable({}, {__gc = true}) end collectgarbage()
local n = 0 for i = 1, 20000 do setmetatable({}, {__gc = function() n = n + 1 end}) end collectgarbage() print(n)
local co do co = setmetatable({}, {__mode = 'v'}) co[1] = coroutine.create(function() local x = {} coroutine.yield() end) coroutine.resume(co[1]) end collectgarbage() print(co[1])
setmetatable({}, {__gc = function() print('at exit 1') end}) 
exit2 = setmetatable({}, {__gc = function() print('at exit 2') end})
collectgarbage('stop')
