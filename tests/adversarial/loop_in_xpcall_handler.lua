-- ends with: instruction budget exceeded
xpcall(error, function() while true do end end)
