//! The debug library.

use super::{optional_text, text};
use crate::host::native::buffer::Buffer;
use crate::host::native::debug::{Frame, FunctionInfo};
use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::vm::hook::mask;

/// The functions.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("traceback", traceback),
    ("getinfo", getinfo),
    ("getlocal", getlocal),
    ("setlocal", setlocal),
    ("getupvalue", getupvalue),
    ("setupvalue", setupvalue),
    ("upvalueid", upvalueid),
    ("upvaluejoin", upvaluejoin),
    ("getmetatable", getmetatable),
    ("setmetatable", setmetatable),
    ("getregistry", getregistry),
    ("getuservalue", getuservalue),
    ("setuservalue", setuservalue),
    ("sethook", sethook),
    ("gethook", gethook),
];

/// Position of the first argument after an optional leading thread, and that thread's position.
fn after_thread(cx: &Cx<'_>) -> (usize, Option<usize>) {
    if matches!(cx.arg(0).kind(), Kind::Thread) { (1, Some(0)) } else { (0, None) }
}

/// `debug.traceback([thread,] [message [, level]])`
fn traceback(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, thread) = after_thread(cx);
    let message = cx.arg(first);
    if !message.is_nil() && !matches!(message.kind(), Kind::Str(_) | Kind::Int(_) | Kind::Float(_))
    {
        return Ok(cx.ret(message));
    }
    let level = cx.opt_int(first + 1, if thread.is_some() { 0 } else { 1 })?;
    let mut text = match cx.opt_str(first)? {
        Some(message) => [message, b"\n"].concat(),
        None => Vec::new(),
    };
    text.extend_from_slice(&cx.traceback(thread, usize::try_from(level).unwrap_or(usize::MAX)));
    Ok(cx.ret(cx.str(&text)))
}

/// `debug.getinfo([thread,] f [, what])`
fn getinfo(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, thread) = after_thread(cx);
    let what = optional_text(cx, first + 1)?;
    let what = what.as_ref().map_or(b"flnSrtu".as_slice(), Buffer::bytes);
    if what.first() == Some(&b'>') {
        return Err(cx.arg_error(first + 1, "invalid option '>'"));
    }
    if what.iter().any(|c| !b"SlnrutLf".contains(c)) {
        return Err(cx.arg_error(first + 1, "invalid option"));
    }
    let (frame, function) = if matches!(cx.arg(first).kind(), Kind::Function) {
        (None, cx.arg(first))
    } else {
        let level = cx.check_int(first)?;
        let Some(frame) = usize::try_from(level).ok().and_then(|level| cx.frame(thread, level))
        else {
            return Ok(cx.ret(Val::NIL));
        };
        (Some(frame), cx.frame_function(frame))
    };
    let table = cx.new_table(0, 12);
    if let Some(info) = cx.function_info(function) {
        for option in what {
            set_option(cx, table, *option, frame, &info)?;
        }
    }
    if what.contains(&b'f') {
        table.set_name(cx, "func", function)?;
    }
    Ok(cx.ret(table.val()))
}

/// Fills in the fields of one option of `getinfo`.
fn set_option(
    cx: &Cx<'_>,
    t: TableRef<'_>,
    option: u8,
    frame: Option<Frame>,
    info: &FunctionInfo,
) -> Result<(), Raise> {
    match option {
        b'S' => {
            t.set_name(cx, "source", cx.str(&info.source))?;
            t.set_name(cx, "short_src", cx.str(&info.short_source))?;
            t.set_name(cx, "linedefined", Val::int(info.line_defined))?;
            t.set_name(cx, "lastlinedefined", Val::int(info.last_line))?;
            t.set_name(cx, "what", cx.str(info.what.as_bytes()))
        }
        b'l' => t.set_name(cx, "currentline", Val::int(frame.map_or(-1, |f| cx.frame_line(f)))),
        b'u' => {
            t.set_name(cx, "nups", Val::int(info.upvalues as i64))?;
            t.set_name(cx, "nparams", Val::int(i64::from(info.params)))?;
            t.set_name(cx, "isvararg", Val::bool(info.is_vararg))
        }
        b'n' => {
            let named = frame.and_then(|f| cx.frame_name(f));
            let (kind, name) = match &named {
                Some((kind, name)) => (*kind, cx.str(name)),
                None => ("", Val::NIL),
            };
            t.set_name(cx, "namewhat", cx.str(kind.as_bytes()))?;
            t.set_name(cx, "name", name)
        }
        b'r' => {
            let (mut first, count) = frame.map_or((0, 0), |f| cx.frame_transfer(f));
            if count == 0 && !cx.rules().empty_transfer_has_place {
                first = 0;
            }
            t.set_name(cx, "ftransfer", Val::int(i64::from(first)))?;
            t.set_name(cx, "ntransfer", Val::int(i64::from(count)))
        }
        b't' => {
            t.set_name(
                cx,
                "istailcall",
                Val::bool(frame.is_some_and(|f| cx.frame_is_tail_call(f))),
            )?;
            if cx.rules().getinfo_extra_args {
                let extra = frame.map_or(0, |f| cx.frame_extra_args(f));
                t.set_name(cx, "extraargs", Val::int(i64::from(extra)))?;
            }
            Ok(())
        }
        b'L' if info.what != "C" => {
            let lines = cx.new_table(0, info.active_lines.len());
            for line in &info.active_lines {
                lines.set_int(cx, i64::from(*line), Val::bool(true))?;
            }
            t.set_name(cx, "activelines", lines.val())
        }
        _ => Ok(()),
    }
}

/// The frame of a level argument, or the error raised.
fn check_frame(cx: &Cx<'_>, i: usize, thread: Option<usize>) -> Result<Frame, Raise> {
    let level = cx.check_int(i)?;
    usize::try_from(level)
        .ok()
        .and_then(|level| cx.frame(thread, level))
        .ok_or_else(|| cx.arg_error(i, "level out of range"))
}

/// `debug.getlocal([thread,] f, local)`
fn getlocal(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, thread) = after_thread(cx);
    let n = cx.check_int(first + 1)?;
    if matches!(cx.arg(first).kind(), Kind::Function) {
        let name = cx.parameter_name(cx.arg(first), n);
        return Ok(cx.ret(name.map_or(Val::NIL, |name| cx.str(&name))));
    }
    let frame = check_frame(cx, first, thread)?;
    Ok(match cx.local(frame, n) {
        Some((name, value)) => cx.ret2(cx.str(&name), value),
        None => cx.ret(Val::NIL),
    })
}

/// `debug.setlocal([thread,] level, local, value)`
fn setlocal(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, thread) = after_thread(cx);
    let frame = check_frame(cx, first, thread)?;
    let n = cx.check_int(first + 1)?;
    let value = cx.check_any(first + 2)?;
    let name = cx.set_local(frame, n, value);
    Ok(cx.ret(name.map_or(Val::NIL, |name| cx.str(&name))))
}

/// `debug.getupvalue(f, up)`
fn getupvalue(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let n = cx.check_int(1)?;
    let function = cx.check_function(0)?;
    Ok(match cx.function_upvalue(function, n) {
        Some((name, value)) => cx.ret2(cx.str(&name), value),
        None => cx.ret0(),
    })
}

/// `debug.setupvalue(f, up, value)`
fn setupvalue(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let value = cx.check_any(2)?;
    let n = cx.check_int(1)?;
    let function = cx.check_function(0)?;
    Ok(match cx.set_function_upvalue(function, n, value) {
        Some(name) => cx.ret(cx.str(&name)),
        None => cx.ret0(),
    })
}

/// `debug.upvalueid(f, n)`
fn upvalueid(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let n = cx.check_int(1)?;
    let function = cx.check_function(0)?;
    Ok(cx.ret(cx.upvalue_id(function, n).unwrap_or(Val::NIL)))
}

/// `debug.upvaluejoin(f1, n1, f2, n2)`
fn upvaluejoin(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    for i in [0, 2] {
        let n = cx.check_int(i + 1)?;
        let function = cx.check_function(i)?;
        if cx.upvalue_id(function, n).is_none() {
            return Err(cx.arg_error(i + 1, "invalid upvalue index"));
        }
    }
    for i in [0, 2] {
        if cx.function_info(cx.arg(i)).is_some_and(|info| info.what == "C") {
            return Err(cx.arg_error(i, "Lua function expected"));
        }
    }
    let (n, m) = (cx.check_int(1)?, cx.check_int(3)?);
    cx.join_upvalues(cx.arg(0), n, cx.arg(2), m);
    Ok(cx.ret0())
}

/// `debug.getmetatable(value)`
fn getmetatable(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_any(0)?;
    Ok(cx.ret(cx.metatable_of(0).map_or(Val::NIL, TableRef::val)))
}

/// `debug.setmetatable(value, table)`
fn setmetatable(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let meta = cx.arg(1);
    if !(meta.is_nil() && cx.nargs() > 1) && meta.as_table().is_none() {
        return Err(cx.type_error(1, "nil or table"));
    }
    cx.set_any_metatable(cx.arg(0), meta)?;
    Ok(cx.ret(cx.arg(0)))
}

/// `debug.getregistry()`
fn getregistry(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(cx.registry().val()))
}

/// `debug.getuservalue(u, n)`: no userdata of a script has user values yet made by the host.
fn getuservalue(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(Val::NIL))
}

/// `debug.setuservalue(udata, value, n)`: nil, for no userdata has room for user values of scripts.
fn setuservalue(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.opt_int(2, 1)?;
    if !matches!(cx.arg(0).kind(), Kind::Userdata) {
        return Err(cx.type_error(0, "userdata"));
    }
    cx.check_any(1)?;
    Ok(cx.ret(Val::NIL))
}

/// `debug.sethook([thread,] hook, mask [, count])`
fn sethook(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (first, thread) = after_thread(cx);
    if cx.arg(first).is_nil() {
        cx.set_hook(thread, Val::NIL, 0, 0);
        return Ok(cx.ret0());
    }
    let letters = text(cx, first + 1)?;
    let letters = letters.bytes();
    cx.check_function(first)?;
    // The reference keeps the count in 32 bits.
    let count = i64::from(cx.opt_int(first + 2, 0)? as i32);
    if cx.registry().get_name(cx, HOOK_TABLE).is_nil() {
        let (table, meta) = (cx.new_table(0, 0), cx.new_table(0, 1));
        meta.set_name(cx, "__mode", cx.str(b"k"))?;
        cx.set_metatable(table, Some(meta))?;
        cx.registry().set_name(cx, HOOK_TABLE, table.val())?;
    }
    let mut bits = 0;
    for (letter, bit) in HOOK_LETTERS {
        if letters.contains(&letter) {
            bits |= bit;
        }
    }
    if count > 0 {
        bits |= mask::COUNT;
    }
    cx.set_hook(thread, cx.arg(first), bits, count);
    Ok(cx.ret0())
}

/// Where the reference keeps hooks by thread; here a thread has its own, and the table is for scripts that look for it.
const HOOK_TABLE: &str = "_HOOKKEY";
/// Letters of a hook's mask.
const HOOK_LETTERS: [(u8, u8); 3] = [(b'c', mask::CALL), (b'r', mask::RETURN), (b'l', mask::LINE)];

/// `debug.gethook([thread])`
fn gethook(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (_, thread) = after_thread(cx);
    let (function, bits, count) = cx.hook(thread);
    if function.is_nil() {
        return Ok(cx.ret(Val::NIL));
    }
    let letters: Vec<u8> =
        HOOK_LETTERS.iter().filter(|(_, bit)| bits & bit != 0).map(|(letter, _)| *letter).collect();
    let letters = cx.str(&letters);
    cx.push(function)?;
    cx.push(letters)?;
    cx.push(Val::int(count))?;
    Ok(cx.ret_top(3))
}

/// `string.dump(function [, strip])`
pub(crate) fn dump(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    const WANTED: &str = "Lua function expected";
    let checks_argument = cx.rules().dump_checks_argument;
    if checks_argument && !matches!(cx.arg(0).kind(), Kind::Function) {
        return Err(cx.arg_error(0, WANTED));
    }
    let function = cx.check_function(0)?;
    let strip = cx.arg(1).truthy();
    match cx.dump(function, strip) {
        Some(bytes) => Ok(cx.ret(cx.str(&bytes))),
        None if checks_argument => Err(cx.arg_error(0, WANTED)),
        None => Err(cx.error("unable to dump given function")),
    }
}
