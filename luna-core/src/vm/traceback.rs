//! Traceback text.

use super::State;
use super::error::{current_line, source_display};
use super::frame::{CallInfo, frame_flag};
use super::inspect;
use super::limits::{TRACEBACK_HEAD, TRACEBACK_TAIL};
use crate::value::function::Proto;
use crate::value::thread::Coro;

/// The running thread's stack from `level` on, starting `stack traceback:`.
pub(crate) unsafe fn text(l: *mut State, level: usize) -> String {
    String::from_utf8_lossy(&of_thread(l, (*l).current, level)).into_owned()
}

/// As [`text`] for any thread, as bytes.
pub(crate) unsafe fn of_thread(l: *mut State, thread: *mut Coro, level: usize) -> Vec<u8> {
    let words = if thread == (*l).current { &raw const (*l).w } else { &raw const (*thread).words };
    let (ci_base, ci) = ((*words).ci_base, (*words).ci);
    let mut out = b"stack traceback:".to_vec();
    let depth = ci.offset_from(ci_base) as usize;
    // Below the first function is the host, unless that has put a native of its own there.
    let hosted = thread == (*l).main && (depth == 0 || CallInfo::is_lua(ci_base.add(1)));
    let levels = (depth + usize::from(hosted)).saturating_sub(level);
    let skip = levels > TRACEBACK_HEAD + TRACEBACK_TAIL + 1;
    let mut at = 0;
    while at < levels {
        if skip && at == TRACEBACK_HEAD {
            let skipped = levels - TRACEBACK_HEAD - TRACEBACK_TAIL;
            // The reference does not count the level the message stands for.
            out.extend_from_slice(format!("\n\t...\t(skipping {} levels)", skipped - 1).as_bytes());
            at += skipped;
            continue;
        }
        if level + at < depth {
            push_frame(l, ci_base, ci.sub(level + at), &mut out);
        } else {
            out.extend_from_slice(b"\n\t[C]: in ?");
        }
        at += 1;
    }
    out
}

/// One line for a frame.
unsafe fn push_frame(l: *mut State, ci_base: *mut CallInfo, ci: *mut CallInfo, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\n\t");
    let is_lua = CallInfo::is_lua(ci);
    if is_lua {
        let proto = (*CallInfo::closure(ci)).proto.as_ptr();
        out.extend_from_slice(&source_display(proto));
        if let Some(line) = current_line(ci) {
            out.extend_from_slice(format!(":{line}: in ").as_bytes());
        } else {
            out.extend_from_slice(b": in ");
        }
    } else {
        out.extend_from_slice(b"[C]: in ");
    }
    push_name(l, ci_base, ci, is_lua, out);
    if (*ci).flags & frame_flag::TAIL != 0 {
        out.extend_from_slice(b"\n\t(...tail calls...)");
    }
}

/// What is said of the function in a frame.
unsafe fn push_name(
    l: *mut State,
    ci_base: *mut CallInfo,
    ci: *mut CallInfo,
    is_lua: bool,
    out: &mut Vec<u8>,
) {
    let loaded = || inspect::loaded_name(l, *(*ci).base.sub(1)).map(|name| ("function", name));
    let from_code = || inspect::frame_name(ci_base, ci);
    let is_main = is_lua && Proto::def((*CallInfo::closure(ci)).proto.as_ptr()).line_defined == 0;
    let named = if !(*l).rules.traceback_prefers_code_name {
        loaded().or_else(from_code)
    } else if is_main {
        from_code()
    } else {
        from_code().or_else(loaded)
    };
    if let Some((kind, name)) = named {
        out.extend_from_slice(kind.as_bytes());
        out.extend_from_slice(b" '");
        out.extend_from_slice(&name);
        out.push(b'\'');
    } else if is_main {
        out.extend_from_slice(b"main chunk");
    } else if is_lua {
        let proto = (*CallInfo::closure(ci)).proto.as_ptr();
        out.extend_from_slice(b"function <");
        out.extend_from_slice(&source_display(proto));
        out.extend_from_slice(format!(":{}>", Proto::def(proto).line_defined).as_bytes());
    } else {
        out.push(b'?');
    }
}
