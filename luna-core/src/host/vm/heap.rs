//! What the host may ask the heap of a Vm.

use crate::host::vm::{Vm, is_open};
use crate::value::repr::tag;
use crate::vm::State;

/// A kind of heap object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjTag {
    /// A string.
    Str,
    /// A table.
    Table,
    /// A function prototype.
    Proto,
    /// A Lua function.
    Closure,
    /// A captured variable.
    Upvalue,
    /// A native function.
    Native,
    /// A coroutine.
    Coro,
    /// A full userdata.
    Userdata,
}

impl ObjTag {
    /// The header kind of its objects.
    fn kind(self) -> u8 {
        match self {
            ObjTag::Str => tag::STR,
            ObjTag::Table => tag::TABLE,
            ObjTag::Proto => tag::PROTO,
            ObjTag::Closure => tag::LCLOSURE,
            ObjTag::Upvalue => tag::UPVAL,
            ObjTag::Native => tag::NATIVE,
            ObjTag::Coro => tag::CORO,
            ObjTag::Userdata => tag::USERDATA,
        }
    }
}

/// How the collector divides its work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GcMode {
    /// One cycle over all objects, in steps between the program's.
    #[default]
    Incremental,
    /// Mostly minor cycles, over what was made since the last one; worth it where most objects live briefly.
    Generational,
}

/// Answers questions about the heap of a Vm; once that is gone every answer is 0.
///
/// ```
/// use luna_core::{LuaVersion, Vm, runtime::ObjTag};
/// let mut vm = Vm::new(LuaVersion::Lua55);
/// vm.collect_garbage();
/// let before = vm.heap.count(ObjTag::Table);
/// vm.eval("t = {{}, {}}").unwrap();
/// vm.collect_garbage();
/// assert_eq!(vm.heap.count(ObjTag::Table), before + 3);
/// assert_eq!(vm.heap.bytes(), vm.memory_used());
/// ```
#[derive(Debug)]
pub struct Heap {
    state: *mut State,
}

impl Heap {
    /// Asks about this state.
    pub(in crate::host) fn of(state: *mut State) -> Heap {
        Heap { state }
    }

    /// Bytes in use.
    #[must_use]
    pub fn bytes(&self) -> usize {
        if !is_open(self.state) {
            return 0;
        }
        // SAFETY: E1; `is_open` found the state on this thread's list of live ones, and only a counter is read.
        unsafe { (*self.state).heap.used }
    }

    /// Objects made and not freed.
    #[must_use]
    pub fn live_objects(&self) -> usize {
        if !is_open(self.state) {
            return 0;
        }
        // SAFETY: E1; as `bytes`.
        unsafe { (*self.state).heap.live_objects }
    }

    /// Objects of a kind made and not freed.
    #[must_use]
    pub fn count(&self, of: ObjTag) -> usize {
        if !is_open(self.state) {
            return 0;
        }
        // SAFETY: E1, H1; as `bytes`; the objects are only counted.
        unsafe {
            let heap = &raw const (*self.state).heap;
            (*heap).objects(of.kind()).count()
        }
    }
}

impl Vm {
    /// Chooses how the collector works, as a script does by `collectgarbage`; the mode before.
    ///
    /// ```
    /// use luna_core::{LuaVersion, Vm, vm::GcMode};
    /// let mut vm = Vm::new(LuaVersion::Lua55);
    /// assert_eq!(vm.set_gc_mode(GcMode::Generational), GcMode::Incremental);
    /// vm.eval("for i = 1, 100000 do local brief = {i} end").unwrap();
    /// ```
    pub fn set_gc_mode(&mut self, mode: GcMode) -> GcMode {
        let l = self.state();
        // SAFETY: V1, E1; the host has control, and the mode takes effect at the next cycle.
        let generational = unsafe { &mut (*l).heap.pace.generational };
        let before = std::mem::replace(generational, mode == GcMode::Generational);
        if before { GcMode::Generational } else { GcMode::Incremental }
    }

    /// Looks at the whole heap: what is wrong, if anything is.
    ///
    /// # Errors
    /// Something that the collector relies on does not hold: a bug of this crate, told in words.
    #[doc(hidden)]
    pub fn check_heap(&mut self) -> Result<(), String> {
        let l = self.state();
        // SAFETY: V1, H3; the host has control, which is a safe point; the running thread's words are put where the check looks for them.
        unsafe {
            (*(*l).current).words = (*l).w;
            let heap = &raw const (*l).heap;
            (*heap).check()
        }
    }
}
