-- ends with: instruction budget exceeded
while true do local s = string.rep('x', 100000) end
