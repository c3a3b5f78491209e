-- ends with: instruction budget exceeded
local s = string.rep('9', 1 << 20) while true do pcall(function() return s + 1 end) end
