-- ends with: instruction budget exceeded
local function f(n) return pcall(f, n + 1) end while true do f(1) end
