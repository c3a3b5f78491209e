//! What both programs measure with, and the data they convert.

use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Runs `body`, which does an operation `n` times, once to warm up and once for the figure, and prints nanoseconds per operation. With an
/// argument the program measures only operations whose name contains it.
pub fn measure(name: &str, n: u64, mut body: impl FnMut()) {
    if std::env::args().nth(1).is_some_and(|wanted| !name.contains(&wanted)) {
        return;
    }
    body();
    let start = Instant::now();
    body();
    println!("{name}\t{:.2}", start.elapsed().as_nanos() as f64 / n as f64);
}

/// An entry of [`Config`].
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Item {
    id: u32,
    name: String,
    price: f64,
    tags: Vec<String>,
    opt: Option<bool>,
}

/// Data of a hundred entries.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Config {
    title: String,
    items: Vec<Item>,
    size: (u32, u32),
}

/// The data.
pub fn config() -> Config {
    let item = |i| Item {
        id: i,
        name: format!("item{i}"),
        price: f64::from(i) / 3.0,
        tags: vec!["a".into(), "b".into()],
        opt: Some(true),
    };
    Config { title: "t".into(), items: (0..100).map(item).collect(), size: (3, 4) }
}

/// Calls of a short operation in one measurement.
pub const N: u64 = 1_000_000;

pub const ADD: &str = "local add = add; return function(n) local s = 0 for i = 1, n do s = add(s, i) end return s end";
pub const LENGTH: &str = "local slen = slen; return function(n) local s = 0 for i = 1, n do s = s + slen('hello world') end return s end";
pub const ECHO: &str = "local mk = mk; return function(n) for i = 1, n do mk('hello world') end end";
pub const PLUS: &str = "return function(a, b) return a + b end";
pub const METHOD: &str = "local c = c; return function(n) for i = 1, n do c:add(1) end return c:get() end";
pub const FIELD: &str = "local c = c; return function(n) for i = 1, n do c.n = c.n + 1 end end";
pub const YIELD: &str = "return function() while true do coroutine.yield(1) end end";
pub const CHUNK: &str = "local t = {} for i=1,10 do t[i] = {x=i, y=i*2, f=function(a) return a+i end} end return t\n";
pub const CALLBACK: &str = "local cb=cb; local h=function(x) return x end; return function(n) for i=1,n do cb(h) end end";
