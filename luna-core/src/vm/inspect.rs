//! Names for error messages: what a register holds, how a function was called.

use super::State;
use super::error::{Raised, throw_message, throw_type_message};
use super::frame::CallInfo;
use super::meta::{self, Event};
use super::op::{arg_a, arg_ax, arg_b, arg_bx, arg_c, arg_sj, op_of};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{is_condition, is_table_store};
use crate::bytecode::proto::{Const, ProtoDef};
use crate::host::native::std_entry;
use crate::value::function::{NativeClosure, NativeEntry, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;

/// Where an operand of the current instruction is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    /// In a register.
    Register(usize),
    /// In an upvalue.
    Upvalue(usize),
    /// In a constant.
    Constant(usize),
}

/// Kind and name of a value, as messages give them.
pub(crate) type Named = (&'static str, Vec<u8>);

/// The frame `level` levels below the current one (0: the current); `None` below the first call.
pub(crate) unsafe fn frame_at(l: *mut State, level: usize) -> Option<*mut CallInfo> {
    let ci = (*l).w.ci;
    let depth = ci.offset_from((*l).w.ci_base) as usize;
    (level < depth).then(|| ci.sub(level))
}

/// Type name with `__name` obeyed.
pub(crate) unsafe fn type_name(l: *mut State, value: RawValue) -> Vec<u8> {
    let meta = match value.tag {
        tag::TABLE | tag::USERDATA => meta::metatable_of(l, value),
        _ => std::ptr::null_mut(),
    };
    let name = meta::handler_in(l, meta, Event::Name);
    if name.tag == tag::STR {
        super::observe::handler(l, "__name");
        return Str::bytes(name.as_ptr()).to_vec();
    }
    value.type_name().as_bytes().to_vec()
}

/// As [`type_name`], as errors about arguments have it.
pub(crate) unsafe fn argument_type_name(l: *mut State, value: RawValue) -> Vec<u8> {
    if value.tag == tag::LIGHT { b"light userdata".to_vec() } else { type_name(l, value) }
}

/// Name of the local variable in a register of a Lua frame at its current instruction.
pub(crate) unsafe fn local_name(ci: *const CallInfo, register: usize) -> Option<Vec<u8>> {
    let def = Proto::def((*CallInfo::closure(ci)).proto.as_ptr());
    active_local(def, register, CallInfo::current_pc(ci))
}

/// Name of the local variable in a register at instruction `pc`.
pub(crate) fn active_local(def: &ProtoDef, register: usize, pc: usize) -> Option<Vec<u8>> {
    def.locals
        .iter()
        .take_while(|local| local.start_pc as usize <= pc)
        .find(|local| pc < local.end_pc as usize && usize::from(local.reg) == register)
        .map(|local| local.name.to_vec())
}

/// Whether an op writes register A.
fn writes_a(op: Op) -> bool {
    if is_table_store(op) {
        return false;
    }
    if is_condition(op) {
        return matches!(op, Op::TestSet0 | Op::TestSet1);
    }
    !matches!(
        op,
        Op::SetUpval
            | Op::Close
            | Op::Tbc
            | Op::Jmp
            | Op::Return
            | Op::Return0
            | Op::Return1
            | Op::ReturnX
            | Op::TForPrep
            | Op::SetList
            | Op::SetListX
            | Op::ErrNNil
            | Op::ExtraArg
    )
}

/// The last instruction before `last` that surely set a register.
fn find_setter(def: &ProtoDef, last: usize, register: usize) -> Option<usize> {
    let (mut setter, mut jump_target) = (None, 0);
    for pc in 0..last {
        let word = def.code[pc];
        let a = arg_a(word);
        let op = op_of(word);
        let changes = match op {
            Op::LoadNil => (a..=a + arg_b(word)).contains(&register),
            Op::TForCall => register >= a + 4,
            Op::Call | Op::TailCall => register >= a,
            Op::SelfK => register == a || register == a + 1,
            Op::ForLoop | Op::ForPrep => (a..a + 4).contains(&register),
            Op::Jmp => {
                let target = pc.wrapping_add_signed(arg_sj(word) + 1);
                if target > pc && target <= last && target > jump_target {
                    jump_target = target;
                }
                false
            }
            _ => writes_a(op) && register == a,
        };
        if changes {
            setter = if pc < jump_target { None } else { Some(pc) };
        }
    }
    setter
}

/// Text of a string constant.
fn constant_text(def: &ProtoDef, index: usize) -> Option<Vec<u8>> {
    match def.consts.get(index) {
        Some(Const::Str(s)) => Some(s.to_vec()),
        _ => None,
    }
}

/// Name of an upvalue.
fn upvalue_name(def: &ProtoDef, index: usize) -> Vec<u8> {
    def.upvals
        .get(index)
        .and_then(|u| u.name.as_deref())
        .map_or_else(|| b"?".to_vec(), <[u8]>::to_vec)
}

/// `global` if the table a field was read from is `_ENV`, else `field`.
fn field_kind(def: &ProtoDef, pc: usize, table: Operand) -> &'static str {
    let name = match table {
        Operand::Upvalue(n) => Some(upvalue_name(def, n)),
        Operand::Register(r) => match register_name(def, pc, r) {
            Some((kind @ ("local" | "upvalue"), name)) if !kind.is_empty() => Some(name),
            _ => None,
        },
        Operand::Constant(_) => None,
    };
    if name.as_deref() == Some(b"_ENV") { "global" } else { "field" }
}

/// Whether the `GetTable` at `pc` fetches a method whose name is no short constant: its object is put behind it just before.
fn is_far_method(def: &ProtoDef, pc: usize) -> bool {
    let Some(&before) = pc.checked_sub(1).and_then(|pc| def.code.get(pc)) else { return false };
    let word = def.code[pc];
    op_of(before) == Op::Move
        && arg_a(before) == arg_a(word) + 1
        && arg_b(before) == arg_b(word)
        && arg_c(word) == arg_a(word) + 2
}

/// What a register holds at an instruction, as far as the code before it tells.
pub(crate) fn register_name(def: &ProtoDef, last: usize, register: usize) -> Option<Named> {
    if let Some(name) = active_local(def, register, last) {
        return Some(("local", name));
    }
    let pc = find_setter(def, last, register)?;
    let word = def.code[pc];
    let (b, c) = (arg_b(word), arg_c(word));
    match op_of(word) {
        Op::Move if b < arg_a(word) => register_name(def, pc, b),
        Op::GetTabUp => Some((field_kind(def, pc, Operand::Upvalue(b)), constant_text(def, c)?)),
        op @ (Op::GetTable | Op::GetVarg) => {
            let key = match register_name(def, pc, c) {
                Some(("constant", name)) => name,
                _ => b"?".to_vec(),
            };
            if op == Op::GetVarg {
                return Some(("field", key));
            }
            let kind = if is_far_method(def, pc) {
                "method"
            } else {
                field_kind(def, pc, Operand::Register(b))
            };
            Some((kind, key))
        }
        Op::GetI => Some(("field", b"integer index".to_vec())),
        Op::GetField => Some((field_kind(def, pc, Operand::Register(b)), constant_text(def, c)?)),
        Op::GetUpval => Some(("upvalue", upvalue_name(def, b))),
        Op::LoadK => Some(("constant", constant_text(def, arg_bx(word))?)),
        Op::LoadKX => Some(("constant", constant_text(def, arg_ax(*def.code.get(pc + 1)?))?)),
        Op::SelfK => Some(("method", constant_text(def, c)?)),
        _ => None,
    }
}

/// ` (kind 'name')` of an operand of the current instruction, or nothing.
unsafe fn operand_info(l: *mut State, operand: Option<Operand>) -> Vec<u8> {
    let ci = (*l).w.ci;
    if !CallInfo::is_lua(ci) {
        return Vec::new();
    }
    let def = Proto::def((*CallInfo::closure(ci)).proto.as_ptr());
    let named = match operand {
        Some(Operand::Register(r)) => register_name(def, CallInfo::current_pc(ci), r),
        Some(Operand::Upvalue(n)) => Some(("upvalue", upvalue_name(def, n))),
        Some(Operand::Constant(n)) => constant_text(def, n).map(|text| ("constant", text)),
        None => None,
    };
    named.map_or_else(Vec::new, describe)
}

/// ` (kind 'name')`
fn describe((kind, name): Named) -> Vec<u8> {
    let mut text = format!(" ({kind} '").into_bytes();
    // As in C, a NUL ends the name.
    text.extend_from_slice(name.split(|byte| *byte == 0).next().unwrap_or_default());
    text.extend_from_slice(b"')");
    text
}

/// Raises `attempt to WHAT a TYPE value (kind 'name')`.
pub(crate) unsafe fn type_error(
    l: *mut State,
    value: RawValue,
    what: &str,
    operand: Option<Operand>,
) -> Raised {
    let info = operand_info(l, operand);
    type_error_with(l, value, what, &info)
}

unsafe fn type_error_with(l: *mut State, value: RawValue, what: &str, info: &[u8]) -> Raised {
    let mut text = format!("attempt to {what} a ").into_bytes();
    text.extend_from_slice(&type_name(l, value));
    text.extend_from_slice(b" value");
    text.extend_from_slice(info);
    throw_type_message(l, &text)
}

/// Raises for a number that is not integral where an integer is needed.
pub(crate) unsafe fn no_integer_error(
    l: *mut State,
    _value: RawValue,
    operand: Option<Operand>,
) -> Raised {
    let mut text = b"number".to_vec();
    text.extend_from_slice(&operand_info(l, operand));
    text.extend_from_slice(b" has no integer representation");
    throw_message(l, &text)
}

/// Raises for a call of the value at `f`.
pub(crate) unsafe fn call_error(l: *mut State, f: *mut RawValue) -> Raised {
    let ci = (*l).w.ci;
    let mut info = Vec::new();
    if CallInfo::is_lua(ci) {
        let def = Proto::def((*CallInfo::closure(ci)).proto.as_ptr());
        let pc = CallInfo::current_pc(ci);
        info = called_name(def, pc).map_or_else(Vec::new, describe);
    }
    type_error_with(l, *f, "call", &info)
}

/// Raises for a metamethod that is no function.
pub(crate) unsafe fn metamethod_call_error(l: *mut State, event: &str) -> Raised {
    let info = format!(" (metamethod '{event}')").into_bytes();
    type_error_with(l, RawValue::NIL, "call", &info)
}

/// Raises for a concatenation with the value in a register.
pub(crate) unsafe fn concat_error(l: *mut State, slot: *mut RawValue) -> Raised {
    let register = slot.offset_from((*(*l).w.ci).base) as usize;
    type_error(l, *slot, "concatenate", Some(Operand::Register(register)))
}

/// Raises for two values without an order.
pub(crate) unsafe fn compare_error(l: *mut State, x: RawValue, y: RawValue) -> Raised {
    let (a, b) = (type_name(l, x), type_name(l, y));
    let mut text = b"attempt to compare ".to_vec();
    if a == b {
        text.extend_from_slice(b"two ");
        text.extend_from_slice(&a);
        text.extend_from_slice(b" values");
    } else {
        text.extend_from_slice(&a);
        text.extend_from_slice(b" with ");
        text.extend_from_slice(&b);
    }
    throw_type_message(l, &text)
}

/// How the instruction at `pc` names what it calls.
pub(crate) fn called_name(def: &ProtoDef, pc: usize) -> Option<Named> {
    let word = *def.code.get(pc)?;
    let event = match op_of(word) {
        Op::Call | Op::TailCall => return register_name(def, pc, arg_a(word)),
        Op::TForCall => return Some(("for iterator", b"for iterator".to_vec())),
        Op::GetTabUp | Op::GetTable | Op::GetI | Op::GetField | Op::SelfK => "index",
        Op::SetTabUp
        | Op::SetTabUpK
        | Op::SetTable
        | Op::SetTableK
        | Op::SetI
        | Op::SetIK
        | Op::SetField
        | Op::SetFieldK => "newindex",
        Op::Add | Op::AddI | Op::AddK | Op::IAdd | Op::KAdd => "add",
        Op::Sub | Op::SubI | Op::SubK | Op::KSub => "sub",
        Op::Mul | Op::MulK | Op::KMul => "mul",
        Op::Mod | Op::ModK => "mod",
        Op::Pow | Op::PowK => "pow",
        Op::Div | Op::DivK | Op::KDiv => "div",
        Op::IDiv | Op::IDivK => "idiv",
        Op::BAnd | Op::BAndK => "band",
        Op::BOr | Op::BOrK => "bor",
        Op::BXor | Op::BXorK => "bxor",
        Op::Shl | Op::ShlI | Op::IShl => "shl",
        Op::Shr | Op::ShrI => "shr",
        Op::Unm => "unm",
        Op::BNot => "bnot",
        Op::Len => "len",
        Op::Concat => "concat",
        Op::Eq0 | Op::Eq1 => "eq",
        Op::Lt0 | Op::Lt1 | Op::LtI0 | Op::LtI1 | Op::GtI0 | Op::GtI1 => "lt",
        Op::Le0 | Op::Le1 | Op::LeI0 | Op::LeI1 | Op::GeI0 | Op::GeI1 => "le",
        Op::Close | Op::Return | Op::ReturnX => "close",
        _ => return None,
    };
    Some(("metamethod", event.as_bytes().to_vec()))
}

/// How the function in a frame was called.
pub(crate) unsafe fn frame_name(ci_base: *mut CallInfo, ci: *mut CallInfo) -> Option<Named> {
    use super::frame::frame_flag;
    if ci <= ci_base.add(1) || (*ci).flags & frame_flag::TAIL != 0 {
        return None;
    }
    let caller = ci.sub(1);
    if (*caller).flags & frame_flag::HOOKED != 0 {
        return Some(("hook", b"?".to_vec()));
    }
    if (*caller).flags & frame_flag::FINALIZER != 0 {
        return Some(("metamethod", b"__gc".to_vec()));
    }
    if !CallInfo::is_lua(caller) {
        return None;
    }
    let def = Proto::def((*CallInfo::closure(caller)).proto.as_ptr());
    called_name(def, CallInfo::current_pc(caller))
}

/// `mod.f` of a function found in `package.loaded`.
pub(crate) unsafe fn loaded_name(l: *mut State, function: RawValue) -> Option<Vec<u8>> {
    let key = RawValue::str(Str::new(&mut (*l).heap, b"_LOADED"));
    let loaded = Table::get((*l).registry, &(*l).heap, key);
    if loaded.tag != tag::TABLE {
        return None;
    }
    let mut key = RawValue::NIL;
    while let Ok(Some((name, module))) = Table::next(loaded.as_ptr(), &(*l).heap, key) {
        key = name;
        if module.tag != tag::TABLE || name.tag != tag::STR {
            continue;
        }
        let mut field = RawValue::NIL;
        while let Ok(Some((f, value))) = Table::next(module.as_ptr(), &(*l).heap, field) {
            field = f;
            if f.tag == tag::STR && super::compare_slow::raw_equal(value, function) {
                let module = Str::bytes(name.as_ptr());
                let mut text = if module == b"_G" { Vec::new() } else { [module, b"."].concat() };
                text.extend_from_slice(Str::bytes(f.as_ptr()));
                return Some(text);
            }
        }
    }
    None
}

/// `bad argument #n to 'f' (message)` for argument `i` (from 0) of the running native.
pub(crate) unsafe fn argument_message(l: *mut State, i: usize, message: &[u8]) -> Vec<u8> {
    let ci = (*l).w.ci;
    let mut number = i + 1;
    let name = match frame_name((*l).w.ci_base, ci) {
        Some((kind, name)) => {
            if kind == "method" {
                number -= 1;
                if number == 0 {
                    let mut text = b"calling '".to_vec();
                    text.extend_from_slice(&name);
                    text.extend_from_slice(b"' on bad self (");
                    text.extend_from_slice(message);
                    text.push(b')');
                    return text;
                }
            }
            name
        }
        None => {
            let function = *(*ci).base.sub(1);
            loaded_name(l, function).unwrap_or_else(|| host_name(function))
        }
    };
    let mut text = format!("bad argument #{number} to '").into_bytes();
    text.extend_from_slice(&name);
    text.extend_from_slice(b"' (");
    text.extend_from_slice(message);
    text.push(b')');
    text
}

/// The name that a host made a native with; the library's are known by where they are found.
unsafe fn host_name(function: RawValue) -> Vec<u8> {
    if function.tag == tag::NATIVE {
        let native: *mut NativeClosure = function.as_ptr();
        let is_std = std::ptr::fn_addr_eq((*native).entry, std_entry as NativeEntry);
        let name = (*native).name;
        if !is_std && !name.is_empty() {
            return name.as_bytes().to_vec();
        }
    }
    b"?".to_vec()
}
