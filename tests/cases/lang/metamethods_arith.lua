-- dialects: 5.4 5.5
local names = {'add', 'sub', 'mul', 'div', 'mod', 'pow', 'idiv', 'band', 'bor', 'bxor', 'shl', 'shr', 'concat'}
local mt = {}
local function show(x) return type(x) == 'table' and 'T' or tostring(x) end
for _, n in ipairs(names) do mt['__' .. n] = function(a, b) return n .. '(' .. show(a) .. ',' .. show(b) .. ')' end end
mt.__unm = function(a, b) return 'unm', rawequal(a, b) end
mt.__bnot = function(a, b) return 'bnot', rawequal(a, b) end
mt.__len = function() return 42 end
local t = setmetatable({}, mt)
print(t + 1, 1 + t, t - 1.5, 2 - t, t * t, t / 'x', t % 2, 2 % t, t ^ 2, 2 ^ t, t // 3, 3 // t)
print(t & 1, 1 & t, t | 'a', t ~ 2, 2 ~ t, t << 1, 1 << t, t >> 1, 1 >> t)
print(t .. 'x', 'x' .. t, 1 .. t, t .. t, 'a' .. 'b' .. t)
print(-t, ~t, #t)
print((-t))
print(pcall(function() return {} + 1 end))
print(pcall(function() return -{} end))
print(pcall(function() return {} .. 'x' end))
print(pcall(function() return #5 end))
local c = setmetatable({}, {__concat = function(a, b) return setmetatable({}, getmetatable(type(a) == 'table' and a or b)) end})
print(type(c .. 'a' .. c))
