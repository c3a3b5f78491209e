local a, b, c = f()
local d = a and b or not c
if not (a < 1) and (b == "x" or c ~= nil) then d = a >= b end
return a == 1.0, 10 < b
