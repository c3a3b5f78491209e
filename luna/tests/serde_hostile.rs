//! The serde bridge with data types whose own code misbehaves.

#![cfg(feature = "serde")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use luna::serde::to_source;
use luna::{Lua, Table, Value};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

/// Runs a function whenever it is serialized.
struct Runs<F>(F);

impl<F: Fn()> Serialize for Runs<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.0)();
        serializer.serialize_i64(1)
    }
}

#[test]
fn code_of_a_type_cannot_use_the_state_meanwhile() {
    let lua = Lua::new();
    let table = lua.create_table().unwrap();
    let refused = Cell::new(0);
    let probe = Runs(|| {
        assert!(lua.to_value(&1).is_err() && table.set("x", 1).is_err());
        assert!(lua.load("x = 1").exec().is_err() && lua.collect_garbage().is_err());
        drop(table.clone());
        refused.set(refused.get() + 1);
    });
    let list: Table = lua.convert(lua.to_value(&[&probe, &probe]).unwrap()).unwrap();
    assert_eq!((list.raw_len().unwrap(), refused.get()), (2, 2));
}

#[test]
fn a_panic_leaves_the_state_usable() {
    let lua = Lua::new();
    let value = (
        vec!["a long string that is not interned, for it has too many bytes"; 50],
        Runs(|| panic!("mine")),
    );
    assert!(catch_unwind(AssertUnwindSafe(|| lua.to_value(&value))).is_err());
    lua.collect_garbage().unwrap();
    struct Panics;
    impl<'de> Deserialize<'de> for Panics {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Panics, D::Error> {
            panic!("mine")
        }
    }
    let list: Table = lua.load("return { 1 }").eval().unwrap();
    let read = || lua.from_value::<Vec<Panics>>(&list).map(|_| ());
    assert!(catch_unwind(AssertUnwindSafe(read)).is_err());
    lua.load("local t = {} for i = 1, 100 do t[i] = { i } end").exec().unwrap();
    lua.collect_garbage().unwrap();
}

#[test]
fn the_last_lua_may_go_while_a_table_is_written() {
    struct Closes(Option<Lua>, Vec<u8>);
    impl std::io::Write for Closes {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            drop(self.0.take());
            self.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let lua = Lua::new();
    let table: Table = lua.load("return { 1, { 'x' }, 'y' }").eval().unwrap();
    let mut to = Closes(Some(lua), Vec::new());
    serde_json::to_writer(&mut to, &table).unwrap();
    assert_eq!(to.1, br#"[1,["x"],"y"]"#);
    assert!(table.raw_len().is_err(), "it is closed now");
}

#[test]
fn another_lua_may_be_used_meanwhile() {
    let (lua, other) = (Lua::new(), Lua::new());
    let value = vec![Runs(|| {
        let inner = other.to_value(&vec![1, 2, 3]).unwrap();
        assert_eq!(other.from_value::<Vec<u8>>(inner).unwrap(), [1, 2, 3]);
        other.collect_garbage().unwrap();
    })];
    assert!(lua.to_value(&value).is_ok());
}

#[test]
fn lengths_that_are_not_true_do_no_harm() {
    struct Lies(usize);
    impl Serialize for Lies {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(Some(self.0))?;
            for i in 0..10 {
                list.serialize_element(&i)?;
            }
            list.end()
        }
    }
    struct LyingStruct(usize);
    impl Serialize for LyingStruct {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("Lying", self.0)?;
            for name in ["a", "b", "c", "d", "e"] {
                out.serialize_field(name, &1)?;
            }
            out.end()
        }
    }
    let lua = Lua::builder().memory_cap(8 << 20).build();
    for len in [0, 1, 3, 100, usize::MAX, usize::MAX / 2] {
        let list: Table = lua.convert(lua.to_value(&Lies(len)).unwrap()).unwrap();
        assert_eq!(list.raw_len().unwrap(), 10);
        assert_eq!(lua.from_value::<Vec<u8>>(&list).unwrap().len(), 10);
        let table = lua.to_value(&LyingStruct(len)).unwrap();
        assert_eq!(lua.from_value::<BTreeMap<String, u8>>(table).unwrap().len(), 5);
    }
}

#[test]
fn keys_that_are_none_or_twice_are_errors() {
    struct Twice;
    impl Serialize for Twice {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_struct("Twice", 2)?;
            out.serialize_field("a", &1)?;
            out.serialize_field("a", &2)?;
            out.end()
        }
    }
    struct Odd(f64);
    impl Serialize for Odd {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_map(None)?;
            out.serialize_entry(&self.0, &1)?;
            out.end()
        }
    }
    struct ValueFirst;
    impl Serialize for ValueFirst {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_map(None)?;
            out.serialize_value(&1)?;
            out.end()
        }
    }
    let lua = Lua::new();
    let text = |made: luna::Result<Value>| made.unwrap_err().message().to_owned();
    assert_eq!(text(lua.to_value(&Twice)), "two keys of the map are the same key in Lua");
    assert_eq!(text(lua.to_value(&Odd(f64::NAN))), "table index is NaN");
    assert_eq!(text(lua.to_value(&ValueFirst)), "a value of a map comes before its key");
    let source = |made: luna::Result<String>| made.unwrap_err().message().to_owned();
    assert_eq!(source(to_source(&Twice)), "two keys of the map are the same key in Lua");
    assert_eq!(source(to_source(&Odd(f64::NAN))), "table index is NaN");
    assert_eq!(to_source(&Odd(1.0)).unwrap(), "return { [1] = 1 }\n");
    struct OneInTwoWays;
    impl Serialize for OneInTwoWays {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut out = serializer.serialize_map(None)?;
            out.serialize_entry(&1, "a")?;
            out.serialize_entry(&1.0, "b")?;
            out.end()
        }
    }
    assert_eq!(source(to_source(&OneInTwoWays)), "two keys of the map are the same key in Lua");
    assert_eq!(text(lua.to_value(&OneInTwoWays)), "two keys of the map are the same key in Lua");
    assert!(lua.to_value(&Odd(2.0)).is_ok());
    assert_eq!(text(lua.to_value(&BTreeMap::from([(None::<u8>, 1)]))), "None cannot be a key");
}

#[test]
fn visitors_that_skip_steps_do_no_harm() {
    struct Odd;
    impl<'de> Visitor<'de> for Odd {
        type Value = Odd;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("anything")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Odd, A::Error> {
            assert!(map.next_value::<u8>().is_err());
            while map.next_key::<String>()?.is_some() {}
            assert!(map.next_key::<String>()?.is_none());
            assert!(map.next_value::<Vec<u8>>().is_err());
            Ok(Odd)
        }
    }
    struct AsMap;
    impl<'de> Deserialize<'de> for AsMap {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<AsMap, D::Error> {
            d.deserialize_map(Odd).map(|_| AsMap)
        }
    }
    struct AsStruct;
    impl<'de> Deserialize<'de> for AsStruct {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<AsStruct, D::Error> {
            d.deserialize_struct("S", &["a", "a", "b"], Odd).map(|_| AsStruct)
        }
    }
    let lua = Lua::new();
    let table: Table = lua.load("return { a = 1, b = 2, c = 3 }").eval().unwrap();
    assert!(lua.from_value::<AsMap>(&table).is_ok());
    assert!(lua.from_value::<AsStruct>(&table).is_ok());
}

#[test]
fn what_would_exceed_the_memory_cap_is_refused() {
    let lua = Lua::builder().memory_cap(1 << 20).build();
    let list: Vec<u64> = (0..1_000_000).collect();
    let error = lua.to_value(&list).unwrap_err();
    assert_eq!(error.message(), "memory cap exceeded");
    assert!(lua.to_value(&list[..1000]).is_ok());
}
