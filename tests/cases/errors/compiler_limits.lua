-- dialects: 5.4 5.5
-- What a chunk may have at most, and where it is said that there is too much.

local function list(n, piece, separator)
  local t = {}
  for i = 1, n do t[i] = (piece:gsub("%%", tostring(i))) end
  return table.concat(t, separator or ", ")
end

local function locals(first, last)
  local t = {}
  for i = first, last do t[#t + 1] = "a" .. i end
  return "local " .. table.concat(t, ", ") .. "\n"
end


local chunks = {
  -- registers
  "f(" .. list(260, "%") .. ")",
  "f(" .. list(254, "%") .. "\n)",
  "f(" .. list(253, "%") .. ")",
  "f(" .. list(255, "x%") .. ")\ny = 1",
  "f(" .. list(255, "'a%'") .. ")",
  "f(" .. list(255, "%\n") .. ")",
  "local t = {" .. list(300, "%") .. "}",
  "x = " .. list(260, "%", " .. ") .. "\n y = 1",
  "x = " .. list(150, "(a", " + ") .. list(150, ")", ""),
  "x = a" .. list(260, "x%", " ^ "),
  "x = " .. list(180, "{x", ", ") .. list(180, "}", ""),
  "return " .. list(256, "x"),
  "return " .. list(255, "x"),
  "return " .. list(254, "x"),
  "return " .. list(254, "x") .. ", f()\n",
  "return " .. list(253, "x") .. ", f()\n",
  "return " .. list(253, "x") .. ", ...\n;",
  list(260, "a.b%") .. " = 1",
  list(190, "a.b%") .. " = 1",
  list(250, "a") .. " = " .. list(250, "1"),
  list(100, "a") .. " = " .. list(300, "1") .. "\n",
  locals(1, 199) .. "for i = 1, 2 do end",
  locals(1, 199) .. "for i, j in f() do end",
  locals(1, 196) .. "for i, j in f(" .. list(80, "x") .. ")\n do end",
  locals(1, 200) .. "f(" .. list(60, "x") .. ")",
  locals(1, 200) .. "for i = 1, 2\n do end",
  locals(1, 200) .. "x = {" .. list(60, "f(x)") .. "}",
  locals(1, 200) .. "x = {" .. list(60, "y = f(x)") .. "}",
  locals(1, 200) .. "x = f" .. list(20, "{g", "(1, 2, 3, 4, 5,") .. list(20, ")}", ""),
  locals(1, 200) .. "x = " .. list(60, "x .. y", " .. "),
  locals(1, 200) .. "x = a[" .. list(60, "x", " .. ") .. "\n] y = 3",
  locals(1, 200) .. "x = (" .. list(60, "x", " .. ") .. "\n) y = 3",
  locals(1, 200) .. "x:y(" .. list(60, "x", " .. ") .. "\n) y = 3",
  locals(1, 200) .. "local function f() end",
  locals(1, 199) .. "local function f(x) end y = 3",
  locals(1, 200) .. "function f(" .. list(201, "b%") .. ") end",
  "function f(" .. list(200, "b%") .. ") end",
  "function f(" .. list(200, "b%") .. ", ...) end",
  "function f.a:b(" .. list(200, "b%") .. ")\n end",
  -- variables
  locals(1, 201),
  locals(1, 200) .. "local x",
  locals(1, 200) .. "local x\n = 1",
  locals(1, 200) .. "local x <const> = 1",
  locals(1, 200) .. "do local x end",
  "function f()\n\n" .. locals(1, 201) .. "end",
  "do " .. locals(1, 100) .. "end " .. locals(101, 201) .. " x = 1",
  -- captured variables
  locals(1, 150) .. "function f() " .. locals(151, 280) .. "function g()\n return " .. list(280, "a%", " + ") .. "\n end end",
  locals(1, 150) .. "function f() " .. locals(151, 280) .. "function g()\n return " .. list(280, "a%") .. "\n end end",
  locals(1, 150) .. "function f() " .. locals(151, 280) .. "function g()\n return function()\n\n return " .. list(280, "a%\n", " + ") .. "\n end end end",
  locals(1, 150) .. "function f() " .. locals(151, 280) .. "function g()\n " .. list(280, "a%()", "\n") .. "\n end end",
  locals(1, 150) .. "function f() " .. locals(151, 280) .. "function g()\n " .. list(280, "a% = x", "\n") .. "\n end end",
  -- nesting
  list(210, "do", " ") .. list(210, "end", " "),
  "x = " .. list(210, "(", "") .. "1" .. list(210, ")", ""),
  "x = " .. list(210, "-", " ") .. "1",
  "x = " .. list(210, "not", " ") .. " 1",
  "x = " .. list(210, "{", "") .. list(210, "}", ""),
  "x = " .. list(210, "function() return", " ") .. list(210, "end", " "),
  "x = " .. list(210, "a%", " .. "),
  "x = " .. list(210, "2", " ^ "),
  list(210, "a%") .. " = 1",
  list(210, "if x then", " ") .. list(210, "end", " "),
  list(210, "while x do", " ") .. list(210, "end", " "),
  list(210, "repeat", " ") .. list(210, "until x", " "),
  list(210, "::a%::", " "),
  "x = a" .. list(210, "[b", "") .. list(210, "]", ""),
  "f" .. list(210, "(f", "") .. list(210, ")", ""),
  -- labels
  list(40000, "goto l%", " "),
  list(33000, "::l%:: x = 1", " "),
  -- long jumps
  "while x do " .. list(10, "a = 1", " ") .. " end x = }",
}

for i, chunk in ipairs(chunks) do
  local f, message = load(chunk, "=x")
  print(i, message and message:match("[^\n]*"))
end
