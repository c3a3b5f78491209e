//! The serde bridge with other crates' values, borrowed targets, and handles as what is serialized.

#![cfg(feature = "serde")]

use std::borrow::Cow;
use std::collections::BTreeMap;

use luna::serde::{Formless, to_source};
use luna::{Lua, Table, Value};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// A Lua function that copies tables, nested ones too.
const COPY: &str = "local function copy(v)
    if type(v) ~= 'table' then return v end
    local t = {}
    for k, x in pairs(v) do t[copy(k)] = copy(x) end
    return t
end
return copy";

fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..6)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn toml_value() -> impl Strategy<Value = toml::Value> {
    use toml::Value;
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(Value::Datetime("1979-05-27T07:32:00-08:00".parse().expect("it is a time"))),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..6)
                .prop_map(|map| Value::Table(map.into_iter().collect())),
        ]
    })
}

/// Nested data without a word of its own about shapes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Tree {
    Leaf,
    Number(i64),
    Text { text: String, bold: Option<bool> },
    Many(Vec<Tree>),
    Named(BTreeMap<String, Tree>),
    Pair(Box<Tree>, Box<Tree>),
    Numbered(BTreeMap<i32, Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Leaf),
        any::<i64>().prop_map(Tree::Number),
        (".*", any::<Option<bool>>()).prop_map(|(text, bold)| Tree::Text { text, bold }),
    ];
    leaf.prop_recursive(6, 80, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Tree::Many),
            prop::collection::btree_map(".*", inner.clone(), 0..5).prop_map(Tree::Named),
            prop::collection::btree_map(-3..8, inner.clone(), 0..5).prop_map(Tree::Numbered),
            (inner.clone(), inner).prop_map(|(a, b)| Tree::Pair(Box::new(a), Box::new(b))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn json_comes_back_equal(value in json()) {
        let lua = Lua::new();
        let there = lua.to_value(&value).expect("all of it fits");
        prop_assert_eq!(&lua.from_value::<serde_json::Value>(there.clone()).expect("it is json"), &value);
        let text = serde_json::to_string(&there).expect("all of it has a form");
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("it is json"), value);
    }

    #[test]
    fn toml_comes_back_equal(value in toml_value()) {
        let lua = Lua::new();
        let there = lua.to_value(&value).expect("all of it fits");
        prop_assert_eq!(lua.from_value::<toml::Value>(there).expect("it is toml"), value);
    }

    #[test]
    fn nested_data_comes_back_equal_every_way(value in tree()) {
        let lua = Lua::new();
        let there = lua.to_value(&value).expect("all of it fits");
        prop_assert_eq!(&lua.from_value::<Tree>(there.clone()).expect("all of it is there"), &value);
        let copy: luna::Function = lua.load(COPY).eval().expect("it is Lua");
        let copied: Value = copy.call(there).expect("it copies");
        prop_assert_eq!(&lua.from_value::<Tree>(copied).expect("all of it is there"), &value);
        let source = to_source(&value).expect("all of it fits");
        let read = lua.load_config_from::<Tree>(source.as_bytes(), "tree.lua");
        prop_assert_eq!(&read.expect("all of it is there"), &value);
    }
}

#[test]
fn times_come_back_equal() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        at: jiff::Timestamp,
        zoned: jiff::Zoned,
        day: jiff::civil::Date,
        time: jiff::civil::DateTime,
        span: jiff::SignedDuration,
    }
    let times = Times {
        at: "2024-06-19T19:22:45.5Z".parse().unwrap(),
        zoned: "2024-07-11T01:14:00-04:00[America/New_York]".parse().unwrap(),
        day: "2024-02-29".parse().unwrap(),
        time: "2024-06-19T15:22:45".parse().unwrap(),
        span: jiff::SignedDuration::from_secs(3_723),
    };
    let lua = Lua::new();
    let there = lua.to_value(&times).unwrap();
    lua.globals().set("times", there.clone()).unwrap();
    let day: String = lua.load("times.day").eval().unwrap();
    assert_eq!(day, "2024-02-29");
    assert_eq!(lua.from_value::<Times>(there).unwrap(), times);
    let source = to_source(&times).unwrap();
    assert_eq!(lua.load_config_from::<Times>(source.as_bytes(), "times.lua").unwrap(), times);
}

#[test]
fn strings_are_borrowed_while_the_value_is_read() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Page<'a> {
        title: &'a str,
        #[serde(borrow)]
        body: Cow<'a, str>,
        words: Vec<&'a str>,
        maybe: Option<&'a str>,
        bytes: &'a [u8],
    }
    let lua = Lua::new();
    let table: Table = lua
        .load(
            "return { title = 'T', body = ('b'):rep(100), words = { 'x', 'y' }, bytes = '\\xff' }",
        )
        .eval()
        .unwrap();
    let seen = lua
        .with_value(&table, |value| {
            let page = Page::deserialize(value)?;
            assert!(matches!(page.body, Cow::Borrowed(_)));
            assert_eq!((page.words.as_slice(), page.bytes), (&["x", "y"][..], &b"\xff"[..]));
            assert!(lua.globals().get::<Value>("x").is_err(), "busy");
            Ok(page.title.to_owned())
        })
        .unwrap();
    assert_eq!(seen, "T");
    let error = lua.with_value(&table, |value| u8::deserialize(value).map(|_| ())).unwrap_err();
    assert_eq!(error.message(), "expected u8, got a table");
}

#[test]
fn handles_serialize_in_a_fixed_order() {
    let lua = Lua::new();
    let json = |source: &str| {
        let value: Value = lua.load(source).eval().unwrap();
        serde_json::to_string(&value).map_err(|e| e.to_string())
    };
    assert_eq!(json("nil").unwrap(), "null");
    assert_eq!(json("{ 1, 2.5, 'x', true }").unwrap(), r#"[1,2.5,"x",true]"#);
    assert_eq!(json("{}").unwrap(), "[]");
    assert_eq!(
        json("{ z = 1, a = { b = {} }, [-1] = 0, [10] = 1, [2] = 2 }").unwrap(),
        r#"{"-1":0,"2":2,"10":1,"a":{"b":[]},"z":1}"#
    );
    assert_eq!(json("{ 1, x = 2 }").unwrap(), r#"{"1":1,"x":2}"#);
    assert_eq!(json("print").unwrap_err(), "a function cannot be serialized");
    assert_eq!(
        json("{ a = { 1, { f = print } } }").unwrap_err(),
        "at a[2].f: a function cannot be serialized"
    );
    assert_eq!(
        json("(function() local t = { x = {} } t.x.y = t return t end)()").unwrap_err(),
        "at x.y: the table contains itself"
    );
    let text = lua.create_string("\u{e9}").unwrap();
    assert_eq!(serde_json::to_string(&text).unwrap(), "\"\u{e9}\"");
}

#[test]
fn what_has_no_form_is_left_out_if_asked_for() {
    let lua = Lua::new();
    let value: Value = lua
        .load("local t = { 1, print, { coroutine.create(print) } } t.own = t t.io = io.stdout return t")
        .eval()
        .unwrap();
    let json = |what| serde_json::to_string(&value.serializable().formless(what)).unwrap();
    assert_eq!(json(Formless::Skip), r#"{"1":1,"3":[]}"#);
    assert_eq!(json(Formless::Null), r#"{"1":1,"2":null,"3":[null],"io":null,"own":null}"#);
    let deep: Table =
        lua.load("local t = {} for i = 1, 500 do t = { t } end return t").eval().unwrap();
    let error = serde_json::to_string(&deep).unwrap_err().to_string();
    assert!(error.ends_with("more than 128 levels of nesting"), "{error}");
    let long: Table = lua.load("return { 1, 2, 3, 4 }").eval().unwrap();
    let error = serde_json::to_string(&long.serializable().max_entries(3)).unwrap_err();
    assert_eq!(error.to_string(), "too many entries");
}

#[test]
fn handles_inside_data_stay_the_objects_they_are() {
    #[derive(Serialize)]
    struct Event {
        name: &'static str,
        target: Table,
        handler: Value,
    }
    let lua = Lua::new();
    let target = lua.create_table().unwrap();
    let handler: Value = lua.load("print").eval().unwrap();
    let event = Event { name: "hit", target: target.clone(), handler: handler.clone() };
    let there = lua.to_value(&event).unwrap();
    let there = there.as_table().unwrap();
    assert_eq!(there.get::<Table>("target").unwrap(), target);
    assert_eq!(there.get::<Value>("handler").unwrap(), handler);
    assert_eq!(there.get::<String>("name").unwrap(), "hit");
    assert_eq!(lua.to_value(&target).unwrap(), Value::Table(target.clone()));

    let other = Lua::new();
    let error = other.to_value(&event).unwrap_err();
    assert_eq!(error.message(), "at handler: a function cannot be serialized");
    target.set("x", 1).unwrap();
    let copy = other.to_value(&target).unwrap();
    assert_eq!(copy.as_table().unwrap().get::<i64>("x").unwrap(), 1);
    assert_eq!(to_source(&target).unwrap(), "return { x = 1 }\n");
    drop(lua);
    let error = serde_json::to_string(&target).unwrap_err().to_string();
    assert_eq!(error, "the Lua of this handle is closed");
}

#[test]
fn a_value_without_a_literal_has_one_path() {
    #[derive(Serialize)]
    struct Save {
        units: Vec<Table>,
    }
    let lua = Lua::new();
    let table: Table = lua.load("{ tags = { 'big', { run = print } } }").eval().unwrap();
    let error = to_source(&table).unwrap_err();
    assert_eq!(error.message(), "at tags[2].run: a function cannot be serialized");
    let error = to_source(&Save { units: vec![table.clone()] }).unwrap_err();
    assert_eq!(error.message(), "at units[1].tags[2].run: a function cannot be serialized");
    let error = Lua::new().to_value(&table).unwrap_err();
    assert_eq!(error.message(), "at tags[2].run: a function cannot be serialized");
    // The places of one serializer are not those of the next.
    let error = serde_json::to_string(&table).unwrap_err();
    assert_eq!(error.to_string(), "at tags[2].run: a function cannot be serialized");
    let error = to_source(&lua.load("print").eval::<Value>().unwrap()).unwrap_err();
    assert_eq!(error.message(), "a function cannot be serialized");
}

#[test]
fn what_a_host_makes_in_a_loop_is_collected() {
    let lua = Lua::new();
    let list: Vec<u32> = (0..1000).collect();
    for _ in 0..10_000 {
        lua.to_value(&list).unwrap();
    }
    assert!(lua.memory_used().unwrap() < 10 << 20);
}

#[test]
fn fields_beyond_those_known_are_read_once_each() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Open {
        b: u8,
        a: u8,
        #[serde(default)]
        none: Option<u8>,
    }
    let lua = Lua::new();
    let source =
        "local t = { a = 1, b = 2, 10, 20 } for i = 1, 20000 do t['x' .. i] = i end return t";
    let table: Table = lua.load(source).eval().unwrap();
    table.remove(1).unwrap();
    table.remove(1).unwrap();
    assert_eq!(lua.from_value::<Open>(&table).unwrap(), Open { b: 2, a: 1, none: None });

    #[derive(Debug, PartialEq, Deserialize)]
    struct Flattened {
        a: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, u32>,
    }
    let flat: Flattened = lua.from_value(&table).unwrap();
    assert_eq!((flat.a, flat.rest.len(), flat.rest["x7"]), (1, 20_001, 7));

    #[derive(Debug, PartialEq, Deserialize)]
    struct LongNames {
        a_field_whose_name_is_much_longer_than_a_name_should_ever_be: u8,
        #[serde(alias = "kind")]
        sort: u8,
    }
    let table: Table = lua
        .load(
            "return { a_field_whose_name_is_much_longer_than_a_name_should_ever_be = 4, kind = 5 }",
        )
        .eval()
        .unwrap();
    let long: LongNames = lua.from_value(table).unwrap();
    assert_eq!(long.a_field_whose_name_is_much_longer_than_a_name_should_ever_be, 4);
    assert_eq!(long.sort, 5);
}
