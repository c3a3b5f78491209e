-- ends with: escaped nothing
assert(debug == nil and package == nil and require == nil and io == nil) error('escaped nothing', 0)
