-- ends with: instruction budget exceeded
table.insert(setmetatable({}, {__len = function() return 1e15 end, __index = function() end, __newindex = function() end}), 1, 1)
