-- dialects: 5.4 5.5
error(setmetatable({}, {__tostring = function() return 'shown by tostring' end}))
