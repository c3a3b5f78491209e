//! The os library.

pub(crate) mod calendar;
mod date;
mod zone;

use std::time::{SystemTime, UNIX_EPOCH};

use super::base::invalid_option;
use super::io_error;
use crate::host::native::{Cx, Raise, Ret, StdFn};
use crate::host::view::{Kind, Val};

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

/// A path of the system from its bytes.
pub(crate) fn path(bytes: &[u8]) -> std::path::PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(bytes).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(bytes).into_owned().into()
    }
}

/// The bytes of a string of the system.
fn system_bytes(text: &std::ffi::OsStr) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        text.as_bytes().to_vec()
    }
    #[cfg(not(unix))]
    {
        text.to_string_lossy().into_owned().into_bytes()
    }
}

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
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}

/// `os.clock()`
fn clock(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    Ok(cx.ret(Val::float(processor_seconds())))
}

/// Processor time of the main thread where the system tells it, else time since the first call.
fn processor_seconds() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    if let Ok(text) = std::fs::read_to_string("/proc/self/schedstat")
        && let Some(nanoseconds) = text.split(' ').next().and_then(|t| t.parse::<u64>().ok())
        && nanoseconds > 0
    {
        return nanoseconds as f64 / 1e9;
    }
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// `os.difftime(t2, t1)`
fn difftime(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (a, b) = (cx.check_int(0)?, cx.check_int(1)?);
    Ok(cx.ret(Val::float(a as f64 - b as f64)))
}

/// `os.getenv(varname)`
fn getenv(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_str(0)?;
    if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
        return Ok(cx.ret(Val::NIL));
    }
    match std::env::var_os(path(name).as_os_str()) {
        Some(value) => Ok(cx.ret(cx.str(&system_bytes(&value)))),
        None => Ok(cx.ret(Val::NIL)),
    }
}

/// `os.remove(filename)`
fn remove(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_str(0)?;
    let target = path(name);
    let is_directory = std::fs::symlink_metadata(&target).is_ok_and(|m| m.is_dir());
    let done =
        if is_directory { std::fs::remove_dir(&target) } else { std::fs::remove_file(&target) };
    file_result(cx, done, Some(name))
}

/// `os.rename(oldname, newname)`
fn rename(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let done = std::fs::rename(path(cx.check_str(0)?), path(cx.check_str(1)?));
    file_result(cx, done, None)
}

/// `os.tmpname()`
fn tmpname(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    match temporary_file() {
        Ok((name, _)) => Ok(cx.ret(cx.str(&system_bytes(name.as_os_str())))),
        Err(_) => Err(cx.error_bytes(b"unable to generate a unique filename")),
    }
}

/// A new file for temporary data, open for reading and writing.
pub(crate) fn temporary_file() -> std::io::Result<(std::path::PathBuf, std::fs::File)> {
    use std::hash::{BuildHasher, RandomState};
    let mut tries = 0_u32;
    loop {
        let random = RandomState::new().hash_one(tries);
        let name = std::env::temp_dir().join(format!("lua_{:012x}", random >> 16));
        let opened =
            std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&name);
        match opened {
            Ok(file) => return Ok((name, file)),
            Err(error) if tries >= 100 => return Err(error),
            Err(_) => tries += 1,
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
    let Some(command) = cx.opt_str(0)? else {
        return Ok(cx.ret(Val::bool(cfg!(unix))));
    };
    cx.flush_stdout().ok();
    let status = std::process::Command::new("sh").arg("-c").arg(path(command)).status();
    match status {
        Ok(status) => exit_status(cx, status),
        Err(error) => failure(cx, &error, None),
    }
}

/// Answers how a process ended.
pub(crate) fn exit_status(cx: &Cx<'_>, status: std::process::ExitStatus) -> Result<Ret, Raise> {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let (how, code) = match signal {
        Some(signal) => ("signal", signal),
        None => ("exit", status.code().unwrap_or(0)),
    };
    cx.push(if status.success() { Val::bool(true) } else { Val::NIL })?;
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
    cx.flush_stdout().ok();
    #[expect(clippy::exit, reason = "this is what the function is for")]
    #[expect(clippy::cast_possible_truncation, reason = "C's exit takes an int")]
    std::process::exit(code as i32)
}
