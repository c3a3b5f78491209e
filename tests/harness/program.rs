//! Random programs, the same for the same seed: they end, print much, and print nothing that differs from run to run.

use std::fmt::Write;

/// A generator of numbers (xorshift64*): small, and the same everywhere.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// A generator.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.draw() >> 33).unwrap_or(0) % n
    }

    /// One of some texts.
    pub fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

/// What every program begins with: `show` prints values without addresses, `try` goes on after errors, `object` has all handlers.
const PRELUDE: &str = r#"
local function show(...)
  local out = table.pack(...)
  for i = 1, out.n do
    local v = out[i]
    if type(v) == "string" then out[i] = string.format("%q", v)
    elseif type(v) == "table" or type(v) == "function" or type(v) == "thread" then out[i] = type(v)
    else out[i] = tostring(v) end
  end
  print(table.concat(out, " "))
end
local function try(f, ...) show(pcall(f, ...)) end
local meta = {}
local function object(n) return setmetatable({ n = n }, meta) end
local function number(v) return type(v) == "table" and v.n or v end
for _, event in ipairs { "add", "sub", "mul", "div", "mod", "idiv", "band", "bor", "shl", "concat" } do
  meta["__" .. event] = function(a, b) return event .. "(" .. tostring(number(a)) .. "," .. tostring(number(b)) .. ")" end
end
meta.__unm = function(a) return object(-a.n) end
meta.__len = function(a) return a.n end
meta.__eq = function(a, b) return a.n == b.n end
meta.__lt = function(a, b) return number(a) < number(b) end
meta.__le = function(a, b) return number(a) <= number(b) end
meta.__index = function(a, k) return type(k) == "string" and k .. "!" or k end
meta.__call = function(self, ...) return self.n, ... end
meta.__close = function(self, e) print("close", self.n, e ~= nil) end
meta.__tostring = function(self) return "object " .. tostring(self.n) end
"#;

const LITERALS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "255",
    "256",
    "0.5",
    "1.5",
    "-2.25",
    "1e15",
    "1e100",
    "2^53",
    "0x7fffffffffffffff",
    "math.mininteger",
    "math.maxinteger",
    "1/0",
    "-1/0",
    "0/0",
    "-0.0",
    "0.1",
    "1e-5",
    "123456789012",
    "\"\"",
    "\"a\"",
    "\"abc\"",
    "\"10\"",
    "\"0x10\"",
    "\"1e1\"",
    "\" 5 \"",
    "\"x y\"",
    "\"\\0z\"",
    "true",
    "false",
    "nil",
    "{}",
    "{1, 2, 3}",
    "{x = 1}",
    "object(3)",
    "object(4.5)",
];
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "10",
    "63",
    "64",
    "255",
    "0x7fffffffffffffff",
    "math.mininteger",
    "math.maxinteger",
    "4.0",
    "1 << 62",
    "\"12\"",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "0.5",
    "1.5",
    "-2.25",
    "1e15",
    "1e100",
    "2^53",
    "math.maxinteger",
    "1/0",
    "-0.0",
    "0.1",
    "1e-5",
    "123456789012",
    "\"10\"",
    "\"0x10\"",
    "\" 5 \"",
    "object(3)",
    "object(4.5)",
    "math.pi",
];
const STRINGS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"abc\"",
    "\"10\"",
    "\"x y\"",
    "\"\\0z\"",
    "\"aabbcab\"",
    "\"Hello World\"",
    "\"k=v, w=1\"",
    "\"\\u{e9}t\\u{e9}\"",
    "12",
];
const TABLES: &[&str] =
    &["{1, 2, 3}", "{x = 1, k = 2}", "{\"a\", \"b\"}", "{{1}, {2}}", "object(5)", "{10, nil, 30}"];
/// Operators, and the operands that they mostly get.
const BINARY: &[(&str, &[&str])] = &[
    ("+", NUMBERS),
    ("-", NUMBERS),
    ("*", NUMBERS),
    ("/", NUMBERS),
    ("//", NUMBERS),
    ("%", NUMBERS),
    ("^", NUMBERS),
    ("&", INTEGERS),
    ("|", INTEGERS),
    ("~", INTEGERS),
    ("<<", INTEGERS),
    (">>", INTEGERS),
    ("..", STRINGS),
    ("==", LITERALS),
    ("~=", LITERALS),
    ("<", NUMBERS),
    ("<=", NUMBERS),
    (">", NUMBERS),
    (">=", STRINGS),
    ("<", STRINGS),
    ("and", LITERALS),
    ("or", LITERALS),
];
const UNARY: &[&str] = &["- ", "not ", "#", "~"];
const FORMATS: &[&str] = &[
    "%d", "%5d", "%-5d|", "%05d", "%+d", "%x", "%X", "%o", "%s", "%10s", "%-10s|", "%.2s", "%q",
    "%g", "%.3f", "%e", "%a", "%i", "%c", "%u", "%.14g", "%5.1f", "%%%d",
];
const PATTERNS: &[&str] = &[
    "a",
    ".",
    "%a+",
    "%d*",
    "[abc]",
    "[^a]+",
    "(a)(b?)",
    "^a",
    "c$",
    "%w-",
    "()",
    "%s",
    ".-b",
    "(%w)(%w)",
    "b+",
    "%f[%w]%w+",
];
const UNARY_CALLS: &[&str] = &[
    "tostring",
    "tonumber",
    "type",
    "math.floor",
    "math.ceil",
    "math.abs",
    "math.tointeger",
    "math.type",
    "string.len",
    "string.upper",
    "string.reverse",
    "string.byte",
    "#",
    "select('#', ",
    "math.sqrt",
    "rawlen",
    "next",
    "utf8.len",
    "table.concat",
    "table.unpack",
    "math.max",
    "ipairs",
    "getmetatable",
];

/// Calls of the library: `N` is a number, `I` an integer, `S` a string, `T` a table, `P` a pattern.
const TEMPLATES: &[&str] = &[
    "string.byte(S, I, I)",
    "string.find(S, P, I)",
    "string.find(S, S, I, true)",
    "string.match(S, P, I)",
    "string.gsub(S, P, S, I)",
    "string.gsub(S, P, function(...) return select(1, ...) end)",
    "(S):gsub(P, T)",
    "(function() local t = {} for a, b in string.gmatch(S, P) do t[#t + 1] = a t[#t + 1] = b end return table.concat(t, '|') end)()",
    "string.pack('<i4', I)",
    "string.pack('>I2', I)",
    "string.pack('z', S)",
    "string.pack('s1', S)",
    "string.pack('<d', N)",
    "string.pack('<f', N)",
    "string.unpack('<i2', S)",
    "string.unpack('z', S)",
    "string.unpack('<I3', S, I)",
    "string.unpack('s1', S)",
    "string.packsize('i4i8')",
    "utf8.char(I, 233)",
    "utf8.codepoint(S, I)",
    "utf8.offset(S, I)",
    "utf8.len(S, I, I)",
    "utf8.len(S)",
    "tonumber(S, 16)",
    "tonumber(S)",
    "tonumber(I, 10)",
    "table.concat(T, S)",
    "table.concat(T, S, I, I)",
    "table.unpack(T, 1, 3)",
    "table.unpack(T, I, 2)",
    "table.pack(table.unpack(T)).n",
    "table.concat(table.move({1, 2, 3, 4}, 1, 3, 2), ',')",
    "table.concat(table.move(T, 1, 2, 2, {9}), ',')",
    "table.remove(T, I)",
    "table.insert(T, I, N)",
    "select(I, N, S, T)",
    "select('#', nil, N)",
    "math.ult(I, I)",
    "math.tointeger(N)",
    "math.floor(N)",
    "math.max(N, N, N)",
    "math.min(N, I)",
    "math.fmod(N, N)",
    "math.log(N, I)",
    "rawequal(T, T)",
    "rawget(T, I)",
    "rawset(T, I, N).n",
    "next({}, nil)",
    "rawlen(T)",
    "load('return ' .. S)",
    "load('return ...')(N)",
    "pcall(error, T)",
    "pcall(error, S, I)",
    "select(2, pcall(string.rep))",
    "select(2, pcall(function() return N < S end))",
    "select(2, pcall(function() return T .. N end))",
    "coroutine.wrap(function(a) local b = coroutine.yield(a) return b end)(N)",
    "coroutine.close(coroutine.create(print))",
    "coroutine.isyieldable()",
    "select('#', coroutine.running())",
    "string.format('%s %d', S, I)",
    "string.format('%q', S)",
    "string.format('%5.2s|', S)",
    "string.format('%g %g', N, N)",
    "string.format('%x', I)",
    "string.format('%q', N)",
    "tostring(N)",
    "#S",
    "#T",
    "T == T",
    "S < S",
    "N // N",
    "I % I",
    "I >> I",
    "I << I",
    "-N",
    "~I",
    "N == I",
    "(T)[I]",
    "(S):upper():lower()",
    "(S):rep(3, S)",
    "(S):reverse()",
    "string.char(I, 65)",
    "assert(N, S)",
    "assert(nil, S)",
    "getmetatable(S).__name",
    "type(N)",
    "xpcall(error, function(e) return e end, S)",
    "setmetatable({}, {__index = T}).k",
    "#setmetatable({}, {__len = function() return N end})",
    "setmetatable({}, {__call = function(self, a) return a end})(N)",
    "tostring(setmetatable({}, {__tostring = function() return S end}))",
    "setmetatable({}, {__eq = function() return true end}) == setmetatable({}, {})",
    "(function(...) local a, b = ... return b, a, select('#', ...) end)(N, S)",
];

/// A program being written.
struct Writer {
    random: Random,
    text: String,
    indent: usize,
    locals: Vec<String>,
    names: usize,
}

/// The program of a seed.
#[must_use]
pub fn program(seed: u64) -> String {
    let mut writer = Writer {
        random: Random::new(seed),
        text: PRELUDE.to_owned(),
        indent: 0,
        locals: Vec::new(),
        names: 0,
    };
    let parts = 4 + writer.random.below(8);
    for _ in 0..parts {
        writer.line("try(function(...)");
        let outer = writer.locals.len();
        writer.indent += 1;
        let statements = 2 + writer.random.below(5);
        for _ in 0..statements {
            writer.statement(3);
        }
        let result = writer.list(2);
        writer.line(&format!("return {result}"));
        writer.indent -= 1;
        writer.locals.truncate(outer);
        let arguments = writer.list(0).replace("...", "nil");
        writer.line(&format!("end, {arguments})"));
    }
    writer.text
}

impl Writer {
    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn fresh(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    fn local(&mut self) -> Option<String> {
        let n = self.locals.len();
        (n > 0).then(|| self.locals[self.random.below(n)].clone())
    }

    /// One to three expressions.
    fn list(&mut self, depth: usize) -> String {
        let n = 1 + self.random.below(3);
        (0..n).map(|_| self.expression(depth)).collect::<Vec<_>>().join(", ")
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.local() {
                Some(local) if self.random.below(2) == 0 => local,
                _ => self.random.pick(LITERALS).to_owned(),
            };
        }
        match self.random.below(14) {
            0..=4 => {
                let (operator, operands) = BINARY[self.random.below(BINARY.len())];
                let (a, b) = (self.operand(depth - 1, operands), self.operand(depth - 1, operands));
                format!("({a} {operator} {b})")
            }
            5 => {
                let a = self.operand(depth - 1, NUMBERS);
                format!("({}{a})", self.random.pick(UNARY))
            }
            6 => self.call(depth),
            7 => {
                let (a, b) = (self.expression(depth - 1), self.expression(depth - 1));
                format!("{{{a}, {b}, k = {}}}", self.expression(0))
            }
            8 => {
                let (t, k) = (self.operand(depth - 1, TABLES), self.expression(0));
                if self.random.below(2) == 0 { format!("({t})[{k}]") } else { format!("({t}).k") }
            }
            9 => {
                let body = self.expression(depth - 1);
                let arguments = self.list(0);
                format!("(function(a, ...) return {body}, a, ... end)({arguments})")
            }
            10 => "...".to_owned(),
            11 if self.random.below(4) == 0 => {
                let a = self.expression(depth - 1);
                format!("({a})({})", self.expression(0))
            }
            _ => self.expression(0),
        }
    }

    /// An expression that is mostly one of these literals, or an operation on them.
    fn operand(&mut self, depth: usize, literals: &[&str]) -> String {
        if self.random.below(8) == 0 {
            return self.expression(depth);
        }
        if depth > 0 && self.random.below(3) == 0 {
            let fitting: Vec<&str> = BINARY
                .iter()
                .filter(|(operator, operands)| {
                    std::ptr::eq(*operands, literals) && !operator.contains(['<', '>', '='])
                })
                .map(|(operator, _)| *operator)
                .collect();
            if !fitting.is_empty() {
                let operator = self.random.pick(&fitting);
                let (a, b) = (self.operand(depth - 1, literals), self.operand(depth - 1, literals));
                return format!("({a} {operator} {b})");
            }
        }
        self.random.pick(literals).to_owned()
    }

    /// A call of the library.
    fn call(&mut self, depth: usize) -> String {
        let literals = [STRINGS, STRINGS, NUMBERS][self.random.below(3)];
        let a = self.operand(depth - 1, literals);
        match self.random.below(16) {
            8..=13 => self.template(),
            0 => format!("string.format(\"{}\", {a})", self.random.pick(FORMATS)),
            1 => format!("string.find({a}, \"{}\")", self.random.pick(PATTERNS)),
            2 => format!(
                "string.gsub({a}, \"{}\", {})",
                self.random.pick(PATTERNS),
                self.random.pick(&["\"<%0>\"", "\"%1\"", "{a = 1}", "string.upper"])
            ),
            3 => format!(
                "string.sub({a}, {}, {})",
                self.operand(0, INTEGERS),
                self.operand(0, INTEGERS)
            ),
            4 => format!(
                "string.rep({a}, {}, {})",
                self.random.below(4),
                self.random.pick(&["\"\"", "\",\"", "1"])
            ),
            5 => format!(
                "select({}, {a}, {})",
                self.random.pick(&["1", "2", "-1", "3"]),
                self.expression(0)
            ),
            6 => format!("math.fmod({a}, {})", self.operand(0, NUMBERS)),
            _ => {
                let function = self.random.pick(UNARY_CALLS);
                match function {
                    "#" => format!("#({a})"),
                    _ if function.ends_with(' ') => format!("{function}{a})"),
                    _ => format!("{function}({a})"),
                }
            }
        }
    }

    /// A call from a list: `N` is a number, `I` an integer, `S` a string, `T` a table, `P` a pattern.
    fn template(&mut self) -> String {
        let template = self.random.pick(TEMPLATES);
        let mut text = String::new();
        for c in template.chars() {
            match c {
                'N' => text += &self.operand(1, NUMBERS),
                'I' => text += &self.operand(0, INTEGERS),
                'S' => text += &self.operand(0, STRINGS),
                'T' => text += &self.operand(0, TABLES),
                'P' => write!(text, "\"{}\"", self.random.pick(PATTERNS)).expect("a string grows"),
                c => text.push(c),
            }
        }
        text
    }

    fn block(&mut self, depth: usize) {
        let outer = self.locals.len();
        self.indent += 1;
        let n = 1 + self.random.below(3);
        for _ in 0..n {
            self.statement(depth);
        }
        self.indent -= 1;
        self.locals.truncate(outer);
    }

    fn statement(&mut self, depth: usize) {
        let kind = self.random.below(if depth == 0 { 5 } else { 15 });
        match kind {
            0 | 1 => {
                let (name, value) = (self.fresh(), self.expression(2));
                self.line(&format!("local {name} = {value}"));
                self.locals.push(name);
            }
            2 => {
                let values = self.list(2);
                self.line(&format!("try(function(...) return {values} end, ...)"));
            }
            3 => {
                if let Some(name) = self.local() {
                    let value = self.expression(2);
                    self.line(&format!("{name} = {value}"));
                }
            }
            4 => {
                if let Some(name) = self.local() {
                    let (key, value) = (self.expression(0), self.expression(1));
                    self.line(&format!(
                        "if type({name}) == \"table\" then {name}[{key}] = {value} end"
                    ));
                }
            }
            5 | 6 => self.branch(depth),
            7 | 8 => self.numeric_loop(depth),
            9 => self.closures(depth),
            10 => self.coroutine(depth),
            11 => self.protected(depth),
            12 => self.closing(depth),
            13 => self.sorting(),
            _ => self.repetition(depth),
        }
    }

    fn branch(&mut self, depth: usize) {
        let condition = self.expression(2);
        self.line(&format!("if {condition} then"));
        self.block(depth - 1);
        if self.random.below(2) == 0 {
            self.line("else");
            self.block(depth - 1);
        }
        self.line("end");
    }

    fn numeric_loop(&mut self, depth: usize) {
        let name = self.fresh();
        let bounds = self.random.pick(&[
            "1, 3",
            "3, 1, -1",
            "1, 2, 0.5",
            "math.maxinteger - 1, math.maxinteger",
            "1.0, 3",
            "1, 0",
            "5, 1, -2",
            "0.1, 0.35, 0.1",
        ]);
        self.line(&format!("for {name} = {bounds} do"));
        // The loop's own variable is constant in some dialects.
        let copy = self.fresh();
        self.line(&format!("  local {copy} = {name}"));
        self.line(&format!("  show({copy})"));
        self.locals.push(copy);
        self.block(depth - 1);
        if self.random.below(3) == 0 {
            self.line(&format!("  if {name} == 2 then break end"));
        }
        self.locals.pop();
        self.line("end");
    }

    fn repetition(&mut self, depth: usize) {
        let name = self.fresh();
        self.line(&format!("local {name} = 0"));
        self.line("repeat");
        self.block(depth - 1);
        self.line(&format!("  {name} = {name} + 1"));
        self.line(&format!("  if {name} == 2 then goto next{name} end"));
        self.line(&format!("  show({name})"));
        self.line(&format!("  ::next{name}::"));
        self.line(&format!("until {name} >= 3"));
    }

    fn closures(&mut self, depth: usize) {
        let (name, value) = (self.fresh(), self.expression(1));
        self.line(&format!("local function {name}(n, ...)"));
        self.line(&format!(
            "  if type(n) ~= \"number\" or not (n > 0 and n < 4) then return {value}, ... end"
        ));
        self.block(depth - 1);
        let tail = self.random.pick(&[
            "return NAME(n - 1, n, ...)",
            "return (NAME(n - 1, ...))",
            "local r = NAME(n - 1) return n, r",
        ]);
        self.line(&format!("  {}", tail.replace("NAME", &name)));
        self.line("end");
        self.line(&format!("show({name}(2))"));
        self.locals.push(name);
    }

    fn coroutine(&mut self, depth: usize) {
        let (name, first) = (self.fresh(), self.list(1));
        self.line(&format!("local {name} = coroutine.create(function(...)"));
        self.line(&format!("  show(\"got\", coroutine.yield({first}))"));
        self.block(depth - 1);
        let last = self.list(1);
        self.line(&format!("  return {last}"));
        self.line("end)");
        let sent = self.list(1);
        self.line(&format!("for _ = 1, 3 do show(coroutine.resume({name}, {sent})) show(coroutine.status({name})) end"));
    }

    fn protected(&mut self, depth: usize) {
        let call = self.random.pick(&["try(function(...)", "show(xpcall(function(...)"]);
        self.line(call);
        self.block(depth - 1);
        let error = self.expression(1);
        let level = self.random.pick(&["", ", 0", ", 1", ", 2"]);
        self.line(&format!("  error({error}{level})"));
        self.line(if call.starts_with("try") {
            "end)"
        } else {
            "end, function(e) return type(e), e end))"
        });
    }

    fn closing(&mut self, depth: usize) {
        let name = self.fresh();
        let value = self.random.pick(&["object(1)", "nil", "object(2)", "false", "5"]);
        self.line("do");
        self.line(&format!("  local {name} <close> = {value}"));
        self.block(depth - 1);
        self.line("end");
    }

    fn sorting(&mut self) {
        let name = self.fresh();
        let mut items = String::new();
        for i in 0..3 + self.random.below(5) {
            let separator = if i > 0 { ", " } else { "" };
            let item = self.random.pick(&["3", "1", "2.5", "7", "-1", "0", "10", "4"]);
            write!(items, "{separator}{item}").expect("a string grows");
        }
        self.line(&format!("local {name} = {{{items}}}"));
        let order = self.random.pick(&["", ", function(a, b) return a > b end"]);
        self.line(&format!("table.sort({name}{order}) show(table.concat({name}, \" \"), #{name}, table.unpack({name}, 2, 4))"));
        self.line(&format!("show(table.remove({name}), table.remove({name}, 1), table.insert({name}, 2, \"in\"), {name}[2])"));
        self.locals.push(name);
    }
}
