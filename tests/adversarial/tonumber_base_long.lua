-- ends with: instruction budget exceeded
local s = string.rep('z', 1 << 20) while true do tonumber(s, 36) end
