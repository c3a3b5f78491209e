//! Tests of the checks: sound code passes, and each kind of fault is found.

use super::verify;
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::proto::{Const, LocalDef, ProtoDef};
use crate::dialect::LuaVersion;
use crate::meter::Meter;

/// A program that uses most instructions.
const PROGRAM: &str = "
local a, b, t = 1, 2, {1, 2, x = 3, ...}
local function f(x, ...) if x then return f(x - 1, ...) end return ... end
for i = a, b do t[i] = t.x .. i .. 'z'; if not t[1] or i == 3 then break end end
for k, v in pairs(t) do local function g() return k, v end; t[k] = g end
do local c <close> = f(); t:m(c, f()) end
repeat local u = a < b and t or f; local function h() return u end until h(f(...))
goto done
a = -b + 1 - 2 * a
::done::
return f(t, ...)
";

/// Compiles a chunk.
fn compile(src: &str, version: LuaVersion) -> ProtoDef {
    let rules = version.rules();
    crate::compile::compile(src.as_bytes(), b"=t", rules, &mut Meter::unlimited()).unwrap()
}

/// A function of two registers with these instructions.
fn proto(code: &[Insn]) -> ProtoDef {
    ProtoDef { code: code.iter().map(|i| i.0).collect(), max_stack: 10, ..ProtoDef::default() }
}

/// Why code is refused.
fn fault(code: &[Insn]) -> &'static str {
    verify(&proto(code)).expect_err("is refused").reason
}

/// An instruction of three bytes.
fn abc(op: Op, a: u8, b: u8, c: u8) -> Insn {
    Insn::abc(op, a, b, c)
}

/// The plain return.
fn ret() -> Insn {
    abc(Op::Return0, 0, 0, 0)
}

/// `R[reg] := 1`
fn load(reg: u8) -> Insn {
    Insn::asbx(Op::LoadI, reg, 1)
}

/// A jump.
fn jmp(distance: i32) -> Insn {
    Insn::sj(Op::Jmp, distance)
}

#[test]
fn compiled_code_passes() {
    for version in [LuaVersion::Lua54, LuaVersion::Lua55] {
        assert_eq!(verify(&compile(PROGRAM, version)), Ok(()));
    }
    let named = "local function f(...t) t[1] = 2; return t.n, ... end global function g() end";
    assert_eq!(verify(&compile(named, LuaVersion::Lua55)), Ok(()));
    let body = "a = b ".repeat(40_000);
    let long = format!("for i = 1, 2 do {body} end for k in f do {body} end");
    assert_eq!(verify(&compile(&long, LuaVersion::Lua54)), Ok(()));
}

#[test]
fn operands_must_exist() {
    assert_eq!(fault(&[Insn(0xfe), ret()]), "unknown instruction");
    assert_eq!(fault(&[load(10), ret()]), "register outside of the frame");
    assert_eq!(fault(&[Insn::abx(Op::LoadK, 0, 0), ret()]), "constant does not exist");
    assert_eq!(fault(&[abc(Op::GetUpval, 0, 0, 0), ret()]), "upvalue does not exist");
    assert_eq!(fault(&[Insn::abx(Op::Closure, 0, 0), ret()]), "function does not exist");
    assert_eq!(fault(&[load(0), abc(Op::Move, 1, 0, 1), ret()]), "unused field is not 0");
    let mut wrong_type = proto(&[load(0), abc(Op::GetField, 0, 0, 0), ret()]);
    for constant in [Const::Int(1), Const::Str(vec![b'x'; 41].into())] {
        wrong_type.consts = vec![constant];
        assert_eq!(verify(&wrong_type).unwrap_err().reason, "key is not a short string");
    }
    wrong_type.code[1] = abc(Op::AddK, 0, 0, 0).0;
    assert_eq!(verify(&wrong_type).unwrap_err().reason, "constant is not a number");
    wrong_type.code[1] = abc(Op::EqK0, 0, 0, 0).0;
    assert_eq!(verify(&wrong_type).unwrap_err().reason, "condition without its jump");
}

#[test]
fn implied_registers_must_exist() {
    let outside = "registers outside of the frame";
    let mut object = proto(&[load(9), abc(Op::SelfK, 9, 9, 0), ret()]);
    object.consts = vec![Const::Str(b"m".as_slice().into())];
    assert_eq!(verify(&object).unwrap_err().reason, outside);
    for insn in [
        abc(Op::LoadNil, 5, 5, 0),
        abc(Op::Concat, 5, 6, 0),
        abc(Op::Call, 5, 7, 1),
        abc(Op::Call, 5, 1, 7),
        abc(Op::Return, 5, 7, 0),
        abc(Op::SetList, 5, 5, 0),
        abc(Op::VarArg, 5, 0, 7),
        Insn::abx(Op::ForPrep, 7, 0),
        abc(Op::TForCall, 4, 0, 2),
    ] {
        assert_eq!(fault(&[insn, ret()]), outside, "{insn:?}");
    }
    for insn in [abc(Op::Concat, 0, 1, 0), abc(Op::TForCall, 0, 0, 1), abc(Op::NewTable, 0, 40, 0)]
    {
        assert_eq!(fault(&[insn, ret()]), "count out of range", "{insn:?}");
    }
}

#[test]
fn frames_must_be_sound() {
    let sound = proto(&[ret()]);
    assert_eq!(verify(&sound), Ok(()));
    let fault = |change: &dyn Fn(&mut ProtoDef)| {
        let mut p = sound.clone();
        change(&mut p);
        verify(&p).expect_err("is refused").reason
    };
    assert_eq!(fault(&|p| p.max_stack = 1), "bad frame size");
    assert_eq!(fault(&|p| p.num_params = 11), "more parameters than registers");
    assert_eq!(fault(&|p| p.lines = vec![1, 2]), "lines do not fit the code");
    assert_eq!(fault(&|p| p.code.clear()), "code does not end in a return");
    let local =
        |reg, start_pc, end_pc| LocalDef { name: b"x".as_slice().into(), reg, start_pc, end_pc };
    assert_eq!(fault(&|p| p.locals = vec![local(10, 0, 1)]), "local variable outside of the frame");
    assert_eq!(fault(&|p| p.locals = vec![local(0, 0, 2)]), "bad extent of a local variable");
    let main = compile(PROGRAM, LuaVersion::Lua54);
    let mut capture = main.clone();
    capture.protos[0].upvals[0].index = 200;
    assert_eq!(verify(&capture).unwrap_err().reason, "captured register outside of the frame");
    let mut capture = main;
    capture.protos[0].upvals[0].in_stack = false;
    capture.protos[0].upvals[0].index = 9;
    assert_eq!(verify(&capture).unwrap_err().reason, "captured upvalue does not exist");
}

#[test]
fn control_stays_inside() {
    assert_eq!(fault(&[load(0)]), "code does not end in a return");
    assert_eq!(fault(&[jmp(1), ret()]), "jump to no instruction");
    assert_eq!(fault(&[jmp(-2), ret()]), "jump to no instruction");
    assert_eq!(fault(&[abc(Op::LFalseSkip, 0, 0, 0), ret()]), "jump to no instruction");
    let wide = [jmp(1), abc(Op::NewTableX, 0, 0, 0), Insn::ax(Op::ExtraArg, 1), ret()];
    assert_eq!(fault(&wide), "jump to no instruction");
    assert_eq!(fault(&[abc(Op::NewTableX, 0, 0, 0), ret()]), "bad second word");
    assert_eq!(fault(&[Insn::ax(Op::ExtraArg, 0), ret()]), "second word without a first");
    let wide = [Insn::abx(Op::LoadKX, 0, 0), Insn::ax(Op::ExtraArg, 0), ret()];
    assert_eq!(fault(&wide), "bad second word");
    assert_eq!(fault(&[load(0), abc(Op::Test0, 0, 0, 0), ret()]), "condition without its jump");
}

#[test]
fn open_lists_are_used_at_once() {
    let open_call = abc(Op::Call, 0, 1, 0);
    assert_eq!(fault(&[load(0), open_call, ret()]), "open list is not used");
    assert_eq!(fault(&[load(0), abc(Op::Call, 0, 0, 1), ret()]), "no open list to use");
    assert_eq!(
        fault(&[load(0), open_call, load(1), abc(Op::Return, 0, 0, 0), ret()]),
        "open list is not used"
    );
    assert_eq!(
        fault(&[load(0), open_call, abc(Op::Return, 1, 0, 0), ret()]),
        "open list is not what came before"
    );
    assert_eq!(
        fault(&[load(0), open_call, abc(Op::Call, 0, 0, 1), ret()]),
        "open list is not what came before"
    );
    let jumped = [load(0), jmp(1), open_call, abc(Op::Return, 0, 0, 0), ret()];
    assert_eq!(fault(&jumped), "open list is not what came before");
    assert_eq!(verify(&proto(&[load(0), open_call, abc(Op::Return, 0, 0, 0), ret()])), Ok(()));
}

#[test]
fn returns_fit_the_function() {
    let mut vararg = proto(&[ret()]);
    vararg.is_vararg = true;
    let plain = "plain return from a function that has more to do";
    assert_eq!(verify(&vararg).unwrap_err().reason, plain);
    assert_eq!(fault(&[abc(Op::VarArg, 0, 0, 2), ret()]), "function has no varargs");
    let mut main = compile(PROGRAM, LuaVersion::Lua54);
    let last = main.code.len() - 1;
    main.code[last] = Insn(main.code[last]).with_c(0).0;
    assert_eq!(verify(&main).unwrap_err().reason, "return leaves variables open");
}

#[test]
fn loops_come_in_pairs() {
    let prep = Insn::abx(Op::ForPrep, 0, 0);
    let again = Insn::abx(Op::ForLoop, 0, 1);
    let start = [load(0), load(1), load(2)];
    let code = |tail: &[Insn]| [&start, tail, &[ret()]].concat();
    assert_eq!(verify(&proto(&code(&[prep, again]))), Ok(()));
    assert_eq!(fault(&code(&[prep])), "loop without its end");
    assert_eq!(fault(&code(&[again])), "loop without its start");
    assert_eq!(fault(&code(&[prep, Insn::abx(Op::ForLoop, 0, 2)])), "loop without its end");
    assert_eq!(fault(&code(&[prep, Insn::abx(Op::ForLoop, 1, 1)])), "loop without its end");
    assert_eq!(fault(&code(&[abc(Op::TForCall, 0, 0, 2)])), "call of an iterator without its loop");
    assert_eq!(fault(&code(&[Insn::abx(Op::TForPrep, 0, 0)])), "loop without its end");
    assert_eq!(fault(&code(&[Insn::abx(Op::TForLoop, 0, 1)])), "loop without its start");
    let around = [load(3), jmp(1), prep, again];
    assert_eq!(fault(&code(&around)), "loop that was not started");
    let changed = [Insn::abx(Op::ForPrep, 0, 1), load(1), Insn::abx(Op::ForLoop, 0, 2)];
    assert_eq!(fault(&code(&changed)), "loop that was not started");
}

#[test]
fn registers_are_written_before_they_are_read() {
    let unwritten = "register is read before it is written";
    assert_eq!(fault(&[abc(Op::Move, 0, 1, 0), ret()]), unwritten);
    assert_eq!(fault(&[load(0), abc(Op::Call, 0, 1, 1), abc(Op::Move, 1, 0, 0), ret()]), unwritten);
    let one_way =
        [load(0), abc(Op::Test0, 0, 0, 0), jmp(1), load(1), abc(Op::Return1, 1, 0, 0), ret()];
    assert_eq!(fault(&one_way), unwritten);
    let set =
        [load(0), abc(Op::TestSet0, 1, 0, 0), jmp(1), load(1), abc(Op::Return1, 1, 0, 0), ret()];
    assert_eq!(verify(&proto(&set)), Ok(()));
    // The second way round the loop comes with less than the first.
    let back = [load(0), load(1), abc(Op::Move, 2, 1, 0), abc(Op::Call, 0, 1, 2), jmp(-3), ret()];
    assert_eq!(fault(&back), unwritten);
}

#[test]
fn variables_are_closed_in_order() {
    let leave = abc(Op::ReturnX, 0, 1, 1);
    let (tbc0, tbc1, close0) =
        (abc(Op::Tbc, 0, 0, 0), abc(Op::Tbc, 1, 0, 0), abc(Op::Close, 0, 0, 0));
    assert_eq!(verify(&proto(&[load(0), load(1), tbc0, tbc1, close0, leave])), Ok(()));
    let order = "variable to be closed is marked out of order";
    assert_eq!(fault(&[load(0), load(1), tbc1, tbc0, leave]), order);
    assert_eq!(fault(&[load(0), tbc0, tbc0, leave]), order);
    assert_eq!(fault(&[load(0), tbc0, load(0), leave]), "variable to be closed is overwritten");
    let tail = [load(0), tbc0, load(1), abc(Op::TailCall, 1, 1, 1), leave];
    assert_eq!(fault(&tail), "tail call leaves variables to close");
}

#[test]
fn calls_do_not_run_over_captured_registers() {
    let mut p =
        compile("local f; do local x = 1; f = function() return x end end f()", LuaVersion::Lua54);
    assert_eq!(verify(&p), Ok(()));
    let at = p.code.iter().position(|&w| Insn(w).is(Op::Close)).unwrap();
    p.code[at] = Insn::asbx(Op::LoadI, 5, 0).0;
    p.max_stack = 6;
    assert_eq!(verify(&p).unwrap_err().reason, "call over captured registers");
}

#[test]
fn no_change_of_a_word_makes_it_panic() {
    let main = compile(PROGRAM, LuaVersion::Lua54);
    let mut seed = 1u64;
    let mut refused = 0;
    for _ in 0..20_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut changed = main.clone();
        let at = (seed >> 33) as usize % changed.code.len();
        let bits = (seed >> 20) as u32 & ((seed >> 8) as u32);
        changed.code[at] ^= if seed & 1 == 0 { 1 << (bits % 32) } else { bits };
        refused += usize::from(verify(&changed).is_err());
    }
    assert!(refused > 10_000, "{refused}");
}
