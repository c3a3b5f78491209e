//! Functions whose code is exchanged: what reloading a module needs.

use crate::heap::Heap;
use crate::heap::alloc::{CLASS_SIZE, class_of};
use crate::host::value::Value;
use crate::host::vm::Vm;
use crate::value::function::{LuaClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::thread::{Coro, CoroState, ThreadWords};
use crate::value::upvalue::Upvalue;
use crate::vm::State;

/// A variable that a Lua function has captured.
#[derive(Clone, Debug)]
pub struct Captured {
    /// Its name; empty if that was stripped.
    pub name: String,
    /// Which variable it is: functions that share one have the same.
    pub cell: u64,
    /// What it holds.
    pub value: Value,
}

impl Vm {
    /// The closure behind a live Lua function.
    fn live_closure(&self, function: Value) -> Option<*mut LuaClosure> {
        let raw = self.checked(function)?;
        (raw.tag == tag::LCLOSURE).then(|| raw.as_ptr())
    }

    /// The variable `index` of a live Lua function.
    fn cell(&self, function: Value, index: usize) -> Option<(*mut LuaClosure, *mut Upvalue)> {
        let closure = self.live_closure(function)?;
        // SAFETY: E2; the closure was found live, and the index is compared with its count.
        unsafe {
            (index < (*closure).count()).then(|| (closure, LuaClosure::upvalue(closure, index)))
        }
    }

    /// What a Lua function has captured; nothing for any other value.
    #[must_use]
    pub fn captured(&self, function: Value) -> Vec<Captured> {
        let Some(closure) = self.live_closure(function) else { return Vec::new() };
        // SAFETY: E2; the closure was found live, which keeps its prototype and variables.
        unsafe {
            let names = &Proto::def((*closure).proto.as_ptr()).upvals;
            let cells = (0..(*closure).count()).map(|i| LuaClosure::upvalue(closure, i));
            cells
                .zip(names)
                .map(|(cell, def)| Captured {
                    name: String::from_utf8_lossy(def.name.as_deref().unwrap_or_default()).into(),
                    cell: cell.expose_provenance() as u64,
                    value: Value::from_raw(*(*cell).slot),
                })
                .collect()
        }
    }

    /// Makes variable `index` of a Lua function the same as `other` of `from`; whether both exist.
    pub fn share_captured(
        &mut self,
        function: Value,
        index: usize,
        from: Value,
        other: usize,
    ) -> bool {
        let (Some((closure, _)), Some((_, cell))) =
            (self.cell(function, index), self.cell(from, other))
        else {
            return false;
        };
        // SAFETY: E2, H4; `cell` found both variables, and the barrier follows the store.
        unsafe {
            *LuaClosure::upvalue_slot(closure, index) = cell;
            (*self.state()).heap.barrier_object(closure.cast(), cell.cast());
        }
        true
    }

    /// Sets variable `index` of a Lua function; whether it exists.
    pub fn set_captured(&mut self, function: Value, index: usize, value: Value) -> bool {
        let (Some((_, cell)), Some(value)) = (self.cell(function, index), self.checked(value))
        else {
            return false;
        };
        // SAFETY: E2, H4; `cell` found the variable, whose slot is its own or in a live stack, and the barrier follows the store.
        unsafe {
            *(*cell).slot = value;
            (*self.state()).heap.barrier(cell.cast(), value);
        }
        true
    }

    /// Makes a Lua function the same as another one, whoever holds it: the same code over the same variables. Whether that could be done:
    /// not while the function runs, also in a coroutine that waits, nor if the other one has captured more than it has room for.
    pub fn replace_function(&mut self, function: Value, with: Value) -> bool {
        let (Some(old), Some(new)) = (self.live_closure(function), self.live_closure(with)) else {
            return false;
        };
        let l = self.state();
        // SAFETY: E2, H1, H4; both were found live, the room of the cell is compared, and the barrier follows the stores. No frame refers to
        // the prototype by way of the closure, for there is none (`is_running`).
        unsafe {
            let count = (*new).count();
            let size = |count| size_of::<LuaClosure>() + 8 * count;
            let room = CLASS_SIZE[class_of(size((*old).count()))] as usize;
            if size(count) > room || is_running(l, old) {
                return false;
            }
            crate::heap::poison::unpoison(old.cast(), size(count));
            for i in 0..count {
                *LuaClosure::upvalue_slot(old, i) = LuaClosure::upvalue(new, i);
            }
            (*old).proto = (*new).proto;
            (*old).header.aux = (*new).header.aux;
            if (*old).header.is_black() {
                (*l).heap.barrier_back(old.cast());
            }
        }
        true
    }
}

/// Whether a closure has a frame in any coroutine.
unsafe fn is_running(l: *mut State, closure: *mut LuaClosure) -> bool {
    let wanted = RawValue::closure(closure);
    let heap: &Heap = &(*l).heap;
    heap.objects(tag::CORO).map(|header| header.cast::<Coro>()).any(|coro| {
        if std::ptr::eq(coro, (*l).current) {
            return has_frame(&(*l).w, wanted);
        }
        (*coro).state != CoroState::Dead && has_frame(&(*coro).words, wanted)
    })
}

/// Whether a function has a frame among those of a thread.
unsafe fn has_frame(words: &ThreadWords, function: RawValue) -> bool {
    let mut ci = words.ci_base;
    while ci <= words.ci {
        let running = *(*ci).base.sub(1);
        if running.tag == function.tag && running.bits == function.bits {
            return true;
        }
        ci = ci.add(1);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::LuaVersion;

    #[test]
    fn a_function_becomes_another_unless_it_runs() {
        let mut vm = Vm::new(LuaVersion::Lua55);
        let values = vm
            .eval(
                "local a, b, c = 1, 2, 3
                 local function old() return a, b end
                 local function new() return b, 'new' end
                 local function more() return a, b, c end
                 local co = coroutine.wrap(function() coroutine.yield() end)
                 return old, new, more",
            )
            .unwrap();
        let [old, new, more] = values[..] else { panic!("three functions") };
        for value in &values {
            vm.pin_host(*value);
        }
        let names = |vm: &Vm| vm.captured(old).into_iter().map(|c| c.name).collect::<Vec<_>>();
        assert_eq!(names(&vm), ["a", "b"]);
        assert!(!vm.replace_function(old, more), "there is no room");
        assert!(vm.replace_function(old, new));
        assert_eq!(names(&vm), ["b"]);
        let (n, text): (i64, String) = vm.call(old, ()).unwrap();
        assert_eq!((n, text.as_str()), (2, "new"));
        assert!(vm.set_captured(old, 0, Value::Int(7)) && !vm.set_captured(old, 1, Value::Nil));
        let (n, _): (i64, String) = vm.call(new, ()).unwrap();
        assert_eq!(n, 7, "they share it");
        vm.collect_garbage();
        assert!(!vm.replace_function(old, Value::Int(1)));

        let waiting = vm
            .eval("local x = 1 function f() local y = x coroutine.yield() return y end co = coroutine.create(f) coroutine.resume(co) return f")
            .unwrap()[0];
        assert!(!vm.replace_function(waiting, new), "a coroutine waits in it");
        vm.eval("coroutine.resume(co)").unwrap();
        assert!(vm.replace_function(waiting, new));
    }
}
