-- dialects: 5.5
local function f(...t) return t.n, t[1], t[2], select('#', ...) end
print(f())
print(f(1, nil))
local function g(a, ...rest) rest[1] = 'changed'; return a, ... end
print(g(1, 2, 3))
