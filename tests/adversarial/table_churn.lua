-- ends with: instruction budget exceeded
local t = {} while true do for i = 1, 100 do t[i] = i end for i = 1, 100 do t[i] = nil end end
