//! The serde bridge: round trips, errors with paths, source.

#![cfg(feature = "serde")]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use luna::serde::{DeserializeOptions, SerializeOptions, to_source};
use luna::{Lua, Table, Value};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Newtype(u16);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Nothing;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum External {
    Unit,
    One(i32),
    Two(i32, String),
    Named { a: bool, b: Option<f64> },
    Maybe(Option<u8>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Named { a: i64 },
    Wrapped(Inner),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    One(String),
    Two(u8, u8),
    Named { x: f32 },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<u8>),
    Named { deep: Inner },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    name: String,
    tags: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    flag: bool,
    small: i8,
    wide: i64,
    unsigned: u64,
    single: f32,
    double: f64,
    letter: char,
    text: String,
    maybe: Option<String>,
    gaps: Vec<Option<i32>>,
    pair: (u8, String),
    by_name: BTreeMap<String, i32>,
    by_number: BTreeMap<i64, String>,
    by_flag: BTreeMap<bool, u8>,
    gaps_by_name: BTreeMap<String, Option<u8>>,
    newtype: Newtype,
    nothing: Nothing,
    unit: (),
    external: Vec<External>,
    internal: Vec<Internal>,
    adjacent: Vec<Adjacent>,
    untagged: Vec<Untagged>,
    nested: Vec<Vec<Inner>>,
    #[serde(flatten)]
    flat: Flat,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    flat_number: i32,
    flat_list: Vec<bool>,
}

fn inner() -> impl Strategy<Value = Inner> {
    (".*", prop::collection::vec(".*", 0..3)).prop_map(|(name, tags)| Inner { name, tags })
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_map(|x| if x.is_nan() { 0.5 } else { x })
}

fn external() -> impl Strategy<Value = External> {
    prop_oneof![
        Just(External::Unit),
        any::<i32>().prop_map(External::One),
        (any::<i32>(), ".*").prop_map(|(n, s)| External::Two(n, s)),
        (any::<bool>(), prop::option::of(finite())).prop_map(|(a, b)| External::Named { a, b }),
        prop::option::of(any::<u8>()).prop_map(External::Maybe),
    ]
}

fn internal() -> impl Strategy<Value = Internal> {
    prop_oneof![
        Just(Internal::Unit),
        any::<i64>().prop_map(|a| Internal::Named { a }),
        inner().prop_map(Internal::Wrapped),
    ]
}

fn adjacent() -> impl Strategy<Value = Adjacent> {
    prop_oneof![
        Just(Adjacent::Unit),
        ".*".prop_map(Adjacent::One),
        any::<(u8, u8)>().prop_map(|(a, b)| Adjacent::Two(a, b)),
        (-1e9f32..1e9).prop_map(|x| Adjacent::Named { x }),
    ]
}

fn untagged() -> impl Strategy<Value = Untagged> {
    prop_oneof![
        any::<bool>().prop_map(Untagged::Flag),
        any::<i64>().prop_map(Untagged::Number),
        ".*".prop_map(Untagged::Text),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(Untagged::List),
        inner().prop_map(|deep| Untagged::Named { deep }),
    ]
}

prop_compose! {
    fn everything()(
        (flag, small, wide, unsigned) in (any::<bool>(), any::<i8>(), any::<i64>(), 0..=i64::MAX as u64),
        (single, double, letter, text) in (-1e30f32..1e30, finite(), any::<char>(), ".*"),
        (maybe, gaps, pair) in (
            prop::option::of(".*"),
            prop::collection::vec(prop::option::of(any::<i32>()), 0..5),
            (any::<u8>(), ".*"),
        ),
        (by_name, by_number, by_flag, gaps_by_name) in (
            prop::collection::btree_map(".*", any::<i32>(), 0..4),
            prop::collection::btree_map(any::<i64>(), ".*", 0..4),
            prop::collection::btree_map(any::<bool>(), any::<u8>(), 0..2),
            prop::collection::btree_map("[a-z]*", prop::option::of(any::<u8>()), 0..4),
        ),
        newtype in any::<u16>(),
        (external, internal, adjacent, untagged) in (
            prop::collection::vec(external(), 0..4),
            prop::collection::vec(internal(), 0..4),
            prop::collection::vec(adjacent(), 0..4),
            prop::collection::vec(untagged(), 0..4),
        ),
        nested in prop::collection::vec(prop::collection::vec(inner(), 0..2), 0..3),
        (flat_number, flat_list) in (any::<i32>(), prop::collection::vec(any::<bool>(), 0..3)),
    ) -> Everything {
        Everything {
            flag, small, wide, unsigned, single, double, letter, text, maybe, gaps, pair, by_name,
            by_number, by_flag, gaps_by_name, newtype: Newtype(newtype), nothing: Nothing, unit: (),
            external, internal, adjacent, untagged, nested, flat: Flat { flat_number, flat_list },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_goes_to_lua_comes_back_equal(value in everything()) {
        let lua = Lua::new();
        let there = lua.to_value(&value).expect("all of it fits");
        let back: Everything = lua.from_value(there).expect("all of it is there");
        prop_assert_eq!(back, value);
    }

    #[test]
    fn what_is_written_as_source_reads_back_and_is_written_alike(value in everything()) {
        let lua = Lua::new();
        let source = to_source(&value).expect("all of it fits");
        let read = lua.load_config_from(source.as_bytes(), "config.lua");
        let back: Everything = read.expect("all of it is there");
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(to_source(&back).expect("all of it fits"), source);
    }
}

fn read<T: DeserializeOwned + Debug>(source: &str) -> Result<T, String> {
    let lua = Lua::new();
    let value: Value = lua.load(format!("return {source}")).eval().expect("it is Lua");
    lua.from_value(value).map_err(|e| e.message().to_owned())
}

fn problem<T: DeserializeOwned + Debug>(source: &str) -> String {
    read::<T>(source).expect_err("it does not fit")
}

#[test]
fn errors_name_path_expected_and_got() {
    type Servers = BTreeMap<String, Vec<BTreeMap<String, u16>>>;
    assert_eq!(
        problem::<Servers>("{ servers = { {}, {}, { port = 'x' } } }"),
        "at servers[3].port: expected u16, got string \"x\""
    );
    assert_eq!(problem::<u8>("256"), "expected u8, got integer 256");
    assert_eq!(problem::<u8>("-1"), "expected u8, got integer -1");
    assert_eq!(problem::<i32>("1.5"), "expected i32, got number 1.5");
    assert_eq!(problem::<bool>("nil"), "expected a boolean, got nil");
    assert_eq!(problem::<String>("12"), "expected a string, got integer 12");
    assert_eq!(
        problem::<Vec<u8>>("{ 1, 2, x = 3 }"),
        "expected a sequence, got a table with the key 'x'"
    );
    assert_eq!(
        problem::<Vec<u8>>("{ 1, nil, 3 }"),
        "expected a sequence, got a table with the key 3 and 2 entries"
    );
    assert_eq!(problem::<(u8, u8)>("{ 1, 2, 3 }"), "expected a sequence of 2 elements, got 3");
    assert_eq!(problem::<Inner>("{ name = 'x' }"), "missing field 'tags'");
    assert_eq!(problem::<Inner>("print"), "expected struct Inner, got function");
    assert_eq!(problem::<Inner>("{ 'x', {} }"), "expected a field name, got integer 1");
    assert_eq!(
        problem::<f64>("(1 << 53) + 1"),
        "the integer 9007199254740993 has no exact float representation"
    );
    assert_eq!(
        problem::<BTreeMap<String, u8>>("{ ['a b'] = {} }"),
        "at [\"a b\"]: expected u8, got an empty table"
    );
}

#[test]
fn errors_suggest_what_was_meant() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Strict {
        width: u8,
        height: u8,
    }
    assert_eq!(problem::<Strict>("{ widht = 1 }"), "unknown field 'widht' (did you mean 'width'?)");
    assert_eq!(
        problem::<Strict>("{ colour = 1 }"),
        "unknown field 'colour', expected one of 'width', 'height'"
    );
    assert_eq!(problem::<External>("'Unt'"), "unknown variant 'Unt' (did you mean 'Unit'?)");
    assert_eq!(
        problem::<External>("{ One = 1, Unit = 2 }"),
        "expected enum External: a string or a table with one field, got a table with 2 fields"
    );
    assert_eq!(problem::<External>("{ One = 'x' }"), "at One: expected i32, got string \"x\"");
    assert_eq!(
        problem::<External>("'One'"),
        "the variant 'One' has content: expected { One = .. }"
    );
    assert_eq!(
        problem::<External>("{ Unit = 1 }"),
        "the variant 'Unit' has no content: expected \"Unit\""
    );
}

#[test]
fn numbers_pass_where_nothing_is_lost() {
    assert_eq!(read::<i32>("3.0"), Ok(3));
    assert_eq!(read::<f64>("3"), Ok(3.0));
    assert_eq!(read::<u64>("'18446744073709551615'"), Ok(u64::MAX));
    assert!(read::<u64>("'12'").is_err(), "digits of what Lua has integers for are a string");
    let lua = Lua::new();
    let error = lua.to_value(&u64::MAX).unwrap_err();
    assert_eq!(error.message(), "18446744073709551615 does not fit into an integer of Lua");
    let options = SerializeOptions::default().big_integers_as_strings(true);
    let digits = lua.to_value_with(&u64::MAX, options).unwrap();
    assert_eq!(lua.from_value::<u64>(digits).unwrap(), u64::MAX);
}

#[test]
fn an_empty_table_takes_its_shape_from_the_target() {
    assert_eq!(read::<Vec<u8>>("{}"), Ok(vec![]));
    assert_eq!(read::<HashMap<String, u8>>("{}"), Ok(HashMap::new()));
    assert_eq!(read::<Option<Vec<u8>>>("{}"), Ok(Some(vec![])));
    assert_eq!(read::<()>("{}"), Ok(()));
}

#[test]
fn hostile_tables_are_refused() {
    let lua = Lua::new();
    let cyclic: Table = lua.load("local t = {} t.t = t return t").eval().unwrap();
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read into")]
    struct Chain {
        t: Option<Box<Chain>>,
    }
    let error = lua.from_value::<Chain>(cyclic).unwrap_err();
    assert_eq!(error.message(), "at t: the table contains itself");
    let deep: Table =
        lua.load("local t = {} for i = 1, 1000 do t = { t = t } end return t").eval().unwrap();
    let error = lua.from_value::<Chain>(deep).unwrap_err();
    assert!(error.message().ends_with("more than 128 levels of nesting"), "{error}");
    let long: Table =
        lua.load("local t = {} for i = 1, 1000 do t[i] = i end return t").eval().unwrap();
    let options = DeserializeOptions::default().max_entries(100).root("list");
    let error = lua.from_value_with::<Vec<u32>>(long, &options).unwrap_err();
    assert_eq!(error.message(), "at list: too many entries");
}

#[test]
fn deep_values_are_refused() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Wrapper(Option<Box<Wrapper>>);
    #[derive(Serialize)]
    enum Tree {
        Leaf,
        Node(Box<Tree>),
    }
    let mut wrapper = Wrapper(None);
    let mut tree = Tree::Leaf;
    for _ in 0..5_000 {
        wrapper = Wrapper(Some(Box::new(wrapper)));
        tree = Tree::Node(Box::new(tree));
    }
    let lua = Lua::new();
    for error in [
        lua.to_value(&wrapper).unwrap_err(),
        lua.to_value(&tree).unwrap_err(),
        to_source(&wrapper).unwrap_err(),
        to_source(&tree).unwrap_err(),
        lua.from_value::<Wrapper>(true).unwrap_err(),
    ] {
        assert!(error.message().ends_with("more than 128 levels of nesting"), "{error}");
    }
}

#[test]
fn two_rust_keys_that_are_one_in_lua_are_an_error() {
    let lua = Lua::new();
    let map: Vec<(u64, u8)> = vec![(1, 1), (2, 2)];
    assert!(lua.to_value(&map).is_ok());
    #[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(untagged)]
    enum Key {
        Name(String),
        Letter(char),
    }
    let map = BTreeMap::from([(Key::Name("a".into()), 1), (Key::Letter('a'), 2)]);
    let error = lua.to_value(&map).unwrap_err();
    assert_eq!(error.message(), "two keys of the map are the same key in Lua");
}

#[test]
fn config_errors_name_file_and_line() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read into")]
    struct Config {
        servers: Vec<Server>,
    }
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only read into")]
    struct Server {
        port: u16,
    }
    let lua = Lua::new();
    let text = |source: &str| {
        let result = lua.load_config_from::<Config>(source.as_bytes(), "mods/config.lua");
        result.unwrap_err().message().to_owned()
    };
    assert_eq!(
        text("return {\n  servers = {\n    { port = 1 },\n    { port = 'x' },\n  },\n}"),
        "mods/config.lua:4: at config.servers[2].port: expected u16, got string \"x\""
    );
    assert_eq!(
        text("local config = {\n  servers = 3,\n}\nreturn config"),
        "mods/config.lua:2: at config.servers: expected a sequence, got integer 3"
    );
    assert_eq!(text("return {}"), "mods/config.lua: at config: missing field 'servers'");
    assert!(text("return {").starts_with("mods/config.lua:1: "));
    assert_eq!(
        text("\u{feff}#!/usr/bin/lua\nreturn {\n  servers = 3,\n}"),
        "mods/config.lua:3: at config.servers: expected a sequence, got integer 3"
    );
    assert_eq!(text("error('no', 0)"), "no");
    let leaked: Value = lua.load("x = 1; return x").eval().unwrap();
    assert!(matches!(leaked, Value::Integer(1)));
    assert_eq!(
        text("y = 2 return y"),
        "mods/config.lua: at config: expected struct Config, got integer 2"
    );
    assert!(
        lua.globals().get::<Option<i64>>("y").unwrap().is_none(),
        "a config defines no globals"
    );
}

#[test]
fn source_is_readable_and_stable() {
    #[derive(Serialize)]
    struct Config {
        title: String,
        size: (u8, u8),
        limits: BTreeMap<&'static str, f64>,
        units: Vec<Inner>,
        nothing: Option<u8>,
    }
    let config = Config {
        title: "line\n\"quoted\" \u{7f} é".into(),
        size: (1, 2),
        limits: BTreeMap::from([("b c", 0.1), ("a", f64::INFINITY), ("end", -1.0)]),
        units: vec![
            Inner { name: "wolf".into(), tags: vec!["grey".into(), "fast".into()] },
            Inner { name: "ram".into(), tags: vec![] },
        ],
        nothing: None,
    };
    let expected = r#"return {
    title = "line\n\"quoted\" \x7F é",
    size = { 1, 2 },
    limits = { a = 1e9999, ["b c"] = 0.1, ["end"] = -1.0 },
    units = {
        { name = "wolf", tags = { "grey", "fast" } },
        { name = "ram", tags = {} },
    },
}
"#;
    assert_eq!(to_source(&config).unwrap(), expected);
    assert_eq!(to_source(&vec![Some(1), None]).unwrap(), "return { 1, null }\n");
}
