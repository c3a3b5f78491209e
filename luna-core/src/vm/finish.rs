//! Finishing an instruction whose metamethod has returned.

use super::dispatch::exit;
use super::frame::frame_flag;
use super::op::{arg_a, op_of};
use super::{State, compare_slow, concat, stack};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{is_condition, is_table_store};

/// Takes up the result of the call made for the current frame's instruction.
pub(crate) unsafe fn after_call(l: *mut State) -> u32 {
    let ci = (*l).w.ci;
    let pc = (*ci).cont;
    (*ci).pc = pc;
    let word = *pc.sub(1);
    let result = *stack::frame_end(l);
    match op_of(word) {
        op if is_table_store(op) => {}
        op if is_condition(op) => return compare_slow::branch(l, word, !result.is_falsy()),
        // Run again until nothing is left to close.
        Op::Close | Op::ReturnX => {
            (*ci).pc = pc.sub(1);
            (*ci).flags |= frame_flag::AGAIN;
        }
        Op::Concat => return concat::resume(l, word, result),
        _ => *(*ci).base.add(arg_a(word)) = result,
    }
    exit::CONTINUE
}
