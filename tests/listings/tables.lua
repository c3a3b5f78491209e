-- dialects: 5.4
local t = { 1, 2, "three", x = 1, ["y z"] = true, [4] = nil, f() }
t.a.b = t[1]
t[2], t.x, t[t] = t.x, 5, nil
t:method(1, ...)
local u = t[300].name
t[1], t["k"] = 2, "s"
return t, u
