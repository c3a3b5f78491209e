//! A config file in Lua, read into a struct, checked, changed, and written back.

#![expect(clippy::print_stdout, reason = "what an example is for")]

use std::collections::BTreeMap;

use luna::Lua;
use serde::{Deserialize, Serialize};

/// The settings of a server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    name: String,
    #[serde(default = "eight")]
    threads: u8,
    listeners: Vec<Listener>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// Where it listens.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Listener {
    Tcp { host: String, port: u16 },
    Unix(String),
}

/// How many threads there are if nothing is said.
fn eight() -> u8 {
    8
}

/// A config may compute.
const GOOD: &str = r#"
local ports = { 8080, 8081 }
local listeners = { { unix = "/run/demo.sock" } }
for _, port in ipairs(ports) do
  listeners[#listeners + 1] = { tcp = { host = "localhost", port = port } }
end

return { name = "demo", listeners = listeners, labels = { stage = "test", ["made by"] = "hand" } }
"#;

/// Configs with mistakes.
const BAD: [&str; 4] = [
    "return {\n  name = 'demo',\n  listeners = {\n    { tcp = { host = 'localhost', port = 'http' } },\n  },\n}",
    "return {\n  name = 'demo',\n  listners = {},\n}",
    "return {\n  listeners = {},\n}",
    "return {\n  name = 'demo',\n  threads = 1000,\n  listeners = {},\n}",
];

fn main() -> luna::Result<()> {
    let lua = Lua::new();
    let mut config: Config = lua.load_config_from(GOOD.as_bytes(), "demo.lua")?;
    config.threads *= 2;
    config.listeners.retain(|listener| !matches!(listener, Listener::Unix(_)));
    print!("{}", luna::serde::to_source(&config)?);
    for source in BAD {
        match lua.load_config_from::<Config>(source.as_bytes(), "demo.lua") {
            Ok(config) => println!("unexpected: {config:?}"),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
