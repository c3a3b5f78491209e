-- ends with: instruction budget exceeded
while true do local s = ('x'):rep(10):upper():lower():reverse() end
