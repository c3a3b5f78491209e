//! Jumps, loops, logic, length, concatenation, scope ends, stub instructions.

use super::{arg_a, arg_b, arg_bx, arg_sj, handlers, reload, set_float, set_int, slow};
use crate::value::repr::{RawValue, tag};
use crate::value::table::Table;
use crate::vm::dispatch::{exit as exit_code, leave, next};
use crate::vm::{call, close, concat, finish as finishing, forloop, index, protect};

handlers! {
    /// `pc += sJ`
    Jmp(i, pc, base, k, l) { next!(pc.offset(arg_sj(i)), base, k, l) }
    /// `R[A] := not R[B]`
    Not(i, pc, base, k, l) {
        let falsy = (*base.add(arg_b(i))).is_falsy();
        (*base.add(arg_a(i))).tag = if falsy { tag::TRUE } else { tag::FALSE };
        next!(pc, base, k, l)
    }
    /// `R[A] := #R[B]`
    Len(i, pc, base, k, l) {
        let value = *base.add(arg_b(i));
        if value.tag == tag::TABLE {
            let table: *mut Table = value.as_ptr();
            if (*table).meta.is_null() {
                set_int(base.add(arg_a(i)), Table::len(table));
                next!(pc, base, k, l)
            }
        }
        slow!(index::len_op, i, pc, base, k, l)
    }
    /// concatenation
    Concat(i, pc, base, k, l) { slow!(concat::op, i, pc, base, k, l) }
    /// end of a scope with captured or to-be-closed variables
    Close(i, pc, base, k, l) { slow!(close::op, i, pc, base, k, l) }
    /// declaration of a to-be-closed variable
    Tbc(i, pc, base, k, l) { slow!(close::mark, i, pc, base, k, l) }
    /// back-edge of a numeric loop
    ForLoop(i, pc, base, k, l) {
        let slots: *mut RawValue = base.add(arg_a(i));
        let step = slots.add(2);
        if (*step).tag == tag::INT {
            let count = (*slots.add(1)).bits;
            if count > 0 {
                let index = (*slots).as_int().wrapping_add((*step).as_int());
                (*slots.add(1)).bits = count - 1;
                (*slots).bits = index.cast_unsigned();
                set_int(slots.add(3), index);
                next!(pc.sub(arg_bx(i)), base, k, l)
            }
            next!(pc, base, k, l)
        }
        let (by, limit) = ((*step).as_float(), (*slots.add(1)).as_float());
        let index = (*slots).as_float() + by;
        if if by > 0.0 { index <= limit } else { limit <= index } {
            (*slots).bits = index.to_bits();
            set_float(slots.add(3), index);
            next!(pc.sub(arg_bx(i)), base, k, l)
        }
        next!(pc, base, k, l)
    }
    /// start of a numeric loop
    ForPrep(i, pc, base, k, l) {
        slow!(forloop::prepare, i, pc, base, k, l)
    }
    /// start of a generic loop
    TForPrep(i, pc, base, k, l) {
        if (*base.add(arg_a(i) + 3)).tag == tag::NIL {
            next!(pc.add(arg_bx(i)), base, k, l)
        }
        slow!(forloop::prepare_generic, i, pc, base, k, l)
    }
    /// call of a generic loop's iterator
    TForCall(i, pc, base, k, l) { slow!(forloop::call_iterator, i, pc, base, k, l) }
    /// back-edge of a generic loop
    TForLoop(i, pc, base, k, l) {
        let control = *base.add(arg_a(i) + 4);
        if control.tag != tag::NIL {
            *base.add(arg_a(i) + 2) = control;
            next!(pc.sub(arg_bx(i)), base, k, l)
        }
        next!(pc, base, k, l)
    }
    /// check of an initialised global
    ErrNNil(i, pc, base, k, l) {
        if (*base.add(arg_a(i))).tag == tag::NIL {
            next!(pc, base, k, l)
        }
        slow!(index::global_defined, i, pc, base, k, l)
    }
    /// a stub's end of an entry
    exit(i, pc, base, k, l) { leave!(exit_code::DONE) }
    /// a stub's end of a metamethod call
    finish(i, pc, base, k, l) {
        let code = finishing::after_call(l);
        if code != exit_code::CONTINUE {
            leave!(code)
        }
        reload!(l)
    }
    /// a stub's continuation of a native
    cont(i, pc, base, k, l) {
        let code = call::run_continuation(l);
        if code != exit_code::CONTINUE {
            leave!(code)
        }
        reload!(l)
    }
    /// a stub's return of a native's results
    tail(i, pc, base, k, l) {
        let code = call::after_tail_call(l);
        if code != exit_code::CONTINUE {
            leave!(code)
        }
        reload!(l)
    }
    /// a stub's end of a coroutine's body
    coro_done(i, pc, base, k, l) {
        let code = protect::coroutine_done(l);
        if code != exit_code::CONTINUE {
            leave!(code)
        }
        reload!(l)
    }
    /// a code no op has: verified code never gets here
    invalid(i, pc, base, k, l) { leave!(exit_code::DONE) }
}
