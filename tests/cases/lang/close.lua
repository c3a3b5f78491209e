-- dialects: 5.4 5.5
local function c(name, fail) return setmetatable({}, {__close = function(_, e) print('close', name, e); if fail then error(fail, 0) end end}) end
do local a <close> = c('a'); local b <close> = c('b'); print('body') end
print(pcall(function() local a <close> = c('a'); error('E', 0) end))
print(pcall(function() local a <close> = c('a', 'fromA'); local b <close> = c('b', 'fromB'); error('E', 0) end))
print((function() local a <close> = c('ret'); return 1, 2, 3 end)())
for i = 1, 3 do local x <close> = c(i); if i == 2 then break end end
do local n <close> = nil; local f <close> = false end
print(pcall(function() local bad <close> = 42 end))
print(pcall(function() local bad <close> = {} end))
for k in next, {1}, nil, c('iter') do print('in for', k) end
do
  local i = 0
  ::top:: do local g <close> = c('goto' .. i); i = i + 1; if i < 3 then goto top end end
end
local function tail() local a <close> = c('tail'); return print('not a tail call') end
tail()
print(load('local x <close>, y <close> = 1, 2'))
print(load('local x <foo> = 1'))
print(load('local x <const> = 1; x = 2'))
local co = coroutine.wrap(function() local a <close> = c('co'); coroutine.yield(1); return 2 end)
print(co(), co())
