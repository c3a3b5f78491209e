-- ends with: instruction budget exceeded
collectgarbage('stop') while true do local t = {1, 2, 3} end
