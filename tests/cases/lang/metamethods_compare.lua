-- dialects: 5.4 5.5
local log = {}
local mt = {
  __eq = function(a, b) log[#log + 1] = 'eq'; return a.v == b.v end,
  __lt = function(a, b) log[#log + 1] = 'lt'; return (type(a) == 'table' and a.v or a) < (type(b) == 'table' and b.v or b) end,
  __le = function(a, b) log[#log + 1] = 'le'; return (type(a) == 'table' and a.v or a) <= (type(b) == 'table' and b.v or b) end,
}
local function new(v) return setmetatable({v = v}, mt) end
local a, b, c = new(1), new(2), new(1)
print(a == b, a == c, a ~= c, a == 1, a < b, a > b, a <= c, a >= b, a < 5, 5 < a, 0 <= a, a >= 1)
print(table.concat(log, ' '))
print(rawequal(a, c), a == a)
print(pcall(function() return {} < {} end))
print(pcall(function() return {} < 1 end))
print(pcall(function() return 'a' < 1 end))
print(pcall(function() return nil <= false end))
print('a' < 'b', 'a' < 'B', 'Z' < 'a', '' < 'a', 'a\0b' < 'a\0c', 'a' <= 'a')
local le = setmetatable({}, {__lt = function() return true end})
print(pcall(function() return le <= le end))
print(setmetatable({}, {__eq = function() return 'truthy' end}) == setmetatable({}, {}))
