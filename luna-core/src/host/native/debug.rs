//! The debug library's access to frames, locals and upvalues.

use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::proto::{LocalDef, ProtoDef};
use crate::host::native::view::Val;
use crate::host::native::{Cx, Raise};
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::{Coro, ThreadWords};
use crate::vm::frame::{CallInfo, frame_flag};
use crate::vm::{error, hook, inspect, traceback};

/// A thread and a level of its stack.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    thread: *mut Coro,
    ci: *mut CallInfo,
    ci_base: *mut CallInfo,
    top: *mut RawValue,
}

/// What is known of a function, whether it runs or not.
#[derive(Debug)]
pub(crate) struct FunctionInfo {
    /// Chunk name as given.
    pub(crate) source: Vec<u8>,
    /// As messages show it.
    pub(crate) short_source: Vec<u8>,
    /// Line of `function`; -1 for natives.
    pub(crate) line_defined: i64,
    /// Line of `end`; -1 for natives.
    pub(crate) last_line: i64,
    /// `Lua`, `C` or `main`.
    pub(crate) what: &'static str,
    /// Number of upvalues.
    pub(crate) upvalues: usize,
    /// Number of parameters.
    pub(crate) params: u8,
    /// Whether it takes varargs.
    pub(crate) is_vararg: bool,
    /// Lines with code.
    pub(crate) active_lines: Vec<u32>,
}

/// Whether a local is the vararg parameter of a function that makes no table for it: nothing uses its register.
fn is_absent_vararg(def: &ProtoDef, local: &LocalDef) -> bool {
    let parameter = def.locals.get(usize::from(def.num_params));
    let first = def.code.first().and_then(|&word| Insn(word).op());
    // The varargs of a main function have no parameter.
    def.is_vararg
        && def.line_defined != 0
        && first != Some(Op::VarArgTab)
        && parameter.is_some_and(|parameter| std::ptr::eq(parameter, local))
}

impl Cx<'_> {
    /// The thread in argument `i`, if it is one; else the running one.
    fn thread(&self, i: Option<usize>) -> *mut Coro {
        match i.map(|i| self.arg(i).raw) {
            Some(value) if value.tag == tag::CORO => value.as_ptr(),
            // SAFETY: N1; the running coroutine is a root.
            _ => unsafe { (*self.l).current },
        }
    }

    fn words(&self, thread: *mut Coro) -> *const ThreadWords {
        // SAFETY: N2; a thread is an argument or the running one, whose words are in the state (V2).
        unsafe {
            if thread == (*self.l).current {
                &raw const (*self.l).w
            } else {
                &raw const (*thread).words
            }
        }
    }

    /// Frame `level` of the thread in argument `thread` (or the running one); `None` below the first call.
    pub(crate) fn frame(&self, thread: Option<usize>, level: usize) -> Option<Frame> {
        let thread = self.thread(thread);
        let words = self.words(thread);
        // SAFETY: V2; the words are those of a live thread, and the level is below its depth.
        unsafe {
            let depth = (*words).ci.offset_from((*words).ci_base) as usize;
            if level >= depth {
                return None;
            }
            let ci = (*words).ci.sub(level);
            let top = if level == 0 { (*words).top } else { CallInfo::function_slot(ci.add(1)) };
            Some(Frame { thread, ci, ci_base: (*words).ci_base, top })
        }
    }

    /// The traceback of the thread in argument `thread` from `level` on.
    pub(crate) fn traceback(&self, thread: Option<usize>, level: usize) -> Vec<u8> {
        // SAFETY: N2; the thread is an argument or the running one, and the frames are only read.
        unsafe { traceback::of_thread(self.l, self.thread(thread), level) }
    }

    /// The function running in a frame.
    pub(crate) fn frame_function(&self, frame: Frame) -> Val<'_> {
        // SAFETY: N2; as `frame_line`; the slot below a frame's base holds its function.
        Val::new(unsafe { *(*frame.ci).base.sub(1) })
    }

    /// Line a frame is at; -1 if unknown.
    pub(crate) fn frame_line(&self, frame: Frame) -> i64 {
        // SAFETY: V3; `frame` named it just before, and frames change only when something runs, which takes `&mut Cx`.
        unsafe {
            if CallInfo::is_lua(frame.ci) {
                error::current_line(frame.ci).map_or(-1, i64::from)
            } else {
                -1
            }
        }
    }

    /// How the function in a frame was called: kind and name.
    pub(crate) fn frame_name(&self, frame: Frame) -> Option<(&'static str, Vec<u8>)> {
        // SAFETY: V3; as `frame_line`; the frame lies above `ci_base` in one array.
        unsafe { inspect::frame_name(frame.ci_base, frame.ci) }
    }

    /// Whether a frame was entered by a tail call.
    pub(crate) fn frame_is_tail_call(&self, frame: Frame) -> bool {
        // SAFETY: V3; as `frame_line`; only a word of the frame is read.
        unsafe { (*frame.ci).flags & frame_flag::TAIL != 0 }
    }

    /// The values that the hook running above a frame can look at: number of the first and how many.
    pub(crate) fn frame_transfer(&self, frame: Frame) -> (u32, u32) {
        // SAFETY: V3, N1; as `frame_line`; the transfer is that of the hook that runs.
        unsafe {
            if (*frame.ci).flags & frame_flag::HOOKED == 0 {
                return (0, 0);
            }
            let transfer = (*self.l).transfer;
            (transfer.first, transfer.count)
        }
    }

    /// Number of extra arguments that a frame's function was called with by way of `__call`.
    pub(crate) fn frame_extra_args(&self, frame: Frame) -> u32 {
        // SAFETY: V3; as `frame_line`; only a word of the frame is read.
        unsafe { (*frame.ci).flags >> frame_flag::CALL_CHAIN_SHIFT }
    }

    /// Sets the hook of the thread in argument `thread`, or of the running one; a nil function removes it.
    pub(crate) fn set_hook(&self, thread: Option<usize>, function: Val<'_>, mask: u8, count: i64) {
        // SAFETY: N2; the thread is an argument or the running one, and the function is live during the borrow.
        unsafe { hook::set(self.l, self.thread(thread), function.raw, mask, count) }
    }

    /// The hook of a thread: function, mask and count.
    pub(crate) fn hook(&self, thread: Option<usize>) -> (Val<'_>, u8, i64) {
        // SAFETY: N2; the thread is an argument or the running one, whose hook roots the function.
        let hook = unsafe { (*self.thread(thread)).hook };
        (Val::new(hook.function), hook.mask, hook.count)
    }

    /// What is known of a function; `None` for anything else.
    pub(crate) fn function_info(&self, function: Val<'_>) -> Option<FunctionInfo> {
        match function.raw.tag {
            tag::NATIVE => {
                let native: *mut NativeClosure = function.raw.as_ptr();
                Some(FunctionInfo {
                    source: b"=[C]".to_vec(),
                    short_source: b"[C]".to_vec(),
                    line_defined: -1,
                    last_line: -1,
                    what: "C",
                    // SAFETY: N2; the tag says that it is a native.
                    upvalues: unsafe { (*native).count() },
                    params: 0,
                    is_vararg: true,
                    active_lines: Vec::new(),
                })
            }
            tag::LCLOSURE => {
                let closure: *mut LuaClosure = function.raw.as_ptr();
                // SAFETY: N2; the tag says that it is a Lua closure, which keeps its prototype.
                let (def, count, short) = unsafe {
                    (
                        Proto::def((*closure).proto.as_ptr()),
                        (*closure).count(),
                        error::source_display((*closure).proto.as_ptr()),
                    )
                };
                let first = usize::from(def.is_vararg && def.line_defined == 0);
                Some(FunctionInfo {
                    source: def.source.as_deref().map_or_else(|| b"=?".to_vec(), <[u8]>::to_vec),
                    short_source: short,
                    line_defined: i64::from(def.line_defined),
                    last_line: if def.line_defined == 0 { -1 } else { i64::from(def.last_line) },
                    what: if def.line_defined == 0 { "main" } else { "Lua" },
                    upvalues: count,
                    params: def.num_params,
                    is_vararg: def.is_vararg,
                    active_lines: def
                        .lines
                        .get(first.min(def.lines.len())..)
                        .unwrap_or_default()
                        .to_vec(),
                })
            }
            _ => None,
        }
    }

    /// Where local `n` (from 1; negative: vararg) of a frame is, and its name.
    fn local_slot(&self, frame: Frame, n: i64) -> Option<(Vec<u8>, *mut RawValue)> {
        // SAFETY: V3; as `frame_line`; slots are compared with the ends of the frame.
        unsafe {
            let base = (*frame.ci).base;
            if CallInfo::is_lua(frame.ci) {
                let def = Proto::def((*CallInfo::closure(frame.ci)).proto.as_ptr());
                if n < 0 {
                    let extra = i64::from((*frame.ci).extra);
                    let at = n.checked_neg().filter(|i| *i <= extra)?;
                    return Some((b"(vararg)".to_vec(), base.sub((1 + extra - (at - 1)) as usize)));
                }
                let pc = CallInfo::current_pc(frame.ci);
                let local = def
                    .locals
                    .iter()
                    .filter(|v| v.start_pc as usize <= pc && pc < v.end_pc as usize)
                    .nth(usize::try_from(n).ok()?.checked_sub(1)?);
                if let Some(local) = local {
                    if (*self.l).rules.named_vararg && is_absent_vararg(def, local) {
                        *base.add(usize::from(local.reg)) = RawValue::NIL;
                    }
                    return Some((local.name.to_vec(), base.add(usize::from(local.reg))));
                }
            }
            let room = frame.top.offset_from(base);
            if n > 0 && n as isize <= room {
                let name: &[u8] =
                    if CallInfo::is_lua(frame.ci) { b"(temporary)" } else { b"(C temporary)" };
                return Some((name.to_vec(), base.add(n as usize - 1)));
            }
            None
        }
    }

    /// Name and value of local `n` of a frame.
    pub(crate) fn local(&self, frame: Frame, n: i64) -> Option<(Vec<u8>, Val<'_>)> {
        // SAFETY: V3; as `local_slot`, which named the slot just before.
        self.local_slot(frame, n).map(|(name, slot)| (name, Val::new(unsafe { *slot })))
    }

    /// Sets local `n` of a frame; its name. What natives hold is left alone: their arguments root what they work on.
    pub(crate) fn set_local(&self, frame: Frame, n: i64, value: Val<'_>) -> Option<Vec<u8>> {
        let (name, slot) = self.local_slot(frame, n)?;
        if name != b"(C temporary)" {
            // SAFETY: V3, H4; as `local_slot`; a thread that was marked is marked again.
            unsafe {
                *slot = value.raw;
                if (*frame.thread).header.is_black() {
                    (*self.l).heap.barrier_back(frame.thread.cast());
                }
            }
        }
        Some(name)
    }

    /// Name of parameter `n` (from 1) of a Lua function that does not run.
    pub(crate) fn parameter_name(&self, function: Val<'_>, n: i64) -> Option<Vec<u8>> {
        if function.raw.tag != tag::LCLOSURE {
            return None;
        }
        let closure: *mut LuaClosure = function.raw.as_ptr();
        // SAFETY: N2; the tag was found that of a Lua closure, which keeps its prototype.
        let def = unsafe { Proto::def((*closure).proto.as_ptr()) };
        let index = usize::try_from(n).ok()?.checked_sub(1)?;
        def.locals
            .iter()
            .filter(|v| v.start_pc == 0)
            .nth(index)
            .filter(|_| index < usize::from(def.num_params))
            .map(|v| v.name.to_vec())
    }

    /// Name and value of upvalue `n` (from 1) of a function.
    pub(crate) fn function_upvalue(&self, function: Val<'_>, n: i64) -> Option<(Vec<u8>, Val<'_>)> {
        let (name, slot) = self.upvalue_slot(function, n)?;
        // SAFETY: N2; the function keeps the upvalue that `upvalue_slot` named just before.
        Some((name, Val::new(unsafe { *slot })))
    }

    fn upvalue_slot(&self, function: Val<'_>, n: i64) -> Option<(Vec<u8>, *mut RawValue)> {
        let index = usize::try_from(n).ok()?.checked_sub(1)?;
        // SAFETY: N2; the function is live, and the index is compared with its count.
        unsafe {
            match function.raw.tag {
                tag::LCLOSURE => {
                    let closure: *mut LuaClosure = function.raw.as_ptr();
                    if index >= (*closure).count() {
                        return None;
                    }
                    let name = Proto::def((*closure).proto.as_ptr()).upvals[index].name.as_deref();
                    let name = name.map_or_else(|| b"(no name)".to_vec(), <[u8]>::to_vec);
                    Some((name, (*LuaClosure::upvalue(closure, index)).slot))
                }
                tag::NATIVE => {
                    let native: *mut NativeClosure = function.raw.as_ptr();
                    (index < (*native).count())
                        .then(|| (Vec::new(), NativeClosure::upvalue(native, index)))
                }
                _ => None,
            }
        }
    }

    /// Sets upvalue `n` of a Lua function; its name. Natives' upvalues are their own.
    pub(crate) fn set_function_upvalue(
        &self,
        function: Val<'_>,
        n: i64,
        value: Val<'_>,
    ) -> Option<Vec<u8>> {
        if function.raw.tag != tag::LCLOSURE {
            return None;
        }
        let (name, slot) = self.upvalue_slot(function, n)?;
        // SAFETY: N2, H4; the function keeps the upvalue, and the barrier follows the store.
        unsafe {
            *slot = value.raw;
            let closure: *mut LuaClosure = function.raw.as_ptr();
            let upvalue = LuaClosure::upvalue(closure, n as usize - 1);
            (*self.l).heap.barrier(upvalue.cast(), value.raw);
        }
        Some(name)
    }

    /// An identity of upvalue `n` of a function.
    pub(crate) fn upvalue_id(&self, function: Val<'_>, n: i64) -> Option<Val<'_>> {
        let (_, slot) = self.upvalue_slot(function, n)?;
        if function.raw.tag == tag::LCLOSURE {
            // SAFETY: N2; `upvalue_slot` found that the function has this upvalue.
            let cell = unsafe { LuaClosure::upvalue(function.raw.as_ptr(), n as usize - 1) };
            return Some(Val::new(RawValue::light(cell.cast_const().cast())));
        }
        Some(Val::new(RawValue::light(slot.cast_const().cast())))
    }

    /// Makes upvalue `n` of one Lua function refer to upvalue `m` of another; whether both exist.
    pub(crate) fn join_upvalues(&self, to: Val<'_>, n: i64, from: Val<'_>, m: i64) -> bool {
        let both = to.raw.tag == tag::LCLOSURE && from.raw.tag == tag::LCLOSURE;
        if !both || self.upvalue_slot(to, n).is_none() || self.upvalue_slot(from, m).is_none() {
            return false;
        }
        // SAFETY: N2, H4; `upvalue_slot` found both upvalues, and the barrier follows the store.
        unsafe {
            let closure: *mut LuaClosure = to.raw.as_ptr();
            let cell = LuaClosure::upvalue(from.raw.as_ptr(), m as usize - 1);
            *LuaClosure::upvalue_slot(closure, n as usize - 1) = cell;
            (*self.l).heap.barrier_object(closure.cast(), cell.cast());
        }
        true
    }

    /// The binary chunk of a Lua function; `None` for natives.
    pub(crate) fn dump(&self, function: Val<'_>, strip: bool) -> Option<Vec<u8>> {
        if function.raw.tag != tag::LCLOSURE {
            return None;
        }
        let closure: *mut LuaClosure = function.raw.as_ptr();
        // SAFETY: N2; the tag was found that of a Lua closure, which keeps its prototypes.
        let def = unsafe { Proto::full_def((*closure).proto.as_ptr()) };
        Some(crate::bytecode::dump::dump(&def, strip, self.rules()))
    }

    /// Sets the metatable of a value of any type.
    pub(crate) fn set_any_metatable(&self, value: Val<'_>, meta: Val<'_>) -> Result<(), Raise> {
        let table = meta.as_table();
        if let Some(target) = value.as_table() {
            return self.set_metatable(target, table);
        }
        let pointer = table.map_or(std::ptr::null_mut(), |t| t.table);
        // SAFETY: N1, H4; the metatables of types are roots, and the barrier follows the store into a userdata.
        unsafe {
            let slot = match value.raw.tag {
                tag::TRUE => tag::FALSE,
                tag::FLOAT => tag::INT,
                tag::NATIVE => tag::LCLOSURE,
                tag::USERDATA => {
                    let userdata: *mut crate::value::userdata::UserdataObj = value.raw.as_ptr();
                    (*userdata).meta = pointer;
                    if !pointer.is_null() {
                        (*self.l).heap.barrier_object(userdata.cast(), pointer.cast());
                    }
                    return Ok(());
                }
                other => other,
            };
            (*self.l).type_meta[usize::from(slot)] = pointer;
        }
        Ok(())
    }
}
