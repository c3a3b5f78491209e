-- dialects: 5.5
local function f(...t) local out = {} for i = 1, t.n do out[i] = tostring(t[i]) end return table.concat(out, ',') end
print(f(1, nil, 'x'))
local function g(...t) t.n = 1; return ... end
print(g(1, 2, 3))
local function h(...t) return t end
local t = h(4, 5)
print(t.n, #t, t[1], t[2])
local function k(...t) return function() return t.n, t[t.n] end end
print(k('a', 'b')())
print(pcall(function(...t) t.n = -1; return ... end, 1))
print(pcall(function(...t) t.n = 'x'; return ... end, 1))
print(load('local function f(...t) t = 1 end'))
local function u(...t) local i = 2; return t[i], t['n'], t.x, t[1.0], t[9] end
print(u('p', 'q'))
