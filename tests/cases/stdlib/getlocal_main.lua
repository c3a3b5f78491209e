-- dialects: 5.4 5.5
local first = 1
print(debug.getlocal(1, 1))
for i = 1, 3 do print((debug.getlocal(1, i))) end
local function inner() return first end
for i = 1, 3 do print((debug.getlocal(1, i))) end
print(first, inner())
local function f(a, ...) return debug.getlocal(1, 1), debug.getlocal(1, 2) end
print(f(5, 6))
