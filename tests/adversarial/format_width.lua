-- ends with: invalid conversion
string.format('%1000d', 1)
