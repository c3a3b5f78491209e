-- dialects: 5.4 5.5
local function show(t) print(table.concat(t, ' ')) end
local t = {5, 2, 8, 1, 9, 3} table.sort(t) show(t)
table.sort(t, function(a, b) return a > b end) show(t)
local s = {'b', 'a', 'C', 'aa'} table.sort(s) show(s)
local big = {} local x = 42
for i = 1, 1000 do x = (x * 1103515245 + 12345) % 2147483648; big[i] = x end
table.sort(big)
local ok = true for i = 2, #big do ok = ok and big[i - 1] <= big[i] end print(ok)
print(pcall(table.sort, {1, 'a', 2}))
print(pcall(table.sort, {1, 2, 3}, 5))
print(pcall(table.sort, {3, 2, 1, 5, 4, 9, 7, 8, 1, 2}, function() return true end))
print(pcall(table.sort, {{}, {}}))
local m = setmetatable({}, {__len = function() return math.maxinteger end}) print(pcall(table.sort, m))
local f = {1.5, 1, 2^53, -1/0, 1/0} table.sort(f) show(f)
print(pcall(table.sort, {1, 2, 3}, function(a, b) error('cmp', 0) end))
