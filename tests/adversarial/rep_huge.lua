-- ends with: instruction budget exceeded|resulting string too large
string.rep('x', 1 << 62)
