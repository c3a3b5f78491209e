-- dialects: 5.4 5.5
io.write("written")
kept = setmetatable({}, { __gc = function() print(" and finalized") end })
local closed <close> = setmetatable({}, { __close = function() print("closed") end })
os.exit(true, true)
