-- ends with: instruction budget exceeded
local t = {} while true do t[1 << 40] = 1 t[1 << 40] = nil t[-5] = 1 t[-5] = nil end
