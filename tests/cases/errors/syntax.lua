-- dialects: 5.4 5.5
local x = 1
local y = = 2
