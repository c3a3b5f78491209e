-- ends with: instruction budget exceeded
local w = setmetatable({}, {__mode = 'kv'}) while true do w[{}] = {} end
