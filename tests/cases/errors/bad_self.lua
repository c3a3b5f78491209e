-- dialects: 5.4 5.5
local function try(f, ...) print(select(2, pcall(f, ...))) end
try(function() local t = setmetatable({}, { __index = io.stdout }) t:close() end)
try(function() local t = setmetatable({}, { __index = string }) t:rep(1) end)
try(function() local t = { f = string.rep } t.f() end)
try(function() local t = { f = string.rep } t:f() end)
try(function() local file = io.stdout file.write(5) end)
try(function() local file = io.stdout file.seek() end)
local name = os.tmpname()
print(os.remove(name:match("^(.*)/")))
os.remove(name)
print(pcall(function() return light < 1 end))
