-- ends with: instruction budget exceeded
local t = {} for i = 1, 1000 do t[i] = i end while true do for k in next, t do end end
