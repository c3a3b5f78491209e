-- ends with: memory cap exceeded
local t = {} for i = 1, 100000 do t[i] = 'name' .. i .. '=1 ' end local s = table.concat(t) local keep = {} while true do keep[#keep + 1] = load(s) end
