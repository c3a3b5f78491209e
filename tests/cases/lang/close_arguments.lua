-- dialects: 5.4 5.5
do local x <close> = setmetatable({}, {__close = function(...) print(select('#', ...)) end}) end
print(pcall(function() local x <close> = setmetatable({}, {__close = function(...) print(select('#', ...)) end}) error('E', 0) end))
