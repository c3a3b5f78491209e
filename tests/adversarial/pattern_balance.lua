-- ends with: instruction budget exceeded
while true do string.find(string.rep('(', 5000), '%b()') end
