-- dialects: 5.4 5.5
local function co() return coroutine.wrap(co)() end
local ok, m = pcall(co) print(ok, (m:match('C stack overflow')))
