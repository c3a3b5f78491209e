//! `collectgarbage`: the collector as scripts see it.

use super::base::invalid_option;
use crate::heap::pace::Param;
use crate::host::native::view::Val;
use crate::host::native::{Cx, Raise, Ret};

/// The options that all dialects have.
const OPTIONS: &[&str] =
    &["stop", "restart", "collect", "count", "step", "isrunning", "generational", "incremental"];

/// Names of the collector's numbers, in the order of [`Param::ALL`].
const PARAMS: [&str; 6] = ["minormul", "majorminor", "minormajor", "pause", "stepmul", "stepsize"];

/// `collectgarbage([opt [, arg]])`
pub(super) fn collectgarbage(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let option = match cx.opt_str(0)? {
        None => "collect",
        Some(text) => {
            let more = cx.rules().gc_options;
            match OPTIONS.iter().chain(more).find(|o| o.as_bytes() == text) {
                Some(option) => option,
                None => return Err(invalid_option(cx, 0)),
            }
        }
    };
    let size = if option == "step" { cx.opt_int(1, 0)? } else { 0 };
    if cx.is_collecting() {
        return Ok(cx.ret(Val::NIL));
    }
    let result = match option {
        "collect" => {
            cx.collect()?;
            Val::int(0)
        }
        "count" => Val::float(cx.memory_used() as f64 / 1024.0),
        "step" => {
            let bytes = usize::try_from(size).unwrap_or(0).saturating_mul(1024);
            Val::bool(cx.gc_step(bytes)?)
        }
        "isrunning" => Val::bool(cx.gc_running()),
        "stop" | "restart" => {
            cx.gc_stop(option == "stop");
            Val::int(0)
        }
        "generational" => mode(cx, true, &[Param::MinorMul, Param::MinorMajor])?,
        "incremental" => mode(cx, false, &[Param::Pause, Param::StepMul, Param::StepSize])?,
        "setpause" => number(cx, Param::Pause)?,
        "setstepmul" => number(cx, Param::StepMul)?,
        _ => {
            let name = cx.check_str(1)?;
            let Some(slot) = PARAMS.iter().position(|p| p.as_bytes() == name) else {
                return Err(invalid_option(cx, 1));
            };
            let value = cx.opt_int(2, -1)?;
            let previous = cx.gc_param(Param::ALL[slot]);
            if value >= 0 {
                set(cx, Param::ALL[slot], value);
            }
            Val::int(previous)
        }
    };
    Ok(cx.ret(result))
}

/// Chooses a mode; the name of the one before. Where modes take arguments these are numbers to set, 0 for none.
fn mode<'a>(cx: &'a Cx<'_>, generational: bool, params: &[Param]) -> Result<Val<'a>, Raise> {
    if cx.rules().gc_modes_take_params {
        for (i, &param) in params.iter().enumerate() {
            let value = cx.opt_int(1 + i, 0)?;
            if value != 0 {
                set(cx, param, value);
            }
        }
    }
    let previous = cx.gc_mode(generational);
    Ok(cx.str(if previous { b"generational" } else { b"incremental" }))
}

/// Sets a number to the second argument; what it was before.
fn number(cx: &Cx<'_>, param: Param) -> Result<Val<'static>, Raise> {
    let value = cx.opt_int(1, 0)?;
    let previous = cx.gc_param(param);
    set(cx, param, value);
    Ok(Val::int(previous))
}

/// Sets a number to what the dialect's way of storing it keeps of `value`.
fn set(cx: &Cx<'_>, param: Param, value: i64) {
    cx.set_gc_param(param, cx.rules().gc_param_form.kept(value));
}
