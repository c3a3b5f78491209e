-- ends with: memory cap exceeded
collectgarbage('incremental') collectgarbage('param', 'pause', 1000000) collectgarbage('param', 'stepmul', 1) local t = {} while true do t[#t + 1] = {#t} end
