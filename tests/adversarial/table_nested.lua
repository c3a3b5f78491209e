-- ends with: memory cap exceeded
local t = {} while true do t = {t} end
