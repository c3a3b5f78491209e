-- ends with: instruction budget exceeded
pcall(function() while true do end end) while true do end
