-- ends with: memory cap exceeded
string.pack('!16' .. string.rep('xXi16', 1 << 20))
