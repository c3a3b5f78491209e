//! What attributes of methods do.

use luna::{FromLua, Lua, LuaUserdata, lua_methods};

use crate::check;

#[derive(Default, LuaUserdata)]
struct Squad {
    log: Vec<String>,
}

#[derive(Clone, Copy, FromLua)]
#[lua(rename_all = "lowercase")]
enum Side {
    Left,
    Right,
}

#[lua_methods]
impl Squad {
    fn new() -> Self {
        Squad { log: Vec::new() }
    }

    #[lua(defaults(count = 2, name = "orc", side = Side::Left, tag = "t"))]
    fn spawn(&mut self, count: u8, name: String, side: Side, tag: &str) -> String {
        let side = match side {
            Side::Left => 'l',
            Side::Right => 'r',
        };
        format!("{count}{name}{side}{tag}")
    }

    #[lua(variadic)]
    fn sum(&self, first: i64, rest: Vec<i64>) -> i64 {
        first + rest.iter().sum::<i64>()
    }

    #[lua(variadic, defaults(separator = ","))]
    fn join(separator: &str, parts: &[String]) -> String {
        parts.join(separator)
    }

    #[lua(nil_err)]
    fn parse(text: &str) -> Result<i64, std::num::ParseIntError> {
        text.parse()
    }

    fn named(name: &str) -> Result<Self, String> {
        if name.is_empty() { Err("a squad has a name".to_owned()) } else { Ok(Squad::new()) }
    }

    fn order(self, what: &str) -> Result<usize, &'static str> {
        if what.is_empty() { Err("no order") } else { Ok(what.len()) }
    }

    #[lua(nil_err)]
    fn load(path: &str) -> Result<Self, String> {
        if path.is_empty() {
            Err("no path".to_owned())
        } else {
            Ok(Squad { log: vec![path.to_owned()] })
        }
    }

    #[lua(named, defaults(name = "elf", hp = 3.5))]
    fn place(&mut self, x: i64, y: i64, name: &str, hp: f64, near: Option<&Squad>) -> String {
        let near = near.map_or(0, |squad| squad.log.len());
        format!("{x},{y} {name} {hp} {near}")
    }

    #[lua(named)]
    fn merge(other: &mut Squad, note: String, lua: &Lua) -> luna::Result<usize> {
        other.log.push(note);
        lua.load("1").eval::<usize>().map(|one| one + other.log.len())
    }

    #[lua(deprecated = "call 'spawn'")]
    fn add(&mut self) -> usize {
        self.log.push(String::new());
        self.log.len()
    }

    #[lua(deprecated, getter)]
    fn size(&self) -> usize {
        self.log.len()
    }

    #[lua(named)]
    fn disband(self, last: String) -> String {
        self.log.concat() + &last
    }
}

#[test]
fn parameters_have_defaults_and_take_the_rest() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Squad>("Squad")?;
    check(
        &lua,
        &[
            ("Squad.new():spawn()", "2orclt"),
            ("Squad.new():spawn(3, nil, 'right', 'x')", "3orcrx"),
            (
                "Squad.new():spawn('a')",
                "t:1: bad argument #1 to 'spawn' (count: number expected, got string)",
            ),
            ("Squad.new():sum(1)", "1"),
            ("Squad.new():sum(1, 2, 3)", "6"),
            (
                "Squad.new():sum(1, 2, 'x')",
                "t:1: bad argument #3 to 'sum' (rest: number expected, got string)",
            ),
            ("Squad.join(nil, 'a', 'b')", "a,b"),
            ("Squad.join('-', 'a', 'b')", "a-b"),
        ],
    )
}

#[derive(LuaUserdata)]
#[lua(new, extends = Squad)]
struct Guild {
    #[lua(base)]
    squad: Squad,
    pub fame: f64,
}

#[lua_methods]
impl Guild {
    fn greet(&self, text: &str, _: i64, raw: &[u8], who: &Squad) -> i64 {
        self.squad.log.len() as i64 + (text.len() + raw.len() + who.log.len()) as i64
    }

    #[lua(setter)]
    fn set_rank(&mut self, level: u8) {
        self.fame = level.into();
    }

    #[lua(meta = Call)]
    fn call(&self, order: &str) -> usize {
        order.len()
    }

    #[lua(meta = Concat)]
    fn concat(left: &Guild, right: &Guild) -> f64 {
        left.fame + right.fame
    }
}

#[test]
fn errors_name_the_argument() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Squad>("Squad")?;
    lua.set_class::<Guild>("Guild")?;
    lua.load("g = Guild.new(1)").exec()?;
    check(
        &lua,
        &[
            ("Guild.new({})", "t:1: bad argument #1 to 'new' (fame: number expected, got table)"),
            ("g:greet('\\xff')", "t:1: bad argument #1 to 'greet' (text: invalid UTF-8)"),
            (
                "g.greet(g, '', 1, '')",
                "t:1: bad argument #5 to 'greet' (who: Squad expected, got no value)",
            ),
            ("g:greet('', {})", "t:1: bad argument #2 to 'greet' (number expected, got table)"),
            (
                "g:greet('', 1, 2)",
                "t:1: bad argument #3 to 'greet' (raw: string expected, got number)",
            ),
            ("g:greet('', 1, '', g)", "0"),
            ("g.greet(1)", "t:1: bad argument #1 to 'greet' (Guild expected, got number)"),
            ("g.greet()", "t:1: bad argument #1 to 'greet' (Guild expected, got no value)"),
            ("g.rank = 300", "t:1: field 'rank' of Guild: number out of range for u8"),
            ("g.rank = {}", "t:1: field 'rank' of Guild: number expected, got table"),
            ("g(1)", "t:1: bad argument #2 to 'g' (order: string expected, got number)"),
            ("g .. 1", "t:1: bad argument #2 to '__concat' (right: Guild expected, got number)"),
            ("1 .. g", "t:1: bad argument #1 to '__concat' (left: Guild expected, got number)"),
            ("g:sum({})", "t:1: bad argument #1 to 'sum' (first: number expected, got table)"),
            ("g:sum(1, 2, {})", "t:1: bad argument #3 to 'sum' (rest: number expected, got table)"),
            ("pcall(g.sum, g)", "false"),
            (
                "select(2, pcall(g.sum, g))",
                "bad argument #2 to 'sum' (first: number expected, got no value)",
            ),
        ],
    )
}

#[test]
fn failures_give_nil_and_a_message() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Squad>("Squad")?;
    check(
        &lua,
        &[
            ("Squad.named('')", "t:1: a squad has a name"),
            ("Squad.named('n'):order('go')", "2"),
            ("Squad.named('n'):order('')", "t:1: no order"),
            ("Squad.parse('7')", "7"),
            (
                "local n, e = Squad.parse('x') return tostring(n) .. ' ' .. e",
                "nil invalid digit found in string",
            ),
            ("Squad.load('p'):sum(4)", "4"),
            ("select(2, Squad.load(''))", "no path"),
            (
                "Squad.parse()",
                "t:1: bad argument #1 to 'parse' (text: string expected, got no value)",
            ),
        ],
    )
}

#[test]
fn a_table_names_the_arguments() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Squad>("Squad")?;
    check(
        &lua,
        &[
            ("Squad.new():place{ x = 1, y = 2 }", "1,2 elf 3.5 0"),
            (
                "Squad.new():place{ x = 1, y = 2, name = 'n', hp = 1, near = Squad.load('p') }",
                "1,2 n 1 1",
            ),
            (
                "Squad.new():place{ x = 1 }",
                "t:1: bad argument 'y' to 'place' (number expected, got nil)",
            ),
            (
                "Squad.new():place{ x = 1, yy = 2 }",
                "t:1: no argument 'yy' of 'place' (did you mean 'y'?)",
            ),
            (
                "Squad.new():place(1)",
                "t:1: bad argument #1 to 'place' (table expected, got number)",
            ),
            ("Squad.new():place()", "t:1: bad argument 'x' to 'place' (number expected, got nil)"),
            ("local s = Squad.new() return Squad.merge{ other = s, note = 'n' }", "2"),
            ("Squad.load('p'):disband{ last = 'q' }", "pq"),
            (
                "Squad.load('p'):disband{}",
                "t:1: bad argument 'last' to 'disband' (string expected, got nil)",
            ),
        ],
    )
}

#[test]
fn deprecated_functions_warn_once() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Squad>("Squad")?;
    lua.load(
        "local s = Squad.new() warn('@on') s:add() s:add() assert(s.size == 2 and s.size == 2)",
    )
    .exec()?;
    let log = lua.with_vm(|vm| vm.warn_log_take())?;
    let log: Vec<_> = log.iter().map(|line| String::from_utf8_lossy(line)).collect();
    assert_eq!(
        log,
        ["'add' of Squad is deprecated: call 'spawn'", "'size' of Squad is deprecated"]
    );
    Ok(())
}

#[derive(Clone, LuaUserdata)]
#[lua(new)]
struct Chain {
    pub steps: i64,
}

#[lua_methods]
impl Chain {
    fn step(&mut self, by: i64) -> &mut Self {
        self.steps += by;
        self
    }

    fn look(&self) -> &Self {
        self
    }

    fn try_step(&mut self, by: i64) -> Result<&mut Self, String> {
        if by < 0 { Err("no way back".to_owned()) } else { Ok(self.step(by)) }
    }
}

#[test]
fn methods_that_give_self_give_the_object() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Chain>("Chain")?;
    check(
        &lua,
        &[
            ("local c = Chain.new(1) c:step(2):step(3):look():step(4) return c.steps", "10"),
            ("local c = Chain.new(1) return c:step(1) == c and c:look() == c", "true"),
            ("local c = Chain.new(1) return c:try_step(2):try_step(3) == c and c.steps", "6"),
            ("local c = Chain.new(1) c:try_step(2):try_step(-1)", "t:1: no way back"),
        ],
    )
}
