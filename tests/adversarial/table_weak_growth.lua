-- ends with: memory cap exceeded
local w = setmetatable({}, {__mode = 'k'}) local keep = {} while true do local k = {} keep[#keep + 1] = k w[k] = k end
