-- ends with: instruction budget exceeded
while true do coroutine.wrap(function() end)() end
