-- ends with: instruction budget exceeded
local t = {} while collectgarbage('count') > 0 do t[#t + 1] = {} end
