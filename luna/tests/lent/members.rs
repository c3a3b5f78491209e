//! What the attributes do for types with a lifetime.

use std::fmt;

use luna::{ClassInfo, FunctionKind, Lent, Lua, LuaUserdata, lua_methods};

use crate::message;

#[expect(clippy::ptr_arg, reason = "a check gets the field as it is")]
fn short(text: &String) -> Result<(), String> {
    if text.len() < 5 { Ok(()) } else { Err("too long".to_owned()) }
}

/// Notes that borrow
/// their texts.
#[derive(PartialEq, LuaUserdata)]
#[lua(name = "Notebook", rename_all = "camelCase", impls(Display, PartialEq), methods(more))]
pub(crate) struct Notes<'a> {
    /// What it is about.
    pub main_title: &'a str,
    #[lua(get)]
    tags: &'a [&'static str],
    #[lua(readonly, name = "owner")]
    pub of: Option<&'a str>,
    #[lua(validate = short)]
    pub label: String,
    #[lua(deprecated = "write 'label'")]
    pub tag: u8,
    #[lua(get, set)]
    hidden: i64,
    #[lua(skip)]
    pub also: &'a str,
    note: Option<luna::Function>,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(
        title: &'a str,
        tags: &'a [&'static str],
        note: Option<luna::Function>,
    ) -> Self {
        Notes {
            main_title: title,
            tags,
            of: None,
            label: String::new(),
            tag: 0,
            hidden: 0,
            also: "",
            note,
        }
    }
}

impl fmt::Display for Notes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.main_title)
    }
}

#[lua_methods(rename_all = "camelCase")]
impl<'a> Notes<'a> {
    /// Writes a line.
    fn note(&self, line: &str) -> luna::Result<()> {
        match &self.note {
            Some(note) => note.call((format!("{} {line}", self.main_title),)),
            None => Ok(()),
        }
    }

    fn title_text(&self) -> &'a str {
        self.main_title
    }

    #[lua(getter)]
    fn size(&self, lua: &Lua) -> luna::Result<i64> {
        lua.load("return 4").eval()
    }

    #[lua(setter)]
    fn set_size(&mut self, size: i64) -> Result<(), String> {
        self.hidden = size;
        if size < 0 { Err("negative".to_owned()) } else { Ok(()) }
    }

    #[lua(meta = Call)]
    fn call(&mut self, by: i64) -> i64 {
        self.hidden += by;
        self.hidden
    }

    #[lua(defaults(count = 2, word = "x"))]
    fn repeated(&self, count: usize, word: &str) -> String {
        word.repeat(count)
    }

    #[lua(variadic)]
    fn total(&mut self, more: &[i64]) -> i64 {
        self.hidden += more.iter().sum::<i64>();
        self.hidden
    }

    #[lua(nil_err)]
    fn parse(&self, text: &str) -> Result<i64, std::num::ParseIntError> {
        text.parse()
    }

    #[lua(named, defaults(by = 3))]
    fn place(&mut self, x: i64, other: Option<&Notes<'_>>, near: &Notes<'_>, by: i64) -> i64 {
        self.hidden = x * by + other.map_or(0, |other| other.hidden) + near.hidden;
        self.hidden
    }

    #[lua(named)]
    fn give(to: &mut Notes<'_>, also: Option<&mut Notes<'_>>) {
        to.hidden += 1;
        if let Some(also) = also {
            also.hidden += 10;
        }
    }

    #[lua(deprecated)]
    fn old(&self) -> bool {
        true
    }

    #[lua(skip)]
    fn kept(self) -> &'a str {
        self.main_title
    }
}

#[lua_methods(more)]
impl Notes<'_> {
    const LIMIT: u8 = 4;

    fn further(&self) -> usize {
        self.tags.len()
    }
}

/// One of several kinds.
#[derive(Debug, LuaUserdata)]
#[lua(impls(Debug))]
enum Kind<'a> {
    None,
    Text(&'a str),
}

#[lua_methods]
impl Kind<'_> {
    #[lua(getter)]
    fn text(&self) -> Option<&str> {
        match self {
            Kind::None => None,
            Kind::Text(text) => Some(text),
        }
    }
}

#[test]
fn fields_and_methods_do_what_is_said_of_them() -> luna::Result<()> {
    let lua = Lua::new();
    let (title, tags) = ("orcs".to_owned(), ["a", "b"]);
    lua.scope(|scope| {
        let mut notes = Notes::new(&title, &tags, None);
        notes.of = Some(&title);
        assert_eq!(Notes::new(&title, &tags, None).kept(), "orcs");
        lua.globals().set("n", scope.create_lent(notes)?)?;
        lua.globals().set("m", scope.create_lent(Notes::new("elves", &tags, None))?)?;
        lua.load(
            "
            assert(n.mainTitle == 'orcs' and #n.tags == 2 and n.tags[2] == 'b')
            assert(n.owner == 'orcs' and m.owner == nil)
            n.label = 'four' assert(n.label == 'four')
            n.hidden = 5 assert(n.hidden == 5)
            assert(n.also == nil and n.note ~= nil and n.kept == nil)
            assert(n:titleText() == 'orcs' and n.size == 4)
            n.size = 6 assert(n.hidden == 6)
            assert(n(1) == 7 and n.hidden == 7)
            assert(n:repeated() == 'xx' and n:repeated(3) == 'xxx' and n:repeated(1, 'ab') == 'ab')
            assert(n:total(1, 2) == 10 and n:total() == 10)
            local none, why = n:parse('x')
            assert(none == nil and why == 'invalid digit found in string' and n:parse('12') == 12)
            m.hidden = 1
            assert(n:place{ x = 2, near = m } == 7)
            assert(n:place{ x = 2, near = m, other = m, by = 1 } == 4)
            n.give{ to = n } assert(n.hidden == 5)
            n.give{ to = n, also = m } assert(n.hidden == 6 and m.hidden == 11)
            assert(n:further() == 2 and n.LIMIT == 4 and n:old())
            assert(tostring(n) == '<orcs>' and n ~= m and n == n)
        ",
        )
        .name("=t")
        .exec()?;
        for (source, expected) in [
            ("n.mainTitle = 'x'", "t:1: field 'mainTitle' of Notebook is read-only"),
            ("n.label = 'longer'", "t:1: field 'label' of Notebook: too long"),
            ("n.size = -1", "t:1: negative"),
            ("n:place{ neer = m }", "t:1: no argument 'neer' of 'place' (did you mean 'near'?)"),
            (
                "n:place{ x = 1, near = 1 }",
                "t:1: bad argument 'near' to 'place' (Notebook expected, got number)",
            ),
        ] {
            assert_eq!(message(lua.load(source).name("=t").exec()), expected, "{source}");
        }
        Ok(())
    })
}

#[test]
fn equality_is_that_of_the_trait() -> luna::Result<()> {
    let lua = Lua::new();
    let tags = ["a"];
    lua.scope(|scope| {
        let (a, b) = (Notes::new("t", &tags, None), Notes::new("t", &tags, None));
        lua.globals().set("a", scope.create_lent(a)?)?;
        lua.globals().set("b", scope.create_lent(b)?)?;
        lua.load("assert(a == b and rawequal(a, a) and a ~= 1) b.hidden = 1 assert(a ~= b)").exec()
    })?;
    let found = message(lua.load("return a == b").name("=t").exec());
    assert_eq!(found, "t:1: Notebook has expired: the scope it was lent to has ended");
    Ok(())
}

/// A count that is changed where it is.
#[derive(LuaUserdata)]
#[lua(impls(PartialEq))]
struct Count<'a>(&'a mut i64);

impl<'b> PartialEq<Count<'b>> for Count<'_> {
    fn eq(&self, other: &Count<'b>) -> bool {
        *self.0 == *other.0
    }
}

#[test]
fn equality_holds_between_lifetimes() -> luna::Result<()> {
    let lua = Lua::new();
    let (mut a, mut b, mut c) = (1, 1, 2);
    lua.scope(|scope| {
        let counts = [&mut a, &mut b, &mut c].map(|count| scope.create_lent(Count(count)));
        let counts = counts.into_iter().collect::<luna::Result<Vec<_>>>()?;
        lua.load("local c = ... assert(c[1] == c[2] and c[1] ~= c[3])").call::<()>(counts)
    })
}

#[test]
fn what_is_deprecated_warns_once() -> luna::Result<()> {
    let lua = Lua::new();
    lua.scope(|scope| {
        lua.globals().set("n", scope.create_lent(Notes::new("t", &[], None))?)?;
        lua.load("warn('@on') n:old() n:old() n.tag = n.tag + 1 assert(n.tag == 1)").exec()
    })?;
    let log = lua.with_vm(|vm| vm.warn_log_take())?;
    let log: Vec<_> = log.iter().map(|line| String::from_utf8_lossy(line)).collect();
    let tag = "'tag' of Notebook is deprecated: write 'label'";
    // Reading and writing are two things.
    assert_eq!(log, ["'old' of Notebook is deprecated", tag, tag]);
    Ok(())
}

#[test]
fn enums_are_lent() -> luna::Result<()> {
    let lua = Lua::new();
    let text = "orc".to_owned();
    lua.scope(|scope| {
        let (none, some) = (scope.create_lent(Kind::None)?, scope.create_lent(Kind::Text(&text))?);
        let source = "
            local none, some = ...
            assert(none.text == nil and some.text == 'orc' and tostring(some) == 'Text(\"orc\")')";
        lua.load(source).call::<()>((none, some))
    })
}

#[test]
fn tools_are_told_of_the_class() {
    let info = ClassInfo::of::<Lent<Notes<'_>>>();
    assert_eq!((info.name, info.docs), ("Notebook", "Notes that borrow\ntheir texts."));
    let title = info.fields[0];
    assert_eq!((title.name, title.docs, title.writable), ("mainTitle", "What it is about.", false));
    let names: Vec<&str> = info.functions.iter().map(|function| function.name).collect();
    let expected = [
        "note",
        "titleText",
        "size",
        "size",
        "Call",
        "repeated",
        "total",
        "parse",
        "place",
        "give",
        "old",
        "further",
    ];
    assert_eq!(names, expected);
    let note = info.functions[0];
    assert_eq!((note.docs, note.kind), ("Writes a line.", FunctionKind::Method));
    assert_eq!(info.constants[0].name, "LIMIT");
}

#[test]
fn stubs_name_the_class() -> luna::Result<()> {
    let text = Lua::new().stubs()?.class::<Lent<Notes<'_>>>().luals();
    for line in [
        "---@class Notebook",
        "---@field mainTitle string What it is about.",
        "---@field tags string[]",
        "---@field owner? string",
        "---@param arguments { x: integer, other?: Notebook, near: Notebook, by?: integer }",
        "function Notebook:titleText() end",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    Ok(())
}
