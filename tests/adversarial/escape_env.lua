-- ends with: instruction budget exceeded
local _ENV = {} while true do x = 1 end
