//! The host's hook: host code that is called while scripts run.

use crate::bytecode::op::Op;
use crate::host::typed::{NativeCall, guarded};
use crate::host::vm::{LuaError, Vm};
use crate::value::function::Proto;
use crate::vm::error::Raised;
use crate::vm::frame::CallInfo;
use crate::vm::hook::Event;
use crate::vm::op::op_of;
use crate::vm::{call, host_hook};

/// A hook is called at each call.
pub const HOOK_MASK_CALL: u32 = 1;
/// A hook is called at each return.
pub const HOOK_MASK_RETURN: u32 = 2;
/// A hook is called at each new line.
pub const HOOK_MASK_LINE: u32 = 4;
/// A hook is called every so many instructions.
pub const HOOK_MASK_COUNT: u32 = 8;

/// What a hook is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RustHookEvent {
    /// A function is called.
    Call,
    /// A function returns.
    Return,
    /// A function is called in place of the one that calls it.
    TailCall,
    /// Another line begins; 0 where a chunk has no lines.
    Line(u32),
    /// The instructions of another count have been executed.
    Count,
}

impl From<Event> for RustHookEvent {
    fn from(event: Event) -> RustHookEvent {
        match event {
            Event::Call => RustHookEvent::Call,
            Event::TailCall => RustHookEvent::TailCall,
            Event::Return => RustHookEvent::Return,
            Event::Line(line) => RustHookEvent::Line(line.unwrap_or(0)),
            Event::Count => RustHookEvent::Count,
        }
    }
}

/// A hook that captures nothing; it raises by [`Vm::raise_from_hook`].
pub type RustDebugHook = fn(&mut Vm, RustHookEvent);

/// A hook that may capture; what it fails with is raised where the script is.
pub type BoxedDebugHook = Box<dyn FnMut(&mut Vm, RustHookEvent) -> Result<(), LuaError>>;

impl Vm {
    /// Sets the host's hook, in place of the one that is there: it is called in every coroutine, before the hooks that scripts set, for the
    /// events of `mask` (`HOOK_MASK_*`), with [`HOOK_MASK_COUNT`] every `count` instructions. While a hook runs, no hook is called. `None`
    /// removes it.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm};
    /// use luna_core::vm::LuaError;
    /// use luna_core::vm::exec::{HOOK_MASK_LINE, RustHookEvent};
    ///
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// let mut left = 3;
    /// vm.set_debug_hook(Some(Box::new(move |vm, event| {
    ///     let RustHookEvent::Line(line) = event else { return Ok(()) };
    ///     left -= 1;
    ///     if left < 0 { Err(vm.error(format!("stopped at line {line}"))) } else { Ok(()) }
    /// })), HOOK_MASK_LINE, 0);
    /// let error = vm.eval("local a = 1\nlocal b = 2\nlocal c = 3\nreturn a + b + c").unwrap_err();
    /// assert_eq!(vm.error_text(&error), "eval:4: stopped at line 4");
    /// ```
    pub fn set_debug_hook(&mut self, hook: Option<BoxedDebugHook>, mask: u32, count: i64) {
        let call = hook.map(|mut hook| -> Box<host_hook::Call> {
            Box::new(move |l, event| {
                // SAFETY: V1, N1, E1; the frame that is hooked is the current one, the stack is in use up to its top, and the entry that the
                // hook runs in keeps the state.
                let answer = unsafe {
                    guarded(l, || {
                        let call = NativeCall { l, nargs: 0 };
                        let done = call.with_vm(|vm| {
                            let done = hook(vm, event.into());
                            done.err().or((*l).host.hook_raises.take())
                        })?;
                        done.map_or(Ok(0), |error| Err(call.raise(error)))
                    })
                };
                if answer == call::RAISED { Err(Raised) } else { Ok(()) }
            })
        });
        // SAFETY: V1, E1; the host has control, also below a running entry: the handlers are chosen anew.
        let before = unsafe { host_hook::set(self.state(), call, mask as u8 & 15, count) };
        drop(before);
    }

    /// As [`Vm::set_debug_hook`], for a function.
    pub fn set_rust_debug_hook(&mut self, hook: Option<RustDebugHook>, mask: u32, count: i64) {
        let boxed = hook.map(|hook| -> BoxedDebugHook {
            Box::new(move |vm, event| {
                hook(vm, event);
                Ok(())
            })
        });
        self.set_debug_hook(boxed, mask, count);
    }

    /// Removes the host's hook.
    pub fn clear_rust_debug_hook(&mut self) {
        self.set_debug_hook(None, 0, 0);
    }

    /// In a hook: raises an error where the script is, once the hook has returned; the script may catch it. Elsewhere it does nothing.
    pub fn raise_from_hook(&mut self, error: LuaError) {
        let l = self.state();
        // SAFETY: V1, E1; the mark of the host's state keeps the value.
        unsafe {
            if (*l).host_hook.is_running() {
                (*l).host.hook_raises = Some(error);
            }
        }
    }

    /// The instruction that is executed now, if the innermost function is a Lua function.
    #[must_use]
    pub fn current_op(&self) -> Option<Op> {
        let l = self.state();
        // SAFETY: V1, V3; the frame above the first has a function below its base, and its code is only read.
        unsafe {
            let ci = (*l).w.ci;
            if ci <= (*l).w.ci_base || !CallInfo::is_lua(ci) {
                return None;
            }
            let code = &Proto::def((*CallInfo::closure(ci)).proto.as_ptr()).code;
            code.get(CallInfo::current_pc(ci)).map(|&word| op_of(word))
        }
    }
}
