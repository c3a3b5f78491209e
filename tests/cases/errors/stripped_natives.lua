-- dialects: 5.4 5.5
-- Without lines, errors of natives have no position.
local function strip(f) return load(string.dump(f, true)) end
print(pcall(strip(function() error("e") end)))
print(pcall(strip(function() error("e", 2) end)))
print(pcall(strip(function() string.rep() end)))
print(pcall(strip(function() local x <close> = 1 end)))
print(pcall(strip(function() return nil + 1 end)))
print(pcall(strip(function() return {}.x.y end)))
