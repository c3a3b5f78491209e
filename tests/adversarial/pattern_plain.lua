-- ends with: instruction budget exceeded
local s = string.rep('a', 1 << 20) while true do string.find(s, string.rep('a', 1000) .. 'b', 1, true) end
