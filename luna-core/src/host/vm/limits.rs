//! The host's side of limits and of what is known of the last error.

use std::sync::Arc;

use crate::host::vm::Vm;
use crate::vm::budget;
use crate::vm::error::LuaErrorKind;
use crate::vm::interrupt::Switch;

/// Stops a Vm's scripts from any thread; see [`Vm::interrupt_handle`].
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<Switch>);

impl InterruptHandle {
    /// Stops the script that runs, at its next instruction, call of a native or step of a library's loop; if none runs, the next one. The
    /// error `interrupted` ends the outermost entry as that of a budget does, and with it the request. Host code is not stopped.
    ///
    /// `false`: the Vm is gone.
    #[expect(
        clippy::must_use_candidate,
        reason = "whether there was anything to stop seldom matters"
    )]
    pub fn interrupt(&self) -> bool {
        self.0.interrupt()
    }

    /// Takes back a request that nothing has been stopped by.
    pub fn clear(&self) {
        self.0.clear();
    }
}

impl Vm {
    /// What stops scripts from any thread. It costs them nothing as long as it is not used.
    ///
    /// ```
    /// use std::thread;
    /// use std::time::Duration;
    ///
    /// use luna_core::{LuaVersion, Vm};
    ///
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// let handle = vm.interrupt_handle();
    /// let stopper = thread::spawn(move || {
    ///     thread::sleep(Duration::from_millis(20));
    ///     handle.interrupt()
    /// });
    /// let error = vm.eval("while true do pcall(function() while true do end end) end").unwrap_err();
    /// assert_eq!(vm.error_text(&error), "interrupted");
    /// assert!(stopper.join().unwrap() && vm.eval("return 1").is_ok());
    /// ```
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle(Arc::clone(&self.read().switch))
    }

    /// Arms the instruction budget, or disarms it.
    ///
    /// One unit is one instruction of a script, in whatever coroutine; library functions charge for their loops. The budget runs on
    /// across calls. When it is used up the error `instruction budget exceeded` ends the outermost entry: no `pcall`, handler,
    /// coroutine or `__close` of the script stops it. When the host has control again the budget is disarmed.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm};
    ///
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// vm.set_instr_budget(Some(10_000));
    /// let error = vm.eval("pcall(function() while true do end end)").unwrap_err();
    /// assert_eq!(vm.error_text(&error), "instruction budget exceeded");
    /// assert_eq!(vm.instr_budget_remaining(), None);
    /// ```
    pub fn set_instr_budget(&mut self, units: Option<i64>) {
        // SAFETY: V1, E1; the host has control, also below a running entry: the handlers are chosen anew.
        unsafe { budget::set(self.state(), units) }
    }

    /// Units left of an armed budget: 0 while its trip unwinds, `None` if none is armed.
    #[must_use]
    pub fn instr_budget_remaining(&self) -> Option<i64> {
        // SAFETY: V1, E1; only counters are read.
        unsafe { budget::remaining(self.state()) }
    }

    /// Sets how many units a single finalizer may use; beyond, it ends with an error in `__gc`.
    pub fn set_finalizer_budget(&mut self, units: Option<i64>) {
        self.write().limits.finalizer_budget = units;
    }

    /// Sets the most bytes the heap may hold, or lifts the cap.
    ///
    /// An allocation of 4 KiB or more is refused before it is made, smaller ones at the next occasion, after a full collection was tried.
    /// The error `memory cap exceeded` ends the outermost entry as that of the budget does.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm};
    ///
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// vm.set_memory_cap(Some(vm.memory_used() + 100_000));
    /// let error = vm.eval("local t = {} while true do t[#t + 1] = {} end").unwrap_err();
    /// assert_eq!(vm.error_text(&error), "memory cap exceeded");
    /// ```
    pub fn set_memory_cap(&mut self, bytes: Option<usize>) {
        // SAFETY: V1, E1; the host has control; the next safe point looks at the cap.
        unsafe { budget::set_cap(self.state(), bytes) }
    }

    /// What kind of error the last entry ended with.
    #[must_use]
    pub fn error_kind(&self) -> LuaErrorKind {
        self.read().error_kind
    }

    /// Where the last entry's error was raised: the chunk name as given, and the line.
    #[must_use]
    pub fn error_source(&self) -> Option<(&str, u32)> {
        let source = &self.read().report.as_ref()?.source;
        source.as_ref().map(|(name, line)| (name.as_str(), *line))
    }

    /// Sets the kind of the next error that host code raises.
    pub fn set_error_kind(&mut self, kind: LuaErrorKind) {
        self.write().host.next_kind = Some(kind);
    }

    /// Sets the source of the next error that host code raises.
    pub fn set_error_source(&mut self, name: String, line: u32) {
        self.write().host.next_source = Some((name, line));
    }

    /// Forgets kind, source and traceback of the last error.
    pub fn clear_error_metadata(&mut self) {
        let state = self.write();
        state.error_kind = LuaErrorKind::Runtime;
        state.report = None;
        state.host.next_kind = None;
        state.host.next_source = None;
    }
}
