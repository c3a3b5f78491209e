-- What the command does through Lua itself, with functions that scripts cannot replace.
local loadfile, load, globals, pcall = loadfile, load, _G, pcall
local getmetatable, traceback, tostring = debug.getmetatable, debug.traceback, tostring
local rawget, type, stdin, find = rawget, type, io.stdin, string.find

-- Makes a message of an error, with the stack.
local function handler(e)
  local kind = type(e)
  if kind == "number" then
    e = tostring(e)
  elseif kind ~= "string" then
    local meta = getmetatable(e)
    local to_string = meta and rawget(meta, "__tostring")
    if to_string then
      local text = to_string(e)
      if type(text) == "string" then return text end
    end
    e = "(error object is a " .. kind .. " value)"
  end
  local text = traceback(e, 2)
  return text
end

-- The prompt that scripts may set.
local function prompt(first)
  local value = globals[first and "_PROMPT" or "_PROMPT2"]
  if value == nil then return first and "> " or ">> " end
  return tostring(value)
end

-- Loads a line as an expression.
local function load_expression(line)
  return (load("return " .. line, "=stdin", "t"))
end

-- Loads statements: a function, or a message and whether more lines may help.
local function load_statements(text)
  local f, message = load(text, "=stdin", "t")
  if f then return f end
  return nil, message, find(message, "<eof>", -5, true) ~= nil
end

-- Shows the results of a line; a message if that fails.
local function show(...)
  local ok, message = pcall(globals.print, ...)
  if not ok then return "error calling 'print' (" .. tostring(message) .. ")" end
end

return handler, loadfile, load,
  function() return stdin:read("L") end, prompt, load_expression, load_statements, show
