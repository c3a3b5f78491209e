-- ends with: instruction budget exceeded
local function f(n) if n > 0 then return f(n - 1) + 1 end while true do pcall(error, 'x') end end f(150)
