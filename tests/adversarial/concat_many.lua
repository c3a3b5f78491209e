-- ends with: memory cap exceeded
local a = string.rep('x', 1 << 20) local s = a .. a .. a .. a .. a .. a .. a .. a .. a .. a .. a .. a
