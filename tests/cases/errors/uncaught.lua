-- dialects: 5.4 5.5
local function inner(t) return t.field.x end
local function outer() inner({}) end
function globalfn() outer() end
local obj = {method = function(self) globalfn() end}
print('before')
obj:method()
