-- ends with: instruction budget exceeded
while true do local t = {} for i = 1, 1000 do t['k' .. i] = i end end
