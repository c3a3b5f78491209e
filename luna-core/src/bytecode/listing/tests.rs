//! Listings of small programs, kept in `cases`. A name that ends in `.55` is compiled as Lua 5.5.

use std::path::Path;

use super::listing;
use crate::bytecode::verify::verify;
use crate::compile::compile;
use crate::dialect::LuaVersion;
use crate::meter::Meter;

#[test]
fn listings_are_as_before() {
    let bless = std::env::var_os("LUNA_BLESS").is_some();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bytecode/listing/cases");
    let mut seen = 0;
    for entry in std::fs::read_dir(cases).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "lua") {
            continue;
        }
        seen += 1;
        let new = path.file_stem().unwrap().to_str().unwrap().ends_with(".55");
        let rules = if new { LuaVersion::Lua55 } else { LuaVersion::Lua54 }.rules();
        let source = std::fs::read(&path).unwrap();
        let proto = compile(&source, b"=case", rules, &mut Meter::unlimited()).unwrap();
        assert_eq!(verify(&proto), Ok(()), "{}", path.display());
        let actual = listing(&proto);
        let golden = path.with_extension("txt");
        if bless {
            std::fs::write(&golden, &actual).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(actual, expected, "{}: LUNA_BLESS=1 cargo t rewrites it", path.display());
    }
    assert!(seen >= 10, "cases are missing");
}
