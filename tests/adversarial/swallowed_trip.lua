-- ends with: instruction budget exceeded
while true do local ok = pcall(pcall, function() while true do end end) end
