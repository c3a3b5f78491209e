//! Raising: the pending error in the state, positions in messages.

pub use crate::host::vm::LuaError;

use super::State;
use super::budget::Trip;
use super::frame::CallInfo;
use super::inspect;
use crate::syntax::source::chunk_display;
use crate::value::function::Proto;
use crate::value::repr::RawValue;
use crate::value::string::Str;

/// An error is pending in the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raised;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LuaErrorKind {
    /// All else: `error`, `assert`, failures of library functions, stack overflow.
    #[default]
    Runtime,
    /// A chunk does not compile, or a binary chunk is damaged.
    Syntax,
    /// The instruction budget is used up.
    InstrBudget,
    /// The memory cap is reached.
    MemoryCap,
    /// Host code failed or panicked.
    Native,
    /// The allocator refused, or a hard limit on sizes did.
    OutOfMemory,
    /// The host has stopped the run, or its deadline has passed.
    Interrupted,
    /// A value of the wrong type for an operator, index, call, comparison, loop or argument.
    Type,
}

impl std::fmt::Display for LuaErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LuaErrorKind::Runtime => "runtime",
            LuaErrorKind::Syntax => "syntax",
            LuaErrorKind::InstrBudget => "instr-budget",
            LuaErrorKind::MemoryCap => "memory-cap",
            LuaErrorKind::Native => "native",
            LuaErrorKind::OutOfMemory => "out-of-memory",
            LuaErrorKind::Interrupted => "interrupted",
            LuaErrorKind::Type => "type",
        })
    }
}

impl From<Trip> for LuaErrorKind {
    fn from(why: Trip) -> LuaErrorKind {
        match why {
            Trip::Budget => LuaErrorKind::InstrBudget,
            Trip::Memory => LuaErrorKind::MemoryCap,
            Trip::Moved | Trip::Exit => LuaErrorKind::Runtime,
            Trip::Interrupt | Trip::Deadline => LuaErrorKind::Interrupted,
        }
    }
}

/// Raises a value.
pub(crate) unsafe fn throw(l: *mut State, value: RawValue) -> Raised {
    let again = (*l).error.tag == value.tag && (*l).error.bits == value.bits;
    if !again || value.is_nil() {
        (*l).error_kind = LuaErrorKind::Runtime;
    }
    (*l).error = value;
    Raised
}

/// Raises that the allocator refused.
pub(crate) unsafe fn throw_out_of_memory(l: *mut State) -> Raised {
    (*l).heap.grant_grace();
    let raised = throw_str(l, b"not enough memory");
    (*l).error_kind = LuaErrorKind::OutOfMemory;
    raised
}

/// Raises a message about a value of the wrong type, with the position of the current frame.
pub(crate) unsafe fn throw_type_message(l: *mut State, text: &[u8]) -> Raised {
    let raised = throw_message(l, text);
    (*l).error_kind = LuaErrorKind::Type;
    raised
}

/// The pending error as whoever catches it sees it.
pub(crate) unsafe fn caught(l: *mut State) -> RawValue {
    let error = (*l).error;
    if error.is_nil() && (*l).rules.nil_error_named {
        return RawValue::str(Str::new(&mut (*l).heap, b"<no error object>"));
    }
    error
}

/// Raises a string without position.
pub(crate) unsafe fn throw_str(l: *mut State, text: &[u8]) -> Raised {
    throw(l, RawValue::str(Str::new(&mut (*l).heap, text)))
}

/// Raises a message with the position of the current frame, if a Lua function runs in it.
pub(crate) unsafe fn throw_message(l: *mut State, text: &[u8]) -> Raised {
    throw_with_position(l, 0, text)
}

/// Raises a message with the position of the frame `level` levels down.
pub(crate) unsafe fn throw_with_position(l: *mut State, level: usize, text: &[u8]) -> Raised {
    let mut message = position(l, level);
    message.extend_from_slice(text);
    throw_str(l, &message)
}

/// Chunk name and line of the innermost Lua function.
pub(crate) unsafe fn source(l: *mut State) -> Option<(String, u32)> {
    let mut level = 0;
    loop {
        let ci = inspect::frame_at(l, level)?;
        if CallInfo::is_lua(ci) {
            let def = Proto::def((*CallInfo::closure(ci)).proto.as_ptr());
            let name = String::from_utf8_lossy(def.source.as_deref()?).into_owned();
            return Some((name, current_line(ci)?));
        }
        level += 1;
    }
}

/// `SOURCE:LINE: ` of the frame `level` levels down; empty if it is not a Lua function's.
pub(crate) unsafe fn position(l: *mut State, level: usize) -> Vec<u8> {
    match inspect::frame_at(l, level) {
        Some(ci) if CallInfo::is_lua(ci) => {
            let proto = (*CallInfo::closure(ci)).proto.as_ptr();
            let mut text = source_display(proto);
            match current_line(ci) {
                Some(line) => text.extend_from_slice(format!(":{line}: ").as_bytes()),
                // A native does not tell of a place that is not known.
                None if level > 0 => text.clear(),
                None => {
                    text.extend_from_slice(format!(":{}: ", (*l).rules.unknown_line).as_bytes())
                }
            }
            text
        }
        _ => Vec::new(),
    }
}

/// How a prototype's chunk name shows.
pub(crate) unsafe fn source_display(proto: *mut Proto) -> Vec<u8> {
    match &Proto::def(proto).source {
        Some(name) => chunk_display(name),
        None => b"?".to_vec(),
    }
}

/// Line of the instruction a Lua frame is at.
pub(crate) unsafe fn current_line(ci: *const CallInfo) -> Option<u32> {
    let proto = (*CallInfo::closure(ci)).proto.as_ptr();
    Proto::def(proto).lines.get(CallInfo::current_pc(ci)).copied()
}
