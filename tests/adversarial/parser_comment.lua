-- ends with: instruction budget exceeded
local s = '--' .. string.rep('x', 1 << 20) while true do load(s) end
