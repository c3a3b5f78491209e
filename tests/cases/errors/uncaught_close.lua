-- dialects: 5.4 5.5
local a <close> = setmetatable({}, {__close = function(_, e) print('closing', e) end})
local function f() string.rep('x', {}) end
f()
