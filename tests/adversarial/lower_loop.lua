-- ends with: instruction budget exceeded
local s = string.rep('X', 1 << 20) while true do s:lower() end
