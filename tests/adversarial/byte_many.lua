-- ends with: string slice too long
string.byte(string.rep('x', 1100000), 1, -1)
