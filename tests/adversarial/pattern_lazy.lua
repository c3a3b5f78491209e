-- ends with: instruction budget exceeded
string.find(string.rep('a', 2000), '.-.-.-.-b')
