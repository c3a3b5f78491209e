-- ends with: instruction budget exceeded
local s = string.pack('i8', 1) while true do string.unpack('i8', s) end
