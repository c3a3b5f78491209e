-- ends with: memory cap exceeded
collectgarbage('stop') local t while true do t = {t} end
