//! Raising: the pending error in the state, positions in messages.

pub use crate::host::vm::LuaError;

use super::State;
use super::frame::CallInfo;
use super::inspect;
use crate::syntax::source::chunk_display;
use crate::value::function::Proto;
use crate::value::repr::RawValue;
use crate::value::string::Str;

/// An error is pending in the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raised;

/// Raises a value.
pub(crate) unsafe fn throw(l: *mut State, value: RawValue) -> Raised {
    (*l).error = value;
    Raised
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

/// Raises that the host does not end the process.
pub(crate) unsafe fn throw_exit_refused(l: *mut State) -> Raised {
    throw_str(l, b"os.exit not available")
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

/// `SOURCE:LINE: ` of the frame `level` levels down; empty if it is not a Lua function's.
pub(crate) unsafe fn position(l: *mut State, level: usize) -> Vec<u8> {
    match inspect::frame_at(l, level) {
        Some(ci) if CallInfo::is_lua(ci) => {
            let proto = (*CallInfo::closure(ci)).proto;
            let mut text = source_display(proto);
            match current_line(ci) {
                Some(line) => text.extend_from_slice(format!(":{line}: ").as_bytes()),
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
    let proto = (*CallInfo::closure(ci)).proto;
    Proto::def(proto).lines.get(CallInfo::current_pc(ci)).copied()
}
