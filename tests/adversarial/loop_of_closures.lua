-- ends with: instruction budget exceeded
while true do local x = 1 local f = function() return x end end
