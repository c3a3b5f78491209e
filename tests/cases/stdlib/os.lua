-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end
print(type(os.clock()), os.difftime(10, 4), math.type(os.difftime(1, 1)), type(os.time()), os.getenv("NO_SUCH_VARIABLE"), type(os.getenv("PATH")))
print(os.setlocale(), os.setlocale(nil), os.setlocale("C"), os.setlocale("", "all") ~= false, os.setlocale("no_SUCH"), os.setlocale("C", "numeric"))
print(msg(os.setlocale, "C", "nothing"), msg(os.setlocale, {}))
print(os.time { year = 2020, month = 2, day = 30, hour = 0 } - os.time { year = 2020, month = 3, day = 1, hour = 0 })
local t = { year = 2021, month = 14, day = -3, hour = 25, min = 61, sec = 61 }
os.time(t)
print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday)
print(msg(os.time, {}), msg(os.time, { year = 2020 }), msg(os.time, { year = 2020, month = "x", day = 1 }), msg(os.time, { year = 2020, month = 1.5, day = 1 }))
print(msg(os.time, { year = 1 << 40, month = 1, day = 1 }), msg(os.time, { year = 2020, month = math.maxinteger, day = 1 }), msg(os.time, { year = 2020, month = 1, day = math.mininteger }))
print(msg(os.time, { year = (1 << 31) + 1899, month = 1 << 30, day = 1 << 30 }), msg(os.time, 5))
print(os.date("!%Y-%m-%d %H:%M:%S", 0), os.date("!%c", 0), os.date("!%x %X %p %A %B %a %b %d %j %U %w %y %% %D %e %F %g %G %h %I %M %n %r %R %t %T %u %V %W", 86400 * 45))
print(os.date("!*t", 3600).hour, os.date("*t", 0).isdst, os.date("!%Ec %EC %Ex %EX %Ey %EY %Od %Oe %OH %OI %Om %OM %OS %Ou %OU %OV %Ow %OW %Oy", 0))
print(msg(os.date, "%"), msg(os.date, "%Q"), msg(os.date, "%E"), msg(os.date, "%Ez"), msg(os.date, "%O"), msg(os.date, "%Oz"), msg(os.date, "%5"))
print(msg(os.date, "*t", 1 << 60), msg(os.date, "!%Y", 1 << 62), msg(os.date, "%Y", 1.5), msg(os.date, {}))
print(msg(os.getenv), msg(os.remove), msg(os.rename, "x"), msg(os.difftime), msg(os.difftime, 1, "x"), msg(os.exit, "x"))
