use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use luna::{
    Lua, LuaUserdata, MetaMethod, Ud, UserdataMethods, UserdataRef, UserdataRefMut, Variadic,
};

use crate::check;

#[derive(Clone, Copy)]
struct Vec2(f64, f64);

impl LuaUserdata for Vec2 {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_function("new", |_, (x, y): (f64, f64)| Ok(Ud(Vec2(x, y))));
        methods.add_typed("dot", |a: &Vec2, b: &Vec2| a.0 * b.0 + a.1 * b.1);
        methods.add_typed("add_to", |a: &mut Vec2, b: &Vec2| {
            a.0 += b.0;
            a.1 += b.1;
        });
        methods
            .add_typed_meta(MetaMethod::Add, |a: &Vec2, b: &Vec2| Ud(Vec2(a.0 + b.0, a.1 + b.1)));
        methods.add_typed_meta(MetaMethod::Eq, |a: &Vec2, b: &Vec2| a.0 == b.0 && a.1 == b.1);
        methods.add_typed_getter("x", |v: &Vec2| v.0);
    }
}

fn outcome(lua: &Lua, source: &str) -> String {
    match lua
        .load(format!("return tostring((function() {source} end)())"))
        .name("=t")
        .eval::<String>()
    {
        Ok(text) => text,
        Err(error) => error.message().to_owned(),
    }
}

#[test]
fn userdata_are_borrowed_side_by_side() {
    check(|lua| {
        lua.set_class::<Vec2>("Vec2")?;
        let length = lua.create_function(|lua: &Lua, a: &Vec2, b: Option<&Vec2>, name: &str| {
            lua.globals().set("last", name).map(|()| a.0 + b.map_or(0.0, |b| b.0))
        })?;
        lua.globals().set("length", length)?;
        for (source, expected) in [
            ("local v = Vec2.new(1, 2) return v:dot(v)", "5.0"),
            ("local v = Vec2.new(1, 2) return (v + v).x", "2.0"),
            ("local v, w = Vec2.new(1, 2), Vec2.new(3, 4) v:add_to(w) return v.x", "4.0"),
            ("return Vec2.new(1, 2) == Vec2.new(1, 2)", "true"),
            ("local v = Vec2.new(1, 2) return length(v, v, 'n') .. last", "2.0n"),
            ("local v = Vec2.new(1, 2) return length(v, nil, 'm') .. last", "1.0m"),
            (
                "local v = Vec2.new(1, 2) v:add_to(v)",
                "t:1: cannot borrow Vec2 in 'add_to': already mutably borrowed by another argument",
            ),
            (
                "return Vec2.new(1, 2) + 1",
                "t:1: bad argument #2 to '__add' (Vec2 expected, got number)",
            ),
        ] {
            assert_eq!(outcome(lua, source), expected, "{source}");
        }
        Ok(())
    });
}

#[test]
fn guards_are_owned_arguments() {
    check(|lua| {
        let swap = lua.create_function(|mut a: UserdataRefMut<Vec2>, b: UserdataRef<Vec2>| {
            a.0 = b.1;
            a.0
        })?;
        lua.globals().set("swap", swap)?;
        lua.set_class::<Vec2>("Vec2")?;
        assert_eq!(outcome(lua, "return swap(Vec2.new(1, 2), Vec2.new(3, 4))"), "4.0");
        assert_eq!(
            outcome(lua, "local v = Vec2.new(1, 2) return swap(v, v)"),
            "t:1: bad argument #2 to 'swap' (cannot borrow Vec2 in 'swap': already mutably borrowed)"
        );
        assert_eq!(
            outcome(lua, "swap(1)"),
            "t:1: bad argument #1 to 'swap' (Vec2 expected, got number)"
        );
        Ok(())
    });
}

#[test]
fn containers_round_trip() {
    check(|lua| {
        assert_eq!(lua.convert::<VecDeque<i8>>(VecDeque::from([1_i8, 2]))?, [1, 2]);
        assert_eq!(lua.convert::<Box<[u16]>>(vec![1_u16, 2].into_boxed_slice())?[..], [1, 2]);
        let set: HashSet<String> = HashSet::from(["a".to_owned()]);
        assert_eq!(lua.convert::<HashSet<String>>(set.clone())?, set);
        assert_eq!(
            lua.convert::<BTreeSet<i64>>(BTreeSet::from([1_i64, 2]))?,
            BTreeSet::from([1, 2])
        );
        assert_eq!(
            lua.convert::<BTreeMap<String, i64>>(HashMap::from([("k", 1)]))?,
            BTreeMap::from([("k".to_owned(), 1)])
        );
        assert_eq!(lua.convert::<CString>("abc")?.as_bytes(), b"abc");
        assert_eq!(
            lua.convert::<CString>("a\0c").unwrap_err().message(),
            "string contains a zero byte"
        );
        assert_eq!(*lua.convert::<Rc<i64>>(Rc::new(5_i64))?, 5);
        assert_eq!(*lua.convert::<Box<f32>>(Box::new(0.5_f32))?, 0.5);
        assert_eq!(lua.convert::<PathBuf>(Path::new("a/b"))?, Path::new("a/b"));
        assert_eq!(lua.convert::<char>('ß')?, 'ß');
        assert_eq!(lua.convert::<[u8; 2]>([1_u8, 2])?, [1, 2]);
        assert_eq!(lua.convert::<Vec<u8>>("xy")?, b"xy");
        assert_eq!(lua.convert::<String>(*b"xy")?, "xy");
        assert_eq!(lua.convert::<Option<bool>>(None::<bool>)?, None);
        Ok(())
    });
}

#[test]
fn integers_are_never_truncated() {
    check(|lua| {
        let narrow = lua.create_function(|a: u8, b: i16, c: u64| (a, b, c))?;
        assert_eq!(narrow.call::<(i64, i64, i64)>((255, -3, 7.0))?, (255, -3, 7));
        for (args, text) in [
            ((256_i64, 0_i64, 0.0), "bad argument #1 to '?' (number out of range for u8)"),
            ((0, 40_000, 0.0), "bad argument #2 to '?' (number out of range for i16)"),
            ((0, 0, 0.5), "bad argument #3 to '?' (number has no integer representation)"),
        ] {
            assert_eq!(narrow.call::<luna::Value>(args).unwrap_err().message(), text);
        }
        assert_eq!(
            lua.convert::<i64>(u64::MAX).unwrap_err().message(),
            "number out of range for i64"
        );
        let rest = lua.create_function(|first: &str, rest: Variadic<i64>| {
            format!("{first}{}", rest.iter().sum::<i64>())
        })?;
        assert_eq!(rest.call::<String>(("s", 1, 2, 3))?, "s6");
        let path = lua.create_function(|path: &Path, bytes: &[u8]| {
            path.join("x").is_absolute() || bytes.is_empty()
        })?;
        assert!(path.call::<bool>(("/a", "b"))?);
        Ok(())
    });
}

/// Collects whenever it is converted.
struct Collecting;

impl luna::FromLua for Collecting {
    fn from_lua_value(
        value: luna_core::runtime::Value,
        vm: &mut luna_core::Vm,
    ) -> Result<Collecting, luna::ConvError> {
        assert!(vm.is_live(value));
        vm.collect_garbage();
        Ok(Collecting)
    }
}

impl luna::IntoLua for Collecting {
    fn into_value(self, vm: &mut luna_core::Vm) -> luna_core::runtime::Value {
        vm.collect_garbage();
        luna_core::runtime::Value::Nil
    }
}

#[test]
fn values_are_kept_while_others_are_converted() {
    check(|lua| {
        type Three = (Collecting, luna::Table, Vec<Collecting>);
        let (_, table, list): Three = lua.load("return 1, {k = 'v'}, {{}, {}}").eval()?;
        assert_eq!((table.get::<String>("k")?, list.len()), ("v".to_owned(), 2));
        let second: luna::Function = lua.load("function(a, b) return a[1] .. a[2] end").eval()?;
        assert_eq!(second.call::<String>((vec!["long", "list"], Collecting))?, "longlist");
        let index: luna::Table =
            lua.load("setmetatable({}, {__index = function() return {{}, {}, {}} end})").eval()?;
        assert_eq!(index.get::<Vec<Collecting>>("x")?.len(), 3);
        Ok(())
    });
}
