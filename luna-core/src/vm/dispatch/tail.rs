//! Dispatch by tail calls through the table in the state.

use std::sync::atomic::{AtomicPtr, Ordering};

use crate::bytecode::op::for_each_op;
use crate::value::repr::RawValue;
use crate::vm::State;
use crate::vm::dispatch::{Mode, exit, stub_op};
use crate::vm::op::{handler, handlers};
use crate::vm::{hook, interrupt};

/// What a handler answers: an [`exit`](super::exit) code, once the chain of tail calls ends.
pub(crate) type Flow = u32;

/// A handler: the fetched word, the address behind it, the frame's base and constants, the state.
pub(crate) type Handler =
    unsafe fn(u32, *const u32, *mut RawValue, *const RawValue, *mut State) -> Flow;

/// One handler for each value of an instruction's low byte.
type Handlers = [Handler; 256];

/// The handlers in use. Another thread may change them, see [`poke`](Table::poke).
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct Table([AtomicPtr<()>; 256]);

impl Table {
    /// The handlers that do nothing but execute.
    pub(crate) fn new() -> Table {
        Table(std::array::from_fn(|code| AtomicPtr::new(PLAIN[code] as *mut ())))
    }

    /// Puts handlers in.
    fn fill(&self, handlers: &'static Handlers) {
        for (slot, handler) in self.0.iter().zip(handlers) {
            slot.store(*handler as *mut (), Ordering::Relaxed);
        }
    }

    /// The handler of an instruction.
    #[inline(always)]
    pub(crate) fn handler(&self, word: u32) -> Handler {
        let handler = self.0[(word & 0xff) as usize].load(Ordering::Relaxed);
        // SAFETY: V1; nothing but handlers is ever put in.
        unsafe { std::mem::transmute::<*mut (), Handler>(handler) }
    }

    /// Has the run look at its next instruction. Any thread may do so.
    pub(crate) fn poke(&self) {
        self.fill(&HOOKED);
    }
}

macro_rules! make_table {
    ($($name:ident $form:ident($($field:tt)*) $effect:ident $doc:literal;)*) => {
        /// The handlers that do nothing but execute.
        const EXECUTING: Handlers = {
            let mut table: Handlers = [handler::invalid; 256];
            let mut next = 0;
            $(table[next] = handler::$name; next += 1;)*
            assert!(next < stub_op::EXIT as usize);
            table[stub_op::EXIT as usize] = handler::exit;
            table[stub_op::FINISH as usize] = handler::finish;
            table[stub_op::CONT as usize] = handler::cont;
            table[stub_op::CORO_DONE as usize] = handler::coro_done;
            table[stub_op::TAIL as usize] = handler::tail;
            table
        };
    };
}
for_each_op!(make_table);

/// [`EXECUTING`], at one address.
static PLAIN: Handlers = EXECUTING;

/// [`PLAIN`] with every op's handler replaced; stubs are no instructions of a program.
const fn replaced(by: Handler) -> Handlers {
    let mut table = EXECUTING;
    let mut next = 0;
    while next < stub_op::EXIT as usize {
        table[next] = by;
        next += 1;
    }
    table
}

/// The handlers that count.
static COUNTING: Handlers = replaced(counted);
/// The handlers that look at each instruction.
static HOOKED: Handlers = replaced(watched);

handlers! {
    /// counts an instruction, then executes it
    counted(i, pc, base, k, l) {
        if (*l).countdown > 0 {
            (*l).countdown -= 1;
            return PLAIN[(i & 0xff) as usize](i, pc, base, k, l);
        }
        return watched(i, pc, base, k, l);
    }
}

/// Lets [`hook::watch`] look at an instruction, then executes it.
#[inline(never)]
unsafe fn watched(
    i: u32,
    pc: *const u32,
    _base: *mut RawValue,
    _k: *const RawValue,
    l: *mut State,
) -> Flow {
    (*(*l).w.ci).pc = pc;
    let code = hook::watch(l, i);
    if code != exit::CONTINUE {
        return code;
    }
    let ci = (*l).w.ci;
    PLAIN[(i & 0xff) as usize](i, (*ci).pc, (*ci).base, (*ci).k, l)
}

/// Makes the handlers of `mode` the state's.
pub(crate) unsafe fn install(l: *mut State, mode: Mode) {
    (*l).table.fill(match mode {
        Mode::Plain => &PLAIN,
        Mode::Counting => &COUNTING,
        Mode::Hooked => &HOOKED,
    });
    interrupt::table_changed(l);
}

/// Executes from the current frame until an exit.
///
/// # Safety
/// The state is consistent and its current frame goes on in verified code or a stub.
pub(crate) unsafe fn run(l: *mut State) -> u32 {
    let ci = (*l).w.ci;
    let (pc, base, k) = ((*ci).pc, (*ci).base, (*ci).k);
    let word = *pc;
    let handler = (*l).table.handler(word);
    handler(word, pc.add(1), base, k, l)
}

macro_rules! next {
    ($pc:expr, $base:expr, $k:expr, $l:expr) => {{
        let pc: *const u32 = $pc;
        let word = *pc;
        let handler = (*$l).table.handler(word);
        return handler(word, pc.add(1), $base, $k, $l);
    }};
}
pub(crate) use next;

macro_rules! leave {
    ($code:expr) => {
        return $code
    };
}
pub(crate) use leave;
