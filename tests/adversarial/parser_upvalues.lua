-- ends with: too many upvalues|upvalues
local t = {} for j = 1, 2 do for i = 1, 150 do t[#t + 1] = 'local a' .. j .. '_' .. i end t[#t + 1] = 'local function f' .. j .. '()' end t[#t + 1] = 'return function() return 0' for j = 1, 2 do for i = 1, 150 do t[#t + 1] = '+ a' .. j .. '_' .. i end end t[#t + 1] = ' end end end' assert(load(table.concat(t, ' ')))
