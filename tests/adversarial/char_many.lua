-- ends with: instruction budget exceeded
local t = {} for i = 1, 200 do t[i] = 65 end local s = '' while true do s = s .. string.char(table.unpack(t)) end
