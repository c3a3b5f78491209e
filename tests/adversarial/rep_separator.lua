-- ends with: instruction budget exceeded
string.rep('', 1 << 28, 'y')
