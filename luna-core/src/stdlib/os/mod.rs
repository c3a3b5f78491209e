//! The os library.

pub(crate) mod calendar;
mod date;
mod zone;

use super::base::invalid_option;
use super::io_error;
use crate::host::io::host_io::ExitReport;
use crate::host::native::view::{Kind, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[
    ("clock", clock),
    ("date", date::date),
    ("difftime", difftime),
    ("execute", execute),
    ("exit", exit),
    ("getenv", getenv),
    ("remove", remove),
    ("rename", rename),
    ("setlocale", setlocale),
    ("time", date::time),
    ("tmpname", tmpname),
];

/// Answers `true`, or nil, what went wrong and its number.
pub(crate) fn file_result(
    cx: &Cx<'_>,
    done: std::io::Result<()>,
    path: Option<&[u8]>,
) -> Result<Ret, Raise> {
    match done {
        Ok(()) => Ok(cx.ret(Val::bool(true))),
        Err(error) => failure(cx, &error, path),
    }
}

/// Answers nil, what went wrong and its number.
pub(crate) fn failure(
    cx: &Cx<'_>,
    error: &std::io::Error,
    path: Option<&[u8]>,
) -> Result<Ret, Raise> {
    cx.raise_host_panic(error)?;
    let mut text = Vec::new();
    if let Some(path) = path {
        text.extend_from_slice(path);
        text.extend_from_slice(b": ");
    }
    text.extend_from_slice(io_error::text(error).as_bytes());
    cx.push(Val::NIL)?;
    cx.push(cx.str(&text))?;
    cx.push(Val::int(io_error::code(error)))?;
    Ok(cx.ret_top(3))
}

/// Seconds since 1970.
fn now(cx: &Cx<'_>) -> Result<i64, Raise> {
    Ok(i64::try_from(cx.ask(|io| io.now())?.as_secs()).unwrap_or(i64::MAX))
}

/// `os.clock()`
fn clock(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let used = cx.ask(|io| io.cpu_time())?;
    Ok(cx.ret(Val::float(used.as_secs_f64())))
}

/// `os.difftime(t2, t1)`
fn difftime(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (a, b) = (cx.check_int(0)?, cx.check_int(1)?);
    Ok(cx.ret(Val::float(a as f64 - b as f64)))
}

/// `os.getenv(varname)`
fn getenv(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_str(0)?;
    match cx.ask(|io| io.env(name))? {
        Some(value) => Ok(cx.ret(cx.str(&value))),
        None => Ok(cx.ret(Val::NIL)),
    }
}

/// `os.remove(filename)`
fn remove(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_str(0)?;
    file_result(cx, cx.io(|io| io.remove(name)), Some(name))
}

/// `os.rename(oldname, newname)`
fn rename(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (from, to) = (cx.check_str(0)?, cx.check_str(1)?);
    file_result(cx, cx.io(|io| io.rename(from, to)), None)
}

/// `os.tmpname()`
fn tmpname(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    match cx.io(|io| io.temp_name()) {
        Ok(name) => Ok(cx.ret(cx.str(&name))),
        Err(error) => {
            cx.raise_host_panic(&error)?;
            Err(cx.error_bytes(b"unable to generate a unique filename"))
        }
    }
}

/// `os.setlocale([locale [, category]])`: only the C locale exists.
fn setlocale(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    const CATEGORIES: [&[u8]; 6] = [b"all", b"collate", b"ctype", b"monetary", b"numeric", b"time"];
    let locale = cx.opt_str(0)?;
    if let Some(category) = cx.opt_str(1)?
        && !CATEGORIES.contains(&category)
    {
        return Err(invalid_option(cx, 1));
    }
    let known = matches!(locale, None | Some(b"" | b"C" | b"POSIX"));
    Ok(cx.ret(if known { cx.str(b"C") } else { Val::NIL }))
}

/// `os.execute([command])`
fn execute(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let command = cx.opt_str(0)?;
    match (command, cx.io(|io| io.execute(command))) {
        (Some(_), Ok(report)) => exit_report(cx, report),
        (Some(_), Err(error)) => failure(cx, &error, None),
        (None, Ok(_)) => Ok(cx.ret(Val::bool(true))),
        (None, Err(error)) => {
            cx.raise_host_panic(&error)?;
            Ok(cx.ret(Val::bool(false)))
        }
    }
}

/// Answers how a process ended.
pub(crate) fn exit_report(cx: &Cx<'_>, report: ExitReport) -> Result<Ret, Raise> {
    let (how, code) = match report {
        ExitReport::Signal(signal) => ("signal", signal),
        ExitReport::Exit(code) => ("exit", code),
    };
    cx.push(if report == ExitReport::Exit(0) { Val::bool(true) } else { Val::NIL })?;
    cx.push(cx.str(how.as_bytes()))?;
    cx.push(Val::int(i64::from(code)))?;
    Ok(cx.ret_top(3))
}

/// `os.exit([code [, close]])`
fn exit(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let code = match cx.arg(0).kind() {
        Kind::Bool(true) => 0,
        Kind::Bool(false) => 1,
        _ => cx.opt_int(0, 0)?,
    };
    if cx.arg(1).truthy() {
        cx.close_state();
    }
    super::io::flush_all(cx);
    #[expect(clippy::cast_possible_truncation, reason = "C's exit takes an int")]
    Err(cx.exit_process(code as i32))
}
