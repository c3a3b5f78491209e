//! Tests of writing and reading binary chunks.

use super::{UndumpError, undump};
use crate::bytecode::dump::dump;
use crate::bytecode::proto::ProtoDef;
use crate::dialect::LuaVersion::{self, Lua54, Lua55};
use crate::meter::Meter;

/// A program with all kinds of constants and debug information.
const PROGRAM: &str = "
local a <const>, b <close>, c = 1, nil, 1.5
local function f(x, ...) local y = {x, -1, 1e300, true, false, nil, 'text', [c] = nil} return function() return x, c end end
for i = 1, 1 << 40 do f(i, 'text', '\\0\\xff') end
return f
";

/// Compiles a chunk.
fn compile(version: LuaVersion) -> ProtoDef {
    let rules = version.rules();
    let mut meter = Meter::unlimited();
    crate::compile::compile(PROGRAM.as_bytes(), b"@prog.lua", rules, &mut meter).unwrap()
}

/// The message of a chunk that does not load.
fn message(bytes: &[u8], name: &str) -> String {
    undump(bytes, name.as_bytes(), Lua54.rules(), &mut Meter::unlimited()).unwrap_err().to_string()
}

/// Takes all debug information out.
fn strip(proto: &mut ProtoDef) {
    proto.lines.clear();
    proto.locals.clear();
    proto.source = None;
    for up in &mut proto.upvals {
        up.name = None;
    }
    proto.protos.iter_mut().for_each(strip);
}

#[test]
fn chunks_read_back() {
    for version in [Lua54, Lua55] {
        let mut proto = compile(version);
        let full = dump(&proto, false, version.rules());
        assert_eq!(
            undump(&full, b"=x", version.rules(), &mut Meter::unlimited()).as_ref(),
            Ok(&proto)
        );
        let short = dump(&proto, true, version.rules());
        assert!(short.len() < full.len());
        strip(&mut proto);
        assert_eq!(undump(&short, b"=x", version.rules(), &mut Meter::unlimited()), Ok(proto));
    }
}

#[test]
fn headers_are_the_stock_ones() {
    let old =
        b"\x1bLua\x54\x00\x19\x93\r\n\x1a\n\x04\x08\x08\x78\x56\0\0\0\0\0\0\0\0\0\0\0\x28\x77\x40";
    assert!(dump(&compile(Lua54), false, Lua54.rules()).starts_with(old));
    let new = b"\x1bLua\x55\x00\x19\x93\r\n\x1a\n\x04\x88\xa9\xff\xff\x04\x78\x56\x34\x12\x08\x88\xa9\xff\xff\xff\xff\xff\xff\x08\0\0\0\0\0\x28\x77\xc0";
    assert!(dump(&compile(Lua55), false, Lua55.rules()).starts_with(new));
}

#[test]
fn strings_stand_once() {
    let bytes = dump(&compile(Lua54), false, Lua54.rules());
    let count = |text: &[u8]| bytes.windows(text.len()).filter(|w| *w == text).count();
    assert_eq!(count(b"text"), 1);
    assert_eq!(count(b"@prog.lua"), 1);
    assert_eq!(count(b"(for state)"), 1);
}

#[test]
fn any_cut_is_noticed() {
    for version in [Lua54, Lua55] {
        let bytes = dump(&compile(version), false, version.rules());
        for end in 0..bytes.len() {
            let error =
                undump(&bytes[..end], b"=x", version.rules(), &mut Meter::unlimited()).unwrap_err();
            assert_eq!(error.to_string(), "x: bad binary format (truncated chunk)", "{end}");
        }
    }
}

#[test]
fn headers_are_compared_piece_by_piece() {
    let bytes = dump(&compile(Lua54), false, Lua54.rules());
    let other = dump(&compile(Lua55), false, Lua55.rules());
    let changed = |at: usize| {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        message(&changed, "=x")
    };
    let bad = |reason: &str| format!("x: bad binary format ({reason})");
    assert_eq!(message(&other, "=x"), bad("version mismatch"));
    assert_eq!(changed(1), bad("not a binary chunk"));
    assert_eq!(changed(4), bad("version mismatch"));
    assert_eq!(changed(5), bad("format mismatch"));
    assert_eq!(changed(8), bad("corrupted chunk"));
    assert_eq!(changed(12), bad("Instruction size mismatch"));
    assert_eq!(changed(13), bad("lua_Integer size mismatch"));
    assert_eq!(changed(15), bad("integer format mismatch"));
    assert_eq!(changed(30), bad("float format mismatch"));
    assert_eq!(changed(46), bad("version mismatch"), "the number of our own format");
}

#[test]
fn messages_name_the_chunk() {
    assert_eq!(message(b"\x1bLuax", "@a.luac"), "a.luac: bad binary format (version mismatch)");
    assert_eq!(
        message(b"\x1bLua", "\x1bLua"),
        "binary string: bad binary format (truncated chunk)"
    );
    assert_eq!(message(b"\x1bLua", "plain\0x"), "plain: bad binary format (truncated chunk)");
}

#[test]
fn stock_chunks_are_told_apart() {
    let ours = dump(&compile(Lua54), false, Lua54.rules());
    let mut stock = ours[..31].to_vec();
    stock.extend_from_slice(b"\x01\x89return 1\x80\x80\x00\x01");
    let error = undump(&stock, b"=x", Lua54.rules(), &mut Meter::unlimited()).unwrap_err();
    let text =
        "PUC bytecode loading is disabled (call vm.set_puc_bytecode_loading(true) to enable)";
    assert_eq!(error, UndumpError { message: text.into(), is_stock: true });
}

#[test]
fn counts_are_not_believed() {
    let mut bytes = dump(&compile(Lua54), true, Lua54.rules());
    let body = 31 + 16;
    bytes.truncate(body + 1);
    bytes.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(message(&bytes, "=x"), "x: bad binary format (truncated chunk)");
    bytes.truncate(body + 1);
    bytes.extend_from_slice(&[0xff; 12]);
    assert_eq!(message(&bytes, "=x"), "x: bad binary format (corrupted chunk)");
}

#[test]
fn nesting_is_limited() {
    let mut bytes = dump(&compile(Lua54), true, Lua54.rules());
    bytes.truncate(31 + 16);
    // Stripped, no strings, no source, then functions without code, one inside the other.
    bytes.extend_from_slice(&[1, 0, 0]);
    for _ in 0..100_000 {
        bytes.extend_from_slice(&[0, 0, 2, 0, 0, 0, 0, 0, 1]);
    }
    assert_eq!(message(&bytes, "=x"), "x: bad binary format (corrupted chunk)");
}

#[test]
fn damage_never_panics() {
    let bytes = dump(&compile(Lua54), false, Lua54.rules());
    let mut seed = 7u64;
    for _ in 0..20_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut changed = bytes.clone();
        let at = 47 + (seed >> 33) as usize % (bytes.len() - 47);
        changed[at] ^= 1 << ((seed >> 20) % 8);
        let _ = undump(&changed, b"=x", Lua54.rules(), &mut Meter::unlimited());
    }
}
