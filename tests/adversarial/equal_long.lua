-- ends with: instruction budget exceeded
local a, b = string.rep('x', 1 << 20) .. 'a', string.rep('x', 1 << 20) .. 'a' while true do local c = a == b end
