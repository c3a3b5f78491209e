-- ends with: memory cap exceeded
local t = {} for i = 1, 1000 do t[i] = string.rep('x', 20000) end table.concat(t)
