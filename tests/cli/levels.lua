for i = 0, 4 do local t = debug.getinfo(i, "Sl") print(i, t and t.what, t and t.short_src, t and t.currentline) end
print(debug.traceback("here"))
