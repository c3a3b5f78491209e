//! The operations in luna.

#[path = "../../measure.rs"]
mod measure;

use std::hint::black_box;

use luna::{Coroutine, Function, Lua, LuaUserdata, Result, lua_methods};
use measure::*;

#[derive(LuaUserdata)]
struct Counter {
    pub n: i64,
}

#[lua_methods]
impl Counter {
    fn add(&mut self, v: i64) -> i64 {
        self.n += v;
        self.n
    }

    fn get(&self) -> i64 {
        self.n
    }
}

fn functions(lua: &Lua) -> Result<()> {
    let g = lua.globals();
    g.set("add", lua.create_function(|a: i64, b: i64| a + b)?)?;
    let f: Function = lua.load(ADD).eval()?;
    measure("lua -> rust fn(i64, i64)", N, || {
        f.call::<i64>(N as i64).unwrap();
    });
    g.set("slen", lua.create_function(|s: &str| s.len())?)?;
    let f: Function = lua.load(LENGTH).eval()?;
    measure("lua -> rust fn(&str)", N, || {
        f.call::<i64>(N as i64).unwrap();
    });
    g.set("mk", lua.create_function(|s: String| s)?)?;
    let f: Function = lua.load(ECHO).eval()?;
    measure("lua -> rust fn(String) -> String", N, || f.call::<()>(N as i64).unwrap());
    let f: Function = lua.load(PLUS).eval()?;
    measure("rust -> lua fn(i64, i64)", N, || {
        for i in 0..N as i64 {
            black_box(f.call::<i64>((i, 1)).unwrap());
        }
    });
    g.set("cb", lua.create_function(|f: Function| f.call::<i64>(1))?)?;
    let f: Function = lua.load(CALLBACK).eval()?;
    measure("lua -> rust -> lua", N, || f.call::<()>(N as i64).unwrap());
    let co: Function = lua.load(YIELD).eval()?;
    let thread: Coroutine = lua.create_coroutine(&co)?;
    measure("resume and yield", N, || {
        for _ in 0..N {
            black_box(thread.resume::<i64>(()).unwrap());
        }
    });
    Ok(())
}

fn userdata(lua: &Lua) -> Result<()> {
    lua.globals().set("c", lua.create_userdata(Counter { n: 0 })?)?;
    let f: Function = lua.load(METHOD).eval()?;
    measure("userdata &mut self method", N, || {
        f.call::<i64>(N as i64).unwrap();
    });
    let f: Function = lua.load(FIELD).eval()?;
    measure("userdata field get + set", N, || f.call::<()>(N as i64).unwrap());
    measure("userdata create + drop", N / 10, || {
        for _ in 0..N / 10 {
            lua.create_userdata(Counter { n: 0 }).unwrap();
        }
        lua.collect_garbage().unwrap();
    });
    Ok(())
}

fn tables(lua: &Lua) -> Result<()> {
    let table = lua.create_table()?;
    measure("table set", N, || {
        for i in 0..N {
            table.set("key", i).unwrap();
        }
    });
    measure("table get", N, || {
        for _ in 0..N {
            black_box(table.get::<i64>("key").unwrap());
        }
    });
    measure("table push", N, || {
        let table = lua.create_table().unwrap();
        for i in 1..=N as i64 {
            table.raw_set(i, i).unwrap();
        }
    });
    measure("table of 3 fields", N / 10, || {
        for i in 0..N / 10 {
            let table = lua.create_table().unwrap();
            table.set("x", i).unwrap();
            table.set("y", i).unwrap();
            table.set("z", i).unwrap();
        }
    });
    let data = config();
    measure("to_value, 100 items", 1000, || {
        for _ in 0..1000 {
            lua.to_value(&data).unwrap();
        }
    });
    let value = lua.to_value(&data)?;
    measure("from_value, 100 items", 1000, || {
        for _ in 0..1000 {
            black_box(lua.from_value::<Config>(value.clone()).unwrap());
        }
    });
    assert_eq!(lua.from_value::<Config>(value)?, data);
    Ok(())
}

fn main() -> Result<()> {
    let lua = Lua::new();
    functions(&lua)?;
    userdata(&lua)?;
    tables(&lua)?;
    measure("load a chunk", 10_000, || {
        for _ in 0..10_000 {
            lua.load(CHUNK).into_function().unwrap();
        }
    });
    measure("new + eval + drop", 1000, || {
        for _ in 0..1000 {
            let lua = Lua::new();
            lua.load("return 1+1").eval::<i64>().unwrap();
        }
    });
    Ok(())
}
