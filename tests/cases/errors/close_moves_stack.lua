-- dialects: 5.4 5.5
-- Close methods that need much stack: the variables left to close are still found.
local function deep(n) if n > 0 then return 1 + deep(n - 1) end return 0 end
local function closing(name) return setmetatable({}, {__close = function(_, e) deep(5000) print(name, (tostring(e):gsub('^.-:%d+: ', ''))) error(name) end}) end
local co = coroutine.wrap(function()
  local a <close> = closing('a') local b <close> = closing('b') local c <close> = closing('c')
  coroutine.yield() error('body')
end)
co() print(select('#', pcall(co)))
local co = coroutine.create(function()
  local a <close> = closing('a') local b <close> = closing('b') local c <close> = closing('c')
  coroutine.yield()
end)
coroutine.resume(co) print(select('#', coroutine.close(co)))
table.sort({1, 2, 3}, function() return false end)
print(pcall(table.sort, {3, 2, 1}, function() local a <close> = closing('a') local b <close> = closing('b') error('in sort') end) == false)
