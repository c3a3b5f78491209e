-- ends with: instruction budget exceeded
local s = '1e' .. string.rep('0', 1 << 20) .. '1' while true do tonumber(s) end
