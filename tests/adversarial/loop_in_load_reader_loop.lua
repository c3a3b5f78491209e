-- ends with: instruction budget exceeded
load(function() while true do end end)
