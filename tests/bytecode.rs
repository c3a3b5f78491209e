//! The compiler's listings of some sources. `LUNA_BLESS=1` writes them anew.

use std::fs;

use luna_core::{LuaVersion, Vm};
use luna_tests::repository;
use luna_tests::verdict::first_difference;

/// The dialect that a source names in its first line.
fn dialect(source: &str) -> LuaVersion {
    let name = source.lines().next().and_then(|line| line.strip_prefix("-- dialects: "));
    match name {
        Some("5.4") => LuaVersion::Lua54,
        Some("5.5") => LuaVersion::Lua55,
        other => panic!("no dialect of the listings: {other:?}"),
    }
}

#[test]
fn sources_compile_to_their_listings() {
    let paths = repository::files(&repository::package().join("listings"), "lua");
    assert!(!paths.is_empty(), "there are sources to compile");
    for path in paths {
        let source = fs::read_to_string(&path).expect("a source is readable text");
        let mut vm = Vm::new(dialect(&source));
        let name = path.file_name().expect("a source is a file").to_string_lossy();
        let loaded = vm.load(source.as_bytes(), format!("@{name}").as_bytes());
        let function = loaded.unwrap_or_else(|error| panic!("{error:?}"));
        let listing = vm.listing(function).expect("the function was just made");
        let golden = path.with_extension("lst");
        if std::env::var_os("LUNA_BLESS").is_some() {
            fs::write(&golden, &listing).expect("the listings are writable");
        }
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        let difference = first_difference(expected.as_bytes(), listing.as_bytes());
        assert!(
            expected == listing,
            "{name}, {difference}\nLUNA_BLESS=1 cargo test -p luna-tests --test bytecode rewrites it"
        );
    }
}
