-- dialects: 5.4 5.5
collectgarbage('generational')
local t = {} for i = 1, 30000 do t[i % 100] = {i, tostring(i), function() return i end} end
local s = 0 for i = 0, 99 do s = s + t[i][1] + t[i][3]() + #t[i][2] end print(s)
collectgarbage('incremental')
local list for i = 1, 50000 do list = {next = list, v = i} end local n = 0 while list do n = n + list.v; list = list.next end print(n)
local str = '' for i = 1, 2000 do str = str .. i end print(#str)
local cos = {} for i = 1, 500 do cos[i] = coroutine.wrap(function(a) while true do a = coroutine.yield(a + i) end end) cos[i](0) end collectgarbage() local c = 0 for i = 1, 500 do c = c + cos[i](i) end print(c)
local before = collectgarbage('count') do local big = {} for i = 1, 1e5 do big[i] = {} end end collectgarbage() print(collectgarbage('count') - before < 3000)
print(pcall(string.rep, 'x', -1), #('x'):rep(1e6))
