-- ends with: instruction budget exceeded
local function f(s) return load(s) end while true do f('return ' .. string.rep('1 + ', 1000) .. '1') end
