//! The libraries against texts that the references made.

use crate::dialect::LuaVersion;
use crate::host::vm::Vm;

/// Runs a chunk that returns a string.
fn run(version: LuaVersion, source: &str) -> String {
    let mut vm = Vm::new_minimal(version);
    vm.open_all_libs();
    match vm.eval_chunk(source, "=t") {
        Ok(values) => {
            let text = |v: &_| vm.str_bytes(*v).map(|b| String::from_utf8_lossy(b).into_owned());
            values
                .iter()
                .map(|v| text(v).unwrap_or_else(|| format!("{v:?}")))
                .collect::<Vec<_>>()
                .join("\t")
        }
        Err(error) => format!("!{}", vm.error_text(&error)),
    }
}

/// Makes one string of what an expression list gives, errors included.
const SHOW: &str = "local function show(...) local t = table.pack(...) for i = 1, t.n do t[i] = tostring(t[i]) end \
    return table.concat(t, ' ') end return show(pcall(function() return ";

/// Expressions, and what both references make of them.
const BOTH: &[(&str, &str)] = include!("cases.in");

#[test]
fn expressions_give_what_the_references_give() {
    for version in [LuaVersion::Lua54, LuaVersion::Lua55] {
        for (source, want) in BOTH {
            let got = run(version, &format!("{SHOW}{source} end))"));
            assert_eq!(got, *want, "{source} in {version:?}");
        }
    }
}
