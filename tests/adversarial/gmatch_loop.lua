-- ends with: instruction budget exceeded
while true do for w in string.gmatch(string.rep('a ', 1000), '%a+') do end end
