-- ends with: memory cap exceeded
while true do xpcall(function() local function f() f() end f() end, function(m) local function g() return g() + 1 end return g() end) end
