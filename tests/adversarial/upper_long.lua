-- ends with: memory cap exceeded
local s = string.rep('x', 3 << 20) local a, b, c = s:upper(), s:reverse(), s:lower() .. s
