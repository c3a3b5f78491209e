-- ends with: C stack overflow|stack overflow
local function f(s) return string.gsub(s, '.', f) end f('ab')
