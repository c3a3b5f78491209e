-- dialects: 5.4 5.5
local function f(a, b, ...) local c = 3; return debug.getinfo(1, 'nSlutf'), debug.getlocal(1, 3) end
local i, n, v = f(1, 2)
print(i.name, i.namewhat, i.short_src, i.source, i.what, i.currentline, i.linedefined, i.lastlinedefined, i.nups, i.nparams, i.isvararg, i.istailcall, i.func == f)
print(n, v, debug.getlocal(f, 1), debug.getlocal(f, 2), debug.getlocal(f, 3))
local p = debug.getinfo(print) print(p.what, p.short_src, p.currentline, p.linedefined, p.nparams, p.isvararg, p.source)
local lines = {} for l in pairs(debug.getinfo(f, 'L').activelines) do lines[#lines + 1] = l end table.sort(lines) print(table.concat(lines, ' '))
local up = 5 local function g() return up end
print(debug.getupvalue(g, 1), debug.setupvalue(g, 1, 6), up, debug.getupvalue(g, 9))
print(pcall(debug.getinfo, 1, 'X'), debug.getinfo(100), pcall(debug.getlocal, 100, 1))
local va = (function(...) return {debug.getlocal(1, -1), debug.getlocal(1, -2)} end)('x', 'y') print(va[1], va[2], va[3])
local m = setmetatable({}, {__index = function(t, k) return debug.getinfo(1, 'n').name .. ' ' .. debug.getinfo(1, 'n').namewhat end, __add = function() local x = debug.getinfo(1, 'n'); return x.name .. ' ' .. x.namewhat end})
local idx = m.foo local add = m + 1 print(idx, add)
local u = io.stdout print(debug.getuservalue(u, 1), debug.getmetatable('').__index == string, debug.getregistry() ~= nil)
local co = coroutine.create(function(x) local y = x * 2; coroutine.yield() end) coroutine.resume(co, 4)
print(debug.getlocal(co, 1, 1)) print(debug.getlocal(co, 1, 2)) print(debug.traceback(co)) print(debug.traceback('m', 1)) print(debug.traceback({}) ~= nil, debug.traceback(nil))
for k in function() local x = debug.getinfo(1, 'n'); print(x.name, x.namewhat) end do end
