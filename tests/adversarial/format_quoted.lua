-- ends with: memory cap exceeded
string.format('%q%q%q', string.rep('\0', 1 << 21), string.rep('\n', 1 << 21), '')
