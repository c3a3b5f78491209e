-- dialects: 5.4 5.5
local function msg(f, ...)
  local results = table.pack(pcall(f, ...))
  if not results[1] then return "error: " .. tostring(results[2]) end
  for i = 1, results.n do results[i] = tostring(results[i]):gsub("0x%x+", "ADDRESS") end
  return table.concat(results, " ")
end
local name = os.tmpname()
local other = os.tmpname()
local function clean(v)
  if type(v) ~= "string" then return tostring(v):gsub("0x%x+", "ADDRESS") end
  return (v:gsub(name:gsub("%p", "%%%0"), "NAME"):gsub(other:gsub("%p", "%%%0"), "OTHER"):gsub("0x%x+", "ADDRESS"))
end
local function show(...)
  local out = table.pack(...)
  for i = 1, out.n do out[i] = clean(out[i]) end
  print(table.concat(out, "\t"))
end
-- Default files.
local out = assert(io.open(name, "w"))
show(io.type(out), io.type(io.stdout), io.type(5), tostring(out):match("^file %("))
show(io.output() == io.stdout, io.output(out) == out, io.output() == out)
io.write("one\ntwo ", 3, " ", 4.5, "\n")
show(io.flush() == out)
show(io.close())
show(io.type(out), tostring(out))
show(msg(io.write, "x"), msg(io.close), msg(out.write, out, "x"), msg(io.close, out))
io.output(io.stdout)
show(io.input() == io.stdin, io.type(io.input(name)), io.read("l"), io.read("n"), io.read("a"))
show(io.read("a"), io.read("l"), io.read(0), io.read("n"), io.read())
io.close(io.input())
show(msg(io.read), msg(io.lines))
io.input(io.stdin)
for line in io.lines(name) do show("line", line) end
for a, b in io.lines(name, 1, "L") do show("pair", a, b) end
show(msg(io.lines, "/no/such/file"), msg(io.input, "/no/such/file"), msg(io.output, "/no/such/file"))
show(io.open("/no/such/file"), io.open("/", "w"), io.open(name .. "/x"))
show(msg(io.open, name, "rz"), msg(io.open, name, ""), msg(io.open))
-- Errors of files.
local f = assert(io.open(name))
show(f:write("x"))
show(f:seek("set", 2), f:seek("cur"), f:seek("end"), f:seek("set"), f:seek("set", -1))
show(msg(f.seek, f, "nowhere"), msg(f.seek, f, "set", 1.5), msg(f.setvbuf, f, "some"), f:setvbuf("full", 1024), f:setvbuf("no"), f:setvbuf("line"))
show(msg(f.read, f, "x"), msg(f.read, f, "*x"), msg(f.read, f, {}), f:read("*l"), f:read(1, 2, 0))
local lines = f:lines()
f:close()
show(msg(lines), msg(f.lines, f), msg(f.seek, f), msg(f.flush, f), msg(f.read, f))
show(msg(f.close), msg(f.close, 5), msg(io.close, 5), msg(f.read, {}), msg(f.lines, nil))
local many = {}
for i = 1, 251 do many[i] = 1 end
show(pcall(io.lines, name, table.unpack(many)))
local handle = io.open(name)
show(pcall(handle.lines, handle, table.unpack(many)))
handle:close()
-- Directories and other places.
show(io.open("/", "r"):read(1))
show(os.rename(name, other), os.rename(name, other))
show(io.type(io.open(other)), os.remove(other), os.remove(other), os.remove("/no/such"))
show(os.remove("/proc/version") == nil, os.rename("/no/such", "/no/other"))
-- Temporary files and processes.
local temp = io.tmpfile()
show(io.type(temp), temp:write("abc") == temp, temp:seek("set", 1), temp:read("a"), temp:close())
local pipe = io.popen("echo out; exit 3")
show(pipe:read("a"), pipe:close())
local to = io.popen("cat >/dev/null", "w")
show(io.type(to), to:write("x") == to, to:close())
show(io.popen("kill -9 $$"):close())
show(msg(io.popen, "true", "rw"), msg(io.popen))
show(io.popen("true"):seek())
show(os.execute(), os.execute("exit 4"), os.execute("true"), os.execute("kill -15 $$"))
do
  local closed <close> = io.popen("true")
end
-- Collected files are closed.
for i = 1, 3 do io.open("/dev/null") end
collectgarbage()
local gc = getmetatable(io.stdout).__gc
show(msg(gc, 5), msg(gc), gc(f), msg(getmetatable(io.stdout).__close, 5), msg(getmetatable(io.stdout).__tostring, 5))
show(getmetatable(io.stdout).__name, io.stdout.nothing, pcall(function() io.stdout.x = 1 end))
show(io.stderr:write(""), io.stdout:seek("cur") ~= 0)
