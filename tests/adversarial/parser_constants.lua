-- ends with: instruction budget exceeded
local t = {} for i = 1, 300000 do t[i] = i + 0.5 end assert(load('return {' .. table.concat(t, ',') .. '}'))
