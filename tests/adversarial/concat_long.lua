-- ends with: instruction budget exceeded
local s = '' while true do s = s:sub(1, 20000) .. 'x' end
