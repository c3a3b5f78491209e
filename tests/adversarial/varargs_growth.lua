-- ends with: instruction budget exceeded
local function f(...) return f(1, 2, 3, 4, ...) end f()
