//! What ran: instructions, library functions, handlers. Tests ask it how much of the runtime their scripts reach.
//!
//! A state that observes looks at each instruction, as for a line hook; one that does not pays nothing.

use std::collections::{BTreeSet, HashSet};

use super::budget::{self, attention};
use super::frame::CallInfo;
use super::op::op_of;
use super::{State, inspect, meta};
use crate::bytecode::op::Op;
use crate::host::value::Value;
use crate::host::vm::Vm;

/// What ran since [`Vm::observe`].
#[derive(Clone, Debug, Default)]
pub struct Observed {
    ops: BTreeSet<u8>,
    natives: HashSet<usize>,
    handlers: BTreeSet<String>,
}

impl Observed {
    /// The events that a handler can be called or looked up for, without underscores.
    pub fn events() -> impl Iterator<Item = &'static str> {
        let texts = meta::TEXTS.iter().copied().chain(["__pairs", "__metatable"]);
        texts.map(|text| text.trim_start_matches('_'))
    }

    /// Whether an instruction ran.
    #[must_use]
    pub fn executed(&self, op: Op) -> bool {
        self.ops.contains(&(op as u8))
    }

    /// Whether a native was called, by Lua code or another native.
    #[must_use]
    pub fn called(&self, native: Value) -> bool {
        let Value::Native(native) = native else { return false };
        self.natives.contains(&native.as_ptr().addr())
    }

    /// Whether a handler of this event was called, or looked at where it is no function.
    #[must_use]
    pub fn handled(&self, event: &str) -> bool {
        self.handlers.contains(event)
    }
}

impl Vm {
    /// Begins to record what runs.
    #[doc(hidden)]
    pub fn observe(&mut self) {
        let l = self.state();
        // SAFETY: the state lives as long as the Vm and is idle.
        unsafe {
            (*l).observed = Some(Box::default());
            budget::sync(l);
            budget::select(l);
        }
    }

    /// What ran since [`Vm::observe`].
    #[doc(hidden)]
    #[must_use]
    pub fn observed(&self) -> Observed {
        // SAFETY: the state lives as long as the Vm.
        let observed = unsafe { (*self.state()).observed.as_deref().cloned() };
        observed.unwrap_or_default()
    }
}

/// Bits for [`State::attention`].
pub(super) unsafe fn attention(l: *mut State) -> u32 {
    if (*l).observed.is_some() { attention::OBSERVED } else { 0 }
}

/// Before an instruction of the current frame.
pub(super) unsafe fn instruction(l: *mut State, word: u32) {
    let Some(observed) = (*l).observed.as_deref_mut() else { return };
    observed.ops.insert(op_of(word) as u8);
    if CallInfo::current_pc((*l).w.ci) == 0 {
        called_frame(l);
    }
}

/// When a native runs in the current frame.
pub(super) unsafe fn native(l: *mut State) {
    let function = *(*(*l).w.ci).base.sub(1);
    if let Some(observed) = (*l).observed.as_deref_mut() {
        observed.natives.insert(function.bits as usize);
    }
    called_frame(l);
}

/// If the current frame is a handler's, notes the event.
unsafe fn called_frame(l: *mut State) {
    if let Some(("metamethod", event)) = inspect::frame_name((*l).w.ci_base, (*l).w.ci) {
        handler(l, &String::from_utf8_lossy(&event));
    }
}

/// A handler that nothing else tells of is about to be used.
#[inline]
pub(crate) unsafe fn handler(l: *mut State, event: &str) {
    if let Some(observed) = (*l).observed.as_deref_mut() {
        observed.handlers.insert(event.trim_start_matches('_').to_owned());
    }
}
