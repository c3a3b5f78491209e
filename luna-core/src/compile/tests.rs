//! Tests of the compiler.

use crate::bytecode::insn::Insn;
use crate::bytecode::listing::listing;
use crate::bytecode::op::Op;
use crate::bytecode::proto::{Const, ProtoDef};
use crate::dialect::LuaVersion::{self, Lua54, Lua55};
use crate::meter::Meter;

/// Compiles a chunk named `t`.
fn compile(src: &[u8], version: LuaVersion) -> Result<ProtoDef, String> {
    super::compile(src, b"=t", version.rules(), &mut Meter::unlimited()).map_err(|e| e.to_string())
}

/// The ops of the main function.
fn ops(src: &str) -> Vec<Op> {
    let proto = compile(src.as_bytes(), Lua54).unwrap();
    proto.code.iter().map(|&w| Insn(w).op().unwrap()).collect()
}

/// The error of a chunk that does not compile.
fn error(src: &str, version: LuaVersion) -> String {
    compile(src.as_bytes(), version).unwrap_err()
}

/// `n` copies of `piece` with `sep` between.
fn repeated(piece: &str, sep: &str, n: usize) -> String {
    vec![piece; n].join(sep)
}

#[test]
fn results_land_in_their_locals() {
    use Op::{Add, LoadI, ReturnX, SubI};
    assert_eq!(
        ops("local a, b = 1, 2; local c = a + b; c = c - 1"),
        [LoadI, LoadI, Add, SubI, ReturnX]
    );
}

#[test]
fn constants_fold_unless_the_result_is_delicate() {
    use Op::{Div, DivK, IDivK, LoadF, LoadI, LoadK, ModK, MulK, ReturnX, Unm};
    assert_eq!(ops("local a = 2 + 3 * 4 - 5 // 2"), [LoadI, ReturnX]);
    assert_eq!(ops("local a = 7 / 2"), [LoadK, ReturnX]);
    assert_eq!(ops("local a = 4 / 2"), [LoadF, ReturnX]);
    assert_eq!(ops("local a = -0.0"), [LoadF, Unm, ReturnX]);
    assert_eq!(ops("local a = 1 // 0"), [LoadI, IDivK, ReturnX]);
    assert_eq!(ops("local a = 1 % 0"), [LoadI, ModK, ReturnX]);
    assert_eq!(ops("local a = 0 / 0"), [LoadI, DivK, ReturnX]);
    assert_eq!(ops("local a = 0.0 * 3"), [LoadF, MulK, ReturnX]);
    assert_eq!(ops("local a = x / y")[2], Div);
    assert_eq!(ops("local a = 3.0 | 4"), [LoadI, ReturnX]);
    assert_eq!(ops("local a = 2^53 < 1")[0], LoadK);
}

#[test]
fn constant_locals_take_no_register() {
    let proto = compile(b"local a <const>, b <const> = f(), 'x'; return b, a", Lua54).unwrap();
    assert_eq!(proto.locals.len(), 1);
    assert!(proto.consts.contains(&Const::Str(b"x".as_slice().into())));
    assert!(ops("local x <const> = 5; local y = x + 1").contains(&Op::LoadI));
}

#[test]
fn operands_take_the_shortest_form() {
    let ops = ops(
        "local x; x = x + 1; x = 1 + x; x = x - 1; x = 1 - x; x = 2 * x; x = 2 / x; x = x << 1; x = 1 << x; \
         x = x >> 1; x = x & 7; x = x + 1.5; x = 1.5 + x; x = x + 1000",
    );
    use Op::{
        AddI, AddK, BAndK, IAdd, IShl, KAdd, KDiv, KMul, KSub, LoadNil, ReturnX, ShlI, ShrI, SubI,
    };
    let expected = [
        LoadNil, AddI, IAdd, SubI, KSub, KMul, KDiv, ShlI, IShl, ShrI, BAndK, AddK, KAdd, AddK,
        ReturnX,
    ];
    assert_eq!(ops, expected);
}

#[test]
fn concatenations_are_one_instruction() {
    let ops = ops("local a; return a .. 'b' .. a .. 'c'");
    assert_eq!(ops.iter().filter(|&&op| op == Op::Concat).count(), 1);
}

#[test]
fn methods_with_long_names_are_looked_up_by_value() {
    let long = repeated("m", "", 41);
    assert!(ops("local t; t:m()").contains(&Op::SelfK));
    let ops = ops(&format!("local t; t:{long}()"));
    assert!(!ops.contains(&Op::SelfK));
    assert!(ops.contains(&Op::GetTable));
}

#[test]
fn functions_that_capture_close_on_return() {
    let proto = compile(b"local function f(a) return function() return a end end", Lua54).unwrap();
    let last = Insn(*proto.protos[0].code.last().unwrap());
    assert_eq!((last.op(), last.c()), (Some(Op::ReturnX), 1));
    let inner = &proto.protos[0].protos[0];
    assert!(inner.code.iter().any(|&w| Insn(w).is(Op::Return1)));
}

#[test]
fn long_chains_need_no_stack() {
    for src in [
        format!("return {}", repeated("a", " + ", 100_000)),
        format!("return {}", repeated("a", " and ", 100_000)),
        format!("return {}", repeated("a", " or ", 100_000)),
        format!("return {}", repeated("a", ".", 100_000)),
        format!("f{}", repeated("()", "", 100_000)),
        format!("f{}", repeated(":m()", "", 50_000)),
        format!("if a then {} end", repeated("b()", " elseif a then ", 50_000)),
    ] {
        compile(src.as_bytes(), Lua55).unwrap();
    }
}

#[test]
fn deep_nesting_fits_a_small_stack() {
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    let sources = [
        format!("x = {}", nested("(", "1", ")", 190)),
        format!("x = {}", nested("{", "", "}", 190)),
        format!("x = {}", nested("- ", "y", "", 190)),
        format!("x = {}", nested("y .. ", "y", "", 190)),
        format!("x = {}", nested("f(", "y", ")", 190)),
        nested("do ", "", " end", 190),
        nested("while x do ", "", " end", 190),
        nested("if x then ", "", " end", 190),
        nested("local function f() ", "", " end", 190),
        nested("return function() ", "", " end", 98),
        nested("x = {function() ", "", " end}", 65),
    ];
    let run = move || {
        for src in &sources {
            let proto = compile(src.as_bytes(), Lua54).unwrap();
            assert_eq!(crate::bytecode::verify::verify(&proto), Ok(()));
        }
    };
    // Frames of instrumented builds are far larger.
    let size = if cfg!(asan) { 16 } else { 1 } * 512 * 1024;
    std::thread::Builder::new().stack_size(size).spawn(run).unwrap().join().unwrap();
}

#[test]
fn many_constants_use_the_wide_load() {
    let list: Vec<String> = (0..70_000).map(|i| format!("{i}.5")).collect();
    let src = format!("x = {{ {} }}", list.join(","));
    let ops = ops(&src);
    assert!(
        ops.contains(&Op::LoadKX) && ops.contains(&Op::NewTableX) && ops.contains(&Op::SetListX)
    );
}

#[test]
fn long_loops_keep_their_instructions_together() {
    for head in ["for i = 1, 2 do", "for k in f do"] {
        let body = repeated("a = b", " ", 40_000);
        let proto = compile(format!("{head} {body} end").as_bytes(), Lua54).unwrap();
        let jumps = proto.code.iter().filter(|&&w| Insn(w).is(Op::Jmp)).count();
        assert_eq!(jumps, 3, "{head}");
    }
}

#[test]
fn named_varargs_make_a_table_only_when_named() {
    let ops = |src: &str| {
        let proto = compile(src.as_bytes(), Lua55).unwrap();
        proto.protos[0].code.iter().map(|&w| Insn(w).op().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ops("function f(...t) return ... end"), [Op::VarArg, Op::ReturnX, Op::ReturnX]);
    let indexed = ops("function f(...t) local n = t.n; return ... end");
    assert_eq!(indexed, [Op::LoadK, Op::GetVarg, Op::VarArg, Op::ReturnX, Op::ReturnX]);
    let with_table = ops("function f(...t) local n = t; return ... end");
    assert_eq!(with_table, [Op::VarArgTab, Op::Move, Op::VarArgFrom, Op::ReturnX, Op::ReturnX]);
}

#[test]
fn labels_follow_the_dialect() {
    let cases = [
        (
            "break\nprint(1)",
            "t:2: break outside loop at line 1",
            "t:1: break outside loop near 'break'",
        ),
        (
            "goto x",
            "t:1: no visible label 'x' for <goto> at line 1",
            "t:1: no visible label 'x' for <goto> at line 1",
        ),
        (
            "do goto x; local a\n::x:: print(a) end",
            "t:2: <goto x> at line 1 jumps into the scope of local 'a'",
            "t:2: <goto x> at line 1 jumps into the scope of 'a'",
        ),
        (
            "::a::\n::b::\n\n::a::\nprint(1)",
            "t:5: label 'a' already defined on line 4",
            "t:4: label 'a' already defined on line 4",
        ),
        (
            "repeat local x; goto c; local y; ::c:: until y",
            "t:1: <goto c> at line 1 jumps into the scope of local 'y'",
            "t:1: <goto c> at line 1 jumps into the scope of 'y'",
        ),
    ];
    for (src, old, new) in cases {
        assert_eq!(error(src, Lua54), old, "{src}");
        assert_eq!(error(src, Lua55), new, "{src}");
    }
    assert!(compile(b"do goto x; local a; ::x:: ; ::y:: end", Lua54).is_ok());
    assert!(compile(b"::a:: local function f() ::a:: end", Lua54).is_ok());
}

#[test]
fn constants_cannot_be_assigned_to() {
    for (src, name, old_line) in [
        ("local x <const> = 1; x = 2", "x", 1),
        ("local x <const> = f(); local function g() x = 1 end", "x", 1),
        ("local x <close> = f(); x = 1", "x", 1),
        ("local x <const> = f();\nfunction x()\nend\n\nprint()", "x", 5),
    ] {
        let msg = format!("attempt to assign to const variable '{name}'");
        assert_eq!(error(src, Lua54), format!("t:{old_line}: {msg}"), "{src}");
        assert!(error(src, Lua55).ends_with(&msg), "{src}");
    }
    assert!(compile(b"for i = 1, 2 do i = 3 end", Lua54).is_ok());
    let msg = "t:1: attempt to assign to const variable 'i'";
    assert_eq!(error("for i = 1, 2 do i = 3 end", Lua55), msg);
    assert!(compile(b"for k, v in f do v = 3 end", Lua55).is_ok());
}

#[test]
fn globals_are_declared_or_all_allowed() {
    let undeclared = |name: &str| format!("t:1: variable '{name}' not declared");
    assert_eq!(error("global x; y = 1", Lua55), undeclared("y"));
    assert_eq!(error("global none; local function f() print(1) end", Lua55), undeclared("print"));
    assert!(compile(b"global x; global *; y = 1", Lua55).is_ok());
    assert!(compile(b"do global x; x = 1 end; y = 2", Lua55).is_ok());
    let read_only = "t:1: attempt to assign to const variable 'y'";
    assert_eq!(error("global <const> *; y = 1", Lua55), read_only);
    let no_env = "t:1: _ENV is global when accessing variable 'x'";
    assert_eq!(error("global _ENV; global x; x = 1", Lua55), no_env);
    let scope = "t:1: <goto L> at line 1 jumps into the scope of '*'";
    assert_eq!(error("goto L; global *; ::L:: x = 1", Lua55), scope);
    let checked = compile(b"global a, b = 1, 2", Lua55).unwrap();
    assert_eq!(checked.code.iter().filter(|&&w| Insn(w).is(Op::ErrNNil)).count(), 2);
}

#[test]
fn limits_are_named() {
    let names = |prefix: &str| (0..180).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>();
    let (a, b) = (names("a"), names("b"));
    let sum = [a.join("+"), b.join("+")].join("+");
    let src = format!(
        "local {}\nlocal function g()\nlocal {}\nreturn function()\nreturn {sum} end\nend",
        a.join(","),
        b.join(",")
    );
    assert!(
        error(&src, Lua54)
            .starts_with("t:5: too many upvalues (limit is 255) in function at line 4")
    );
    let src = format!("return {}", repeated("x", ",", 300));
    assert!(error(&src, Lua54).starts_with("t:1: function or expression needs too many registers"));
    assert!(
        error(&src, Lua55).starts_with("t:1: too many registers (limit is 255) in main function")
    );
}

#[test]
fn lines_are_those_of_the_token_passed_last() {
    let proto = compile(b"local x = a\n+ b\n.c(\n1,\n2\n)", Lua54).unwrap();
    let text: Vec<_> = proto.lines.iter().map(ToString::to_string).collect();
    assert_eq!(text.join(" "), "2 2 3 4 6 3 2 6", "{}", listing(&proto));
}
