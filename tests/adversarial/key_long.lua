-- ends with: instruction budget exceeded
local t, a = {}, string.rep('x', 1 << 20) while true do t[a .. 1] = nil end
