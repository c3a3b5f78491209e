-- ends with: instruction budget exceeded
local function f() end while true do f() end
