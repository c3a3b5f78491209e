-- dialects: 5.4 5.5
-- What `collectgarbage` keeps of its numbers, and what it says.
local v55 = _VERSION == "Lua 5.5"
collectgarbage("incremental")
if v55 then
  for _, name in ipairs { "minormul", "majorminor", "minormajor", "pause", "stepmul", "stepsize" } do
    print(name, collectgarbage("param", name))
    for _, value in ipairs { 0, 1, 5, 12, 13, 17, 100, 101, 999, 1234, 50000, 793599, 793600, 10 ^ 9 // 1 | 0 } do
      collectgarbage("param", name, value)
      io.write(value, "=", collectgarbage("param", name), " ")
    end
    print()
  end
  print(pcall(collectgarbage, "param", "other"))
  print(pcall(collectgarbage, "param"))
else
  print(collectgarbage("setpause", 150), collectgarbage("setpause", 1001), collectgarbage("setpause", -5))
  print(collectgarbage("setpause", 200), collectgarbage("setstepmul", 77), collectgarbage("setstepmul"))
  print(collectgarbage("incremental", 300, 400, 10))
  print(collectgarbage("setpause"), collectgarbage("setstepmul"))
  print(pcall(collectgarbage, "generational", "x"))
  print(pcall(collectgarbage, "incremental", 100, {}))
end
print(pcall(collectgarbage, "step", "x"))
print(collectgarbage("incremental"))
collectgarbage()
local steps = 0
repeat steps = steps + 1 until collectgarbage("step", 0) or steps > 100000
print(steps < 100000)
collectgarbage("stop")
print(collectgarbage("isrunning"), collectgarbage("restart"), collectgarbage("isrunning"))
