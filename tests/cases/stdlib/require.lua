-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end
local name = os.tmpname()
local folder, base = name:match("^(.*/)([^/]*)$")
local function write(text)
  local file = assert(io.open(name .. ".lua", "w"))
  file:write(text)
  file:close()
end
local function clean(text) return (tostring(text):gsub("0x%x+", "ADDRESS"):gsub(folder:gsub("%p", "%%%0"), "FOLDER/"):gsub(base:gsub("%p", "%%%0"), "BASE")) end
local function show(...)
  local out = table.pack(...)
  for i = 1, out.n do out[i] = clean(out[i]):gsub("function: .*", "function") end
  print(table.concat(out, "\t"))
end
local path, cpath = package.path, package.cpath
package.path, package.cpath = folder .. "?.lua", folder .. "?.so"
write("local name, file = ... print(select('#', ...), file ~= nil) return { name = name, again = true }")
local module, where = require(base)
show(module.name, module.again, where, require(base) == module, package.loaded[base] == module)
package.loaded[base] = nil
write("print('runs') return nil")
show(require(base), package.loaded[base])
package.loaded[base] = nil
write("return false")
show(require(base))
show(require(base))
package.loaded[base] = nil
write("package.loaded[...] = 'set' ")
show(require(base))
package.loaded[base] = nil
write("syntax error here")
show(pcall(require, base))
write("error('within')")
show(pcall(require, base))
write("error({})")
show(type(select(2, pcall(require, base))))
os.remove(name .. ".lua")
os.remove(name)
show(pcall(require, "no.such.module"))
show(package.searchpath("no.such", "./?.lua;./?/init.lua"))
show(package.searchpath("no.such", "./?.lua;./?/init.lua", "", ""))
show(package.searchpath("a-b", "?;x?", "-", "+"))
show(pcall(package.searchpath, "a"))
package.preload["pre.loaded"] = function(...) print(...) return "value" end
show(require "pre.loaded")
show(require "pre.loaded")
for i, searcher in ipairs(package.searchers) do
  show(i, pcall(searcher, "nothing.here"))
end
show(pcall(package.searchers[1], "pre.loaded"))
package.path = {}
show(pcall(package.searchers[2], "x"))
package.path = nil
show(pcall(require, "x"))
show(pcall(package.searchers[2], "x"))
package.path = path
package.cpath = nil
show(pcall(package.searchers[3], "x"))
show(pcall(package.searchers[4], "x"))
show(pcall(package.searchers[4], "x.y"))
package.cpath = cpath
local searchers = package.searchers
package.searchers = nil
show(pcall(require, "x"))
package.searchers = { function(n) return "\n\tfirst says no to " .. n end, function() end, function() return function(...) return ... end, "extra" end }
show(require "anything")
package.searchers = searchers
show(msg(require), msg(require, {}))
show(pcall(package.loadlib))
show(package.config:gsub("\n", "|"))
