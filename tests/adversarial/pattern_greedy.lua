-- ends with: instruction budget exceeded
string.match(string.rep('x', 3000), '.*.*.*y')
