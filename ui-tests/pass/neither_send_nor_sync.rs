use luna::{
    AnyUserdata, Coroutine, Error, Function, Lua, LuaString, LuaUserdata, Scope, Table, Userdata,
    UserdataRef, UserdataRefMut, Value, WeakLua,
};
use luna_core::vm::{Handle, HandleTable, LentUserdata, SharedVm};
use luna_core::{LuaError, Vm, runtime};

#[derive(LuaUserdata)]
struct Unit {
    pub hp: f64,
}

/// Which of its implementations is meant can be inferred for a type only if it has no more than the first.
trait Ambiguous<Which> {
    fn ask() {}
}
struct Send_;
struct Sync_;
impl<T: ?Sized> Ambiguous<()> for T {}
impl<T: ?Sized + Send> Ambiguous<Send_> for T {}
impl<T: ?Sized + Sync> Ambiguous<Sync_> for T {}

macro_rules! bound_to_their_thread {
    ($($ty:ty),* $(,)?) => { $(<$ty as Ambiguous<_>>::ask();)* };
}

fn main() {
    bound_to_their_thread!(
        // The state.
        Lua, WeakLua, Vm, SharedVm,
        // Handles.
        Table, Function, LuaString, Coroutine, AnyUserdata, Userdata<Unit>, Value, Error,
        Handle, HandleTable, LentUserdata,
        // Values of the core.
        runtime::Value, runtime::Gc<runtime::Table>, LuaError,
        // Guards.
        UserdataRef<Unit>, UserdataRefMut<Unit>,
        // Scopes.
        Scope<'static, 'static>,
    );
}
