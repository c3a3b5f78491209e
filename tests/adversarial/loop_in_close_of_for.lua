-- ends with: instruction budget exceeded
for i in pairs, nil, nil, setmetatable({}, {__close = function() while true do end end}) do break end
