-- ends with: instruction budget exceeded
string.rep('x', 1 << 62)
