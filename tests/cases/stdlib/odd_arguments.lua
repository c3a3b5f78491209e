-- dialects: 5.4 5.5
print(math.max("10", "9"), math.min("b", "a", "c"), math.max(1, 2.0), math.max(2, 2.0), math.max(nil))
print(pcall(math.max, 1, "2"), pcall(math.min, {}, {}), pcall(math.max))
print(math.max(setmetatable({1}, {__lt = function() return true end}), 5))
print(math.abs("10"), math.abs(-3), math.abs("-0x10"), pcall(math.abs, "x"))
print(pcall(math.fmod), pcall(math.fmod, nil, "x"), math.fmod("7", 3))
print(pcall(string.pack, "i4"), pcall(string.pack, "i4z", 1), pcall(string.pack, "s", nil))
print(pcall(debug.setuservalue, 1, 2, "x"), pcall(debug.setuservalue, 1, 2))
print(pcall(coroutine.resume, 1), pcall(coroutine.status), pcall(coroutine.isyieldable, 1))
