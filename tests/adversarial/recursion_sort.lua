-- ends with: C stack overflow|stack overflow
local function f(a, b) table.sort({1, 2}, f) end table.sort({1, 2}, f)
