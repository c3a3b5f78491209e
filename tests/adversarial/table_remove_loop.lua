-- ends with: instruction budget exceeded
local t = {} for i = 1, 5000 do t[i] = i end while true do table.insert(t, 1, table.remove(t, 1)) end
