-- dialects: 5.4 5.5
for i = 3, 1 do print('never') end
for i = 1, 3 do io.write(i, ' ') end print()
for i = 3, 1, -1 do io.write(i, ' ') end print()
for i = math.maxinteger - 1, math.maxinteger do io.write(i, ' ') end print()
for i = math.mininteger, math.mininteger + 2, 2 do io.write(i, ' ') end print()
for i = 1, math.huge do if i > 3 then break end io.write(i, ' ') end print()
for i = 1, -math.huge, -1 do if i < -2 then break end io.write(i, ' ') end print()
print(pcall(function() for i = 1, 10, 0 do end end))
print(pcall(function() for i = 'a', 10 do end end))
print(pcall(function() for i = 1, {} do end end))
print(pcall(function() for i = 1, 2, 'x' do end end))
print(pcall(function() for i in 5 do end end))
local t = setmetatable({}, {__call = function(_, s, c) if c < 3 then return c + 1 end end})
for i in t, nil, 0 do io.write(i, ' ') end print()
local p = setmetatable({}, {__pairs = function() return function(_, k) if not k then return 1, 'one' end end, nil, nil end})
for k, v in pairs(p) do print(k, v) end
for i, v in ipairs(setmetatable({}, {__index = function(_, i) if i < 4 then return i * i end end})) do io.write(i, '=', v, ' ') end print()
