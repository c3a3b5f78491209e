-- ends with: instruction budget exceeded
local s = '0x' .. string.rep('f', 1 << 20) while true do tonumber(s) end
