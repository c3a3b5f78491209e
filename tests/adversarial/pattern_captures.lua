-- ends with: too many captures
string.find('a', string.rep('()', 40))
