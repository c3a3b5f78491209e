-- dialects: 5.4 5.5
print(xpcall(function()
  debug.sethook(function() error("in hook", 0) end, "l")
  local x = 1
end, function(m)
  debug.sethook()
  local y = m
  return "handled " .. y
end))
print(debug.gethook())
