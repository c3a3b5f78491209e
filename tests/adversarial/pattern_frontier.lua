-- ends with: instruction budget exceeded
while true do string.find(string.rep('a', 10000), '%f[b]') end
