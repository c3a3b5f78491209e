-- ends with: instruction budget exceeded
local function f() return f() end f()
