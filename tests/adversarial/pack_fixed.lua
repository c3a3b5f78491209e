-- ends with: instruction budget exceeded
string.pack('c1000000000', 'x')
