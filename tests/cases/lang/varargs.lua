-- dialects: 5.4 5.5
local function f(...) return select('#', ...), ... end
print(f())
print(f(nil))
print(f(nil, nil, 3))
print((f(1, 2)))
local t = {f(1, 2), f(3)}
print(#t, table.unpack(t))
local function g(a, ...) local b, c = ...; return a, b, c, select(-1, ...) end
print(g(1, 2, 3, 4))
print(pcall(select, 0))
print(select(2, 'a', 'b', 'c'))
local p = table.pack(f(nil, nil))
print(p.n, p[1], p[2], p[3])
local function deep(n, ...) if n == 0 then return select('#', ...) end return deep(n - 1, n, ...) end
print(deep(100))
print(pcall(table.unpack, {}, 1, 1e8))
print(string.format('%s %s', f('x')))
