//! The `Vm`: owner of a state, and the host's way into it.

use std::marker::PhantomData;

use crate::bytecode::verify::verify;
use crate::compile::compile;
use crate::dialect::LuaVersion;
use crate::syntax::error::SyntaxError;
use crate::syntax::parse;
use crate::value::function::{LuaClosure, Proto};
use crate::value::repr::RawValue;
use crate::value::string::Str;
use crate::value::upvalue::Upvalue;
use crate::value::table::Table;
use crate::vm::{State, call, coerce, natives, stack};

/// One Lua universe: heap, globals, coroutines.
#[derive(Debug)]
pub struct Vm {
    state: *mut State,
    not_send: PhantomData<*mut ()>,
}

impl Drop for Vm {
    fn drop(&mut self) {
        // SAFETY: the Vm owns its state, and nothing borrowed from it outlives it.
        unsafe { State::destroy(self.state) }
    }
}

/// Compiles text to a verified closure whose first upvalue is `env`.
///
/// # Safety
/// `l` is live; the result is rooted before the next safe point.
pub(crate) unsafe fn load_text(l: *mut State, source: &[u8], name: &[u8], env: RawValue) -> Result<*mut LuaClosure, SyntaxError> {
    let ast = parse(source, name, (*l).rules)?;
    let def = compile(&ast, name, (*l).rules)?;
    debug_assert!(verify(&def).is_ok(), "the compiler makes only verifiable code");
    Ok(close_over(l, def, env))
}

/// A closure of a verified main function.
pub(crate) unsafe fn close_over(l: *mut State, def: crate::bytecode::proto::ProtoDef, env: RawValue) -> *mut LuaClosure {
    let count = def.upvals.len();
    let heap = &mut (*l).heap;
    let proto = Proto::new(heap, def);
    let closure = LuaClosure::new(heap, proto, count);
    for i in 0..count {
        let value = if i == 0 { env } else { RawValue::NIL };
        *LuaClosure::upvalue_slot(closure, i) = Upvalue::new_closed(heap, value);
    }
    closure
}

impl Vm {
    /// A Vm with empty globals.
    #[must_use]
    pub fn new_minimal(version: LuaVersion) -> Vm {
        Vm { state: State::create(version, 0x5EED), not_send: PhantomData }
    }

    /// Opens the parts of the base and coroutine libraries that work on frames.
    pub fn open_frame_natives(&mut self) {
        let l = self.state;
        // SAFETY: the state is idle and nothing collects here.
        unsafe {
            natives::register(l, (*l).globals, natives::BASE);
            let table = Table::new(&mut (*l).heap);
            natives::register(l, table, natives::COROUTINE);
            let key = RawValue::str(Str::new(&mut (*l).heap, b"coroutine"));
            let stored = Table::set((*l).globals, &mut (*l).heap, key, RawValue::table(table));
            debug_assert!(stored.is_ok(), "a string key");
        }
    }

    /// The dialect.
    #[must_use]
    pub fn version(&self) -> LuaVersion {
        // SAFETY: the state lives as long as the Vm.
        unsafe { (*self.state).version }
    }

    /// The state, for the parts of the crate that work on it.
    pub(crate) fn state(&self) -> *mut State {
        self.state
    }

    /// Runs a chunk; its results as text, tab separated, for the first tests of a state without libraries.
    ///
    /// # Errors
    /// The message of a syntax or run-time error.
    pub fn run_text(&mut self, source: &[u8], name: &[u8]) -> Result<String, String> {
        let l = self.state;
        // SAFETY: the state is idle; the closure is pushed before anything can collect.
        unsafe {
            let env = RawValue::table((*l).globals);
            let closure = load_text(l, source, name, env).map_err(|e| e.to_string())?;
            let top = (*l).w.top.offset_from((*l).w.stack);
            let result = call::isolated_all(l, RawValue::closure(closure), &[]);
            let Ok(count) = result else {
                let error = (*l).error;
                (*l).error = RawValue::NIL;
                return Err(self.text(error));
            };
            let values: Vec<RawValue> = (0..count).map(|i| *(*l).w.stack.offset(top).add(i)).collect();
            let texts: Vec<String> = values.into_iter().map(|v| self.text(v)).collect();
            (*l).w.top = (*l).w.stack.offset(top);
            Ok(texts.join("\t"))
        }
    }

    /// `tostring` of a value.
    unsafe fn text(&self, value: RawValue) -> String {
        let l = self.state;
        if stack::ensure(l, 8).is_err() || coerce::push_tostring(l, value).is_err() {
            return "?".to_owned();
        }
        (*l).w.top = (*l).w.top.sub(1);
        String::from_utf8_lossy(Str::bytes((*(*l).w.top).as_ptr())).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(source: &str) -> String {
        let mut vm = Vm::new_minimal(LuaVersion::Lua54);
        vm.open_frame_natives();
        match vm.run_text(source.as_bytes(), b"=t") {
            Ok(text) => text,
            Err(text) => format!("!{text}"),
        }
    }

    #[test]
    fn core_of_the_language() {
        for (source, expected) in [
            ("return 1 + 2", "3"),
            ("local s = 0 for i = 1, 10 do s = s + i end return s", "55"),
            ("local function f(n) if n < 2 then return n end return f(n-1) + f(n-2) end return f(20)", "6765"),
            ("local t = {} for i = 1, 100 do t[i] = i end return #t, t[50]", "100\t50"),
            ("local t = {x = 1, y = {z = 2}} t.x = t.x + t.y.z return t.x", "3"),
            ("return 'a' .. 1 .. 'b' .. 2.5", "a1b2.5"),
            ("local function v(...) local a, b = ... return b, a, ... end return v(1, 2, 3)", "2\t1\t1\t2\t3"),
            ("local x = nil; return x.y", "!t:1: attempt to index a nil value (local 'x')"),
            ("return undefined.y", "!t:1: attempt to index a nil value (global 'undefined')"),
            ("undefined()", "!t:1: attempt to call a nil value (global 'undefined')"),
            ("return {} + 1", "!t:1: attempt to perform arithmetic on a table value"),
            ("return pcall(function() local a = nil; a() end)", "false\tt:1: attempt to call a nil value (local 'a')"),
            ("return pcall(function(...) return ... end, 1, 2)", "true\t1\t2"),
            (
                "local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return b * 2 end) return co(1), co(10)",
                "2\t20",
            ),
            ("local function g() local x <close> = nil return 5 end return g()", "5"),
            ("local function f(n) if n == 0 then return 'done' end return f(n - 1) end return f(100000)", "done"),
            ("local n = 0 local function f() n = n + 1 f() end return (pcall(f)), n > 1000", "false\ttrue"),
            ("local a = {} for i = 1, 3 do a[i] = function() i = i + 1 return i end end return a[1](), a[1](), a[2]()", "2\t3\t3"),
        ] {
            assert_eq!(run(source), expected, "{source}");
        }
    }
}
