-- ends with: instruction budget exceeded
local function f(...) return select('#', ...) end while true do f(1, 2, 3, 4, 5) end
