//! Which libraries a Vm has, and how chunks are loaded into it.

use crate::host::value::Value;
use crate::host::vm::{LuaError, Vm};
use crate::stdlib::Libraries;
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::upvalue::Upvalue;

macro_rules! openers {
    ($($name:ident $library:ident $doc:literal)*) => {
        impl Vm {
            $(
                #[doc = $doc]
                pub fn $name(&mut self) {
                    self.open_libraries(Libraries::$library);
                }
            )*
        }
    };
}
openers! {
    open_os OS "Opens `os`."
    open_io IO "Opens `io`."
}

impl Vm {
    /// Makes a value the first upvalue of a Lua function: the environment of a chunk. A function without upvalues uses none.
    ///
    /// # Errors
    /// A handle is stale, or the first is no Lua function.
    pub fn set_environment(&mut self, function: Value, env: Value) -> Result<(), LuaError> {
        let l = self.state();
        for value in [function, env] {
            if !self.is_live(value) {
                return Err(self.stale(value, "set_environment"));
            }
        }
        let raw: RawValue = function.to_raw();
        if raw.tag != tag::LCLOSURE {
            return Err(LuaError(self.new_string(b"Lua function expected")));
        }
        // SAFETY: V1; both are live. The fresh upvalue is stored before anything can collect, and the barrier follows the store.
        unsafe {
            let closure: *mut LuaClosure = raw.as_ptr();
            if (*closure).count() > 0 {
                let upvalue = Upvalue::new_closed(&mut (*l).heap, env.to_raw());
                *LuaClosure::upvalue_slot(closure, 0) = upvalue;
                (*l).heap.barrier_object(closure.cast(), upvalue.cast());
            }
        }
        Ok(())
    }
}
