-- ends with: instruction budget exceeded
local function f(...) local a = {...} return f(1, ...) end f()
