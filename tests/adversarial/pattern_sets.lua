-- ends with: instruction budget exceeded
string.find(string.rep('a', 100000), '[' .. string.rep('b-c', 10000) .. ']')
