local function inner() local t = nil; return t.x end
function outer() inner() end
outer()
