-- ends with: memory cap exceeded
local s = string.rep('x', 1 << 20) string.format('%s%s%s%s%s%s%s%s%s%s', s, s, s, s, s, s, s, s, s, s)
