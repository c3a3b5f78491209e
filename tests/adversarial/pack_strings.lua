-- ends with: memory cap exceeded
local s = string.rep('x', 1 << 21) string.pack('s8s8s8s8', s, s, s, s)
