-- ends with: instruction budget exceeded
local function f(...) while true do table.pack(...) end end f(table.unpack({}, 1, 200))
