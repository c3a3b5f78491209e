//! Dispatch by one `loop { match }`, for unoptimised builds and targets without reliable tail calls.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::bytecode::op::for_each_op;
use crate::value::repr::RawValue;
use crate::vm::State;
use crate::vm::dispatch::{Mode, exit, stub_op};
use crate::vm::op::handler;
use crate::vm::{hook, interrupt};

/// What a handler answers: where to go on, and an [`exit`] code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flow {
    pub(crate) pc: *const u32,
    pub(crate) base: *mut RawValue,
    pub(crate) k: *const RawValue,
    pub(crate) code: u32,
}

/// This back end keeps no table in the state, only whether another thread wants it to look at the next instruction.
#[derive(Debug)]
pub(crate) struct Table(AtomicBool);

impl Table {
    /// Nobody wants anything.
    pub(crate) fn new() -> Table {
        Table(AtomicBool::new(false))
    }

    /// Has the run look at its next instruction. Any thread may do so.
    pub(crate) fn poke(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Lets the run go on; [`run`] asks for the mode at each instruction.
pub(crate) unsafe fn install(l: *mut State, _mode: Mode) {
    (*l).table.0.store(false, Ordering::Relaxed);
    interrupt::table_changed(l);
}

macro_rules! make_loop {
    ($($name:ident $form:ident($($field:tt)*) $effect:ident $doc:literal;)*) => {
        #[expect(non_upper_case_globals, reason = "named after the ops they are the codes of")]
        mod code {
            use crate::bytecode::op::Op;
            $(pub(super) const $name: u32 = Op::$name as u32;)*
        }

        /// Executes from the current frame until an exit.
        ///
        /// # Safety
        /// The state is consistent and its current frame goes on in verified code or a stub.
        pub(crate) unsafe fn run(l: *mut State) -> u32 {
            let ci = (*l).w.ci;
            let (mut pc, mut base, mut k) = ((*ci).pc, (*ci).base, (*ci).k);
            loop {
                let word = *pc;
                let mut after = pc.add(1);
                let looks = (*l).limits.mode != Mode::Plain || (*l).table.0.load(Ordering::Relaxed);
                if looks && word & 0xff < stub_op::EXIT {
                    (*(*l).w.ci).pc = after;
                    let code = hook::watch(l, word);
                    if code != exit::CONTINUE {
                        return code;
                    }
                    let ci = (*l).w.ci;
                    (after, base, k) = ((*ci).pc, (*ci).base, (*ci).k);
                }
                let flow = match word & 0xff {
                    $(code::$name => handler::$name(word, after, base, k, l),)*
                    stub_op::EXIT => handler::exit(word, after, base, k, l),
                    stub_op::FINISH => handler::finish(word, after, base, k, l),
                    stub_op::CONT => handler::cont(word, after, base, k, l),
                    stub_op::CORO_DONE => handler::coro_done(word, after, base, k, l),
                    stub_op::TAIL => handler::tail(word, after, base, k, l),
                    _ => handler::invalid(word, after, base, k, l),
                };
                if flow.code != exit::CONTINUE {
                    return flow.code;
                }
                (pc, base, k) = (flow.pc, flow.base, flow.k);
            }
        }
    };
}
for_each_op!(make_loop);

macro_rules! next {
    ($pc:expr, $base:expr, $k:expr, $l:expr) => {
        return $crate::vm::dispatch::Flow { pc: $pc, base: $base, k: $k, code: 0 }
    };
}
pub(crate) use next;

macro_rules! leave {
    ($code:expr) => {
        return $crate::vm::dispatch::Flow {
            pc: std::ptr::null(),
            base: std::ptr::null_mut(),
            k: std::ptr::null(),
            code: $code,
        }
    };
}
pub(crate) use leave;
