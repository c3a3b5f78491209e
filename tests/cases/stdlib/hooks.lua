-- dialects: 5.4 5.5
local ev = {} debug.sethook(function(e, l) ev[#ev + 1] = e .. (l and l or '') end, 'l')
local z = 1
debug.sethook()
print(table.concat(ev, ' '), debug.gethook())
ev = {} debug.sethook(function(e) ev[#ev + 1] = e end, 'cr') math.abs(1) debug.sethook() print(table.concat(ev, ' '))
local n0 = 0 debug.sethook(function() n0 = n0 + 1 end, '', 100) for _ = 1, 1000 do end debug.sethook() print(n0 > 5)
