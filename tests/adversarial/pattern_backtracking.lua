-- ends with: instruction budget exceeded
string.find(string.rep('a', 1000), string.rep('a*', 20) .. 'b')
