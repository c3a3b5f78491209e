-- ends with: instruction budget exceeded
string.gsub('aaa', 'a', function() while true do end end)
