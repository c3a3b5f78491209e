-- ends with: instruction budget exceeded
local s = '[' .. string.rep('=', 1 << 20) .. '[' while true do load(s) end
