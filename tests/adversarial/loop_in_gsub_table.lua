-- ends with: instruction budget exceeded
string.gsub('aaa', 'a', setmetatable({}, {__index = function() while true do end end}))
