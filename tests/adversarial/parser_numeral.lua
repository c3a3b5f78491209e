-- ends with: instruction budget exceeded
local s = 'return ' .. string.rep('1', 1 << 19) while true do load(s) end
