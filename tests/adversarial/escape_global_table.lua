-- ends with: escaped nothing
local g = _G for k in pairs(g) do if k ~= 'error' then g[k] = nil end end error('escaped nothing', 0)
