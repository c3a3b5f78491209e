-- ends with: instruction budget exceeded
while true do load(function() return 1 end) end
