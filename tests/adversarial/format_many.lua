-- ends with: bad argument
string.format(string.rep('%99d', 200000), table.unpack({}, 1, 250))
