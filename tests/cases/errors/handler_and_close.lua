-- dialects: 5.4 5.5
-- The message handler sees what closing variables raises, and the error that a later one closes with.
local function closing(name, raises)
  return setmetatable({}, { __close = function(_, e)
    print("close", name, e)
    if raises then error(raises, 0) end
  end })
end
local function handler(m) print("handler", m) return "<" .. tostring(m) .. ">" end
print(xpcall(function()
  local a <close> = closing("a")
  local b <close> = closing("b", "from b")
  error("main", 0)
end, handler))
print(xpcall(function()
  local a <close> = closing("a", "from a")
  local b <close> = closing("b", "from b")
end, handler))
local co = coroutine.create(function()
  xpcall(error, function() coroutine.close(coroutine.running()) end, "m")
end)
print(pcall(coroutine.resume, co))
print(coroutine.status(co))
