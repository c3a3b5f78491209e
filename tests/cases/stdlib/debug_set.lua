-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]):gsub("0x%x+", "ADDRESS") end
  return table.concat(results, " ")
end
local function f(a)
  local b = 2
  print(debug.setlocal(1, 1, "A"), debug.setlocal(1, 2, "B"), debug.setlocal(1, 9, "none"))
  return a, b
end
print(f(1))
local co = coroutine.create(function(x) local y = 5 coroutine.yield() return x, y end)
coroutine.resume(co, 1)
print(debug.setlocal(co, 1, 1, "X"), debug.setlocal(co, 1, 2, "Y"), coroutine.resume(co))
print(msg(debug.setlocal, 100, 1, nil), msg(debug.setlocal, 1), msg(debug.getlocal, 100, 1))
local function v(...) print(debug.setlocal(1, -1, "first"), debug.setlocal(1, -5, "fifth")) return ... end
print(v(1, 2))
print(debug.setmetatable(10, { __index = function(n, k) return k .. n end }), (5).name, debug.setmetatable(10, nil))
print(msg(debug.setmetatable, 1, 2), msg(debug.setmetatable))
print(pcall(function() return (5).name end))
debug.setmetatable(nil, { __add = function(a, b) return "nil+" .. tostring(b) end, __name = "NOTHING" })
print(nil + 1, pcall(function() return nil - 1 end))
debug.setmetatable(nil, nil)
local mt = {}
debug.setmetatable(print, { __index = mt })
mt.twice = function(f, ...) f(...) f(...) end
print.twice(print, "x", 1)
print:twice("y")
debug.setmetatable(print, nil)
local t = setmetatable({}, { __metatable = "locked" })
print(getmetatable(t), msg(setmetatable, t, {}), type(debug.getmetatable(t)))
print(msg(debug.getinfo, 1, ">"), msg(debug.getinfo, 1, "?"), debug.getinfo(100), msg(debug.getinfo, "x"), msg(debug.getinfo))
print(msg(debug.upvalueid, f, 9), msg(debug.upvaluejoin, f, 9, f, 1), msg(debug.upvaluejoin, f, 1, f, 9), msg(debug.upvalueid, print, 1))
print(msg(debug.upvaluejoin, print, 1, f, 1), msg(debug.upvaluejoin, f, 1, print, 1), msg(debug.upvaluejoin, 1, 1, f, 1))
print(debug.setupvalue(f, 9, 1), debug.getupvalue(f, 9), msg(debug.setupvalue, f, 1), msg(debug.getupvalue, 1, 1))
print(msg(debug.setuservalue, {}, 1), debug.getuservalue({}), debug.getuservalue(io.stdout), debug.setuservalue(io.stdout, 1, 2))
print(msg(debug.sethook, 1), msg(debug.sethook, print, 1, "x"), debug.gethook())
print(type(debug.getregistry()), type(select(2, pcall(debug.traceback, {}))), debug.traceback("m", 50), debug.traceback(nil) ~= nil)
local each = string.gmatch("abc", ".")
print(msg(debug.upvaluejoin, each, 1, f, 1), msg(debug.upvaluejoin, f, 1, each, 1), debug.getupvalue(each, 1))
print(msg(string.rep, debug.upvalueid(f, 1)), msg(function() return debug.upvalueid(f, 1) < 1 end), msg(function() return debug.upvalueid(f, 1) + 1 end))
