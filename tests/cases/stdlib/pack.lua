-- dialects: 5.4 5.5
local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end
print(hex(string.pack('<i4', 100)), hex(string.pack('>i4', -2)), hex(string.pack('<I2 B', 0x1234, 5)), hex(string.pack('<d', 1.5)), hex(string.pack('<f', 0.5)))
print(hex(string.pack('z', 'hi')), hex(string.pack('<s1', 'abc')), hex(string.pack('<s', 'a')), hex(string.pack('c5', 'ab')), hex(string.pack('<!4 b i4', 1, 2)), hex(string.pack('<bxXi2', 1)))
print(string.unpack('<i4', '\1\0\0\0'), string.unpack('>I2 z', '\1\2hi\0'), string.unpack('<s1', '\3abcd'), string.unpack('<i3', '\255\255\255'))
print(string.packsize('<i4 i8'), string.packsize('!8 b d'), string.packsize('<!4 i1 i4 i2'), pcall(string.packsize, 's'), pcall(string.packsize, 'z'))
print(pcall(string.pack, 'i1', 200), pcall(string.pack, 'I1', -1), pcall(string.pack, 'i17', 1), pcall(string.pack, 'z', 'a\0b'), pcall(string.pack, 'c1', 'ab'))
print(pcall(string.unpack, 'i4', 'ab'), pcall(string.unpack, '<i9', ('\255'):rep(8) .. '\1'), pcall(string.unpack, 'z', 'abc'), pcall(string.pack, 'q', 1), pcall(string.unpack, 'b', 'a', 5))
print(hex(string.pack('<i16', -3)), string.unpack('<i16', string.pack('<i16', -3)), string.unpack('<j n', string.pack('<j n', 7, 2.5)))
print(pcall(string.pack, '!3 i4', 1), pcall(string.pack, 'Xz'), pcall(string.pack, 'X'), pcall(string.pack, 'd', 'x'))
