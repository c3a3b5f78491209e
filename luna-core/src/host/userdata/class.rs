//! Classes: what a Rust type registers, and the metatable made of it.

use std::any::TypeId;
use std::collections::HashSet;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use crate::host::convert::{FromLuaValue, IntoValue};
use crate::host::native::Cx;
use crate::host::roots::Class;
use crate::host::roots::handles::Seal;
use crate::host::typed::host_fn::{self, HostFn, HostHeader, ReadField, WriteField, new_host_fn};
use crate::host::typed::signature::{Descriptor, FieldAccess};
use crate::host::typed::signatures::{NativeTypedSig, new_typed};
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, NativeCall, Pending, Slot};
use crate::host::userdata::borrow::{Exclusive, Shared};
use crate::host::userdata::describe::{ClassInfo, FunctionKind};
use crate::host::userdata::methods::{MetaMethod, UserdataMethods};
use crate::host::userdata::{LuaUserdata, part};
use crate::host::value::Value;
use crate::host::vm::tables::Rooted;
use crate::host::vm::{LuaError, Vm};
use crate::value::function::{NativeClosure, NativeEntry};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::userdata::{Members, OwnHandler, UserdataObj};
use crate::vm::{State, barriers, call};

/// Host code as a closure over the call.
struct Body<C>(C);

impl<C: Fn(&NativeCall) -> Result<usize, Pending> + 'static> HostFn for Body<C> {
    #[inline(always)]
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        (self.0)(call)
    }
}

/// Reads a field: `G` is a `Fn(&T) -> V`.
struct Reader<T, V, G> {
    read: G,
    offset: usize,
    /// The offset is one in the objects of the class, not in a base.
    own: bool,
    of: PhantomData<fn(T) -> V>,
}

impl<T: LuaUserdata, V: IntoValue + 'static, G: Fn(&T) -> V + 'static> Reader<T, V, G> {
    unsafe fn read_field(
        host: *const HostHeader,
        l: *mut State,
        object: *mut UserdataObj,
    ) -> Option<RawValue> {
        let reader = HostHeader::host::<Self>(host);
        let object = Shared::<T>::of_own(object)?;
        // The frame of the instruction is not left: nothing may be entered.
        let _seal = Seal::set(l);
        let value = catch_unwind(AssertUnwindSafe(|| (reader.read)(object.get()))).ok()?;
        value.into_slot(&NativeCall { l, nargs: 0 }).ok().map(|slot| slot.0)
    }
}

impl<T: LuaUserdata, V: IntoValue + 'static, G: Fn(&T) -> V + 'static> HostFn for Reader<T, V, G> {
    const READ: Option<ReadField> =
        if V::KIND.is_scalar() && V::IMMEDIATE.0 { Some(Self::read_field) } else { None };

    #[inline(always)]
    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        let object = Shared::<T>::of_argument(call, 0)?;
        call.lending(|| (self.read)(object.get())).deliver(call)
    }

    fn descriptor(&self) -> Descriptor {
        let field = FieldAccess::new::<T, V>(self.offset, V::KIND).filter(|_| self.own);
        Descriptor { field, ..Descriptor::default() }
    }
}

/// Writes a field: `S` is a `Fn(&mut T, V)`.
struct Writer<T, V, S> {
    write: S,
    offset: usize,
    /// As that of a [`Reader`].
    own: bool,
    of: PhantomData<fn(T, V)>,
}

impl<T: LuaUserdata, V: FromLuaValue + 'static, S: Fn(&mut T, V) + 'static> Writer<T, V, S> {
    unsafe fn write_field(
        host: *const HostHeader,
        l: *mut State,
        object: *mut UserdataObj,
        value: RawValue,
    ) -> bool {
        let writer = HostHeader::host::<Self>(host);
        let Some(value) = V::from_slot(Slot(value), &NativeCall { l, nargs: 0 }) else {
            return false;
        };
        let Some(mut object) = Exclusive::<T>::of_own(object) else { return false };
        let _seal = Seal::set(l);
        catch_unwind(AssertUnwindSafe(|| (writer.write)(object.get_mut(), value))).is_ok()
    }
}

impl<T: LuaUserdata, V: FromLuaValue + 'static, S: Fn(&mut T, V) + 'static> HostFn
    for Writer<T, V, S>
{
    // What the value holds outside of itself is asked after a call.
    const WRITE: Option<WriteField> =
        if V::KIND.is_scalar() && !T::TRACES { Some(Self::write_field) } else { None };

    fn run(&self, call: &NativeCall) -> Result<usize, Pending> {
        let value = call.convert::<V>(1)?;
        let mut object = Exclusive::<T>::of_argument(call, 0)?;
        call.lending(|| (self.write)(object.get_mut(), value));
        Ok(0)
    }

    fn descriptor(&self) -> Descriptor {
        let field = FieldAccess::new::<T, V>(self.offset, V::KIND).filter(|_| self.own);
        Descriptor { field, ..Descriptor::default() }
    }
}

/// Body of a method with `&T`.
fn shared_body<T: LuaUserdata, F, A, R>(method: F) -> impl HostFn
where
    F: Fn(&mut Vm, &T, A) -> Result<R, LuaError> + 'static,
    A: FromLuaArgs,
    R: IntoLuaReturn,
{
    Body(move |call: &NativeCall| {
        let receiver = Shared::<T>::of_argument(call, 0)?;
        let args = A::fetch_args(call, 1)?;
        call.with_vm(|vm| method(vm, receiver.get(), args))?.deliver(call)
    })
}

/// Body of a method with `&mut T`.
fn exclusive_body<T: LuaUserdata, F, A, R>(method: F) -> impl HostFn
where
    F: Fn(&mut Vm, &mut T, A) -> Result<R, LuaError> + 'static,
    A: FromLuaArgs,
    R: IntoLuaReturn,
{
    Body(move |call: &NativeCall| {
        let mut receiver = Exclusive::<T>::of_argument(call, 0)?;
        let args = A::fetch_args(call, 1)?;
        call.with_vm(|vm| method(vm, receiver.get_mut(), args))?.deliver(call)
    })
}

/// Body of a function.
fn function_body<F, A, R>(function: F) -> impl HostFn
where
    F: Fn(&mut Vm, A) -> Result<R, LuaError> + 'static,
    A: FromLuaArgs,
    R: IntoLuaReturn,
{
    Body(move |call: &NativeCall| {
        let args = A::fetch_args(call, 0)?;
        call.with_vm(|vm| function(vm, args))?.deliver(call)
    })
}

/// A name that lives as long as the process: one copy of each.
fn lasting(name: &str) -> &'static str {
    static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(known) = names.get(name) {
        return known;
    }
    let lasting: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(lasting);
    lasting
}

/// A class being made. Its tables are rooted by the state's class list from the start.
#[derive(Debug)]
pub struct ClassBuilder<'v> {
    /// The state the class is made in; a constant's conversion may give `vm` another.
    l: *mut State,
    vm: &'v mut Vm,
    class: *const Members,
    has_getters: bool,
    meta_functions: Vec<MetaMethod>,
    /// What is registered is a base's.
    inherited: bool,
    callable: bool,
}

impl ClassBuilder<'_> {
    /// Goes on only in the state the class is made in.
    fn check_state(&self) {
        assert!(self.vm.state() == self.l, "the Vm was exchanged while a class was registered");
    }

    /// The tables of the class.
    fn tables(&self) -> &Members {
        // SAFETY: V1; the state's list of classes keeps them, and is only added to.
        unsafe { &*self.class }
    }

    /// Stores a live value in a rooted table.
    fn store(&mut self, table: *mut Table, name: &str, value: RawValue) {
        let l = self.vm.state();
        // SAFETY: V1; nothing collects between making a value and storing it.
        unsafe { store(l, table, name, value) }
    }

    /// Makes a native of host code and stores it.
    fn native<H: HostFn>(&mut self, table: *mut Table, name: &str, host: H) {
        // SAFETY: V1; as `store`.
        let native = unsafe { new_host_fn(self.vm.state(), lasting(name), host) };
        self.store(table, name, RawValue::native(native));
    }

    /// Makes a native of a typed function and stores it.
    fn typed<F: NativeTypedSig<M>, M: 'static>(
        &mut self,
        table: *mut Table,
        name: &'static str,
        function: F,
    ) {
        // SAFETY: V1; nothing collects before the native is stored.
        let native = unsafe { new_typed(self.vm.state(), name, function) };
        self.store(table, name, RawValue::native(native));
    }

    /// Tells the natives of a class what its source says about them.
    fn describe<T: LuaUserdata>(&mut self) {
        let mut info = ClassInfo::default();
        T::describe_class(&mut info);
        self.check_state();
        for function in &info.functions {
            let Members { table, getters, setters, meta, .. } = *self.tables();
            let (table, name) = match function.kind {
                FunctionKind::Constructor if self.inherited => continue,
                FunctionKind::Method | FunctionKind::Function | FunctionKind::Constructor => {
                    (table, function.name)
                }
                FunctionKind::Getter => (getters, function.name),
                FunctionKind::Setter => (setters, function.name),
                FunctionKind::Meta => match MetaMethod::of_ident(function.name) {
                    Some(event) => (meta, event.name()),
                    None => continue,
                },
            };
            // SAFETY: V1; the tables keep the natives, and nothing collects.
            unsafe {
                let native = look_up(self.l, table, name);
                if native.tag == tag::NATIVE {
                    host_fn::describe(native.as_ptr(), function);
                }
            }
        }
    }

    /// Stores a meta method unless a meta function is there.
    fn meta<H: HostFn>(&mut self, event: MetaMethod, host: H) {
        if !self.meta_functions.contains(&event) {
            self.native(self.tables().meta, event.name(), host);
        }
    }
}

/// Whether a value is a handle of an object that has been there before.
fn is_handle<V: IntoValue>(_value: &V) -> bool {
    V::HANDLE.is_some()
}

/// Stores under a name.
unsafe fn store(l: *mut State, table: *mut Table, name: &str, value: RawValue) {
    let heap = &mut (*l).heap;
    let key = RawValue::str(Str::new(heap, name.as_bytes()));
    let stored = Table::set(table, heap, key, value);
    debug_assert!(stored.is_ok(), "a string key");
    (*table).header.aux = 0;
    barriers::after_table_store(l, table);
}

/// What is stored under a name.
unsafe fn look_up(l: *mut State, table: *mut Table, name: &str) -> RawValue {
    let key = RawValue::str(Str::new(&mut (*l).heap, name.as_bytes()));
    Table::get(table, &(*l).heap, key)
}

impl<T: LuaUserdata> UserdataMethods<T> for ClassBuilder<'_> {
    fn add_method<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&mut Vm, &T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.native(self.tables().table, name, shared_body(method));
    }

    fn add_method_mut<F, A, R>(&mut self, name: &str, method: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.native(self.tables().table, name, exclusive_body(method));
    }

    fn add_function<F, A, R>(&mut self, name: &str, function: F)
    where
        F: Fn(&mut Vm, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.native(self.tables().table, name, function_body(function));
    }

    fn add_typed<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, function: F) {
        self.typed(self.tables().table, lasting(name), function);
    }

    fn add_field_method_get<F, R>(&mut self, name: &str, getter: F)
    where
        F: Fn(&mut Vm, &T) -> Result<R, LuaError> + 'static,
        R: IntoLuaReturn,
    {
        self.has_getters = true;
        self.native(
            self.tables().getters,
            name,
            shared_body(move |vm: &mut Vm, object: &T, ()| getter(vm, object)),
        );
    }

    fn add_field_method_set<F, A>(&mut self, name: &str, setter: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<(), LuaError> + 'static,
        A: FromLuaArgs,
    {
        self.native(self.tables().setters, name, exclusive_body(setter));
    }

    fn add_typed_getter<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, getter: F) {
        self.has_getters = true;
        self.typed(self.tables().getters, lasting(name), getter);
    }

    fn add_typed_setter<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, setter: F) {
        self.typed(self.tables().setters, lasting(name), setter);
    }

    fn add_typed_meta<F: NativeTypedSig<M>, M: 'static>(&mut self, event: MetaMethod, handler: F) {
        self.typed(self.tables().meta, event.name(), handler);
        self.meta_functions.push(event);
    }

    fn add_field<V: IntoValue + 'static, G: Fn(&T) -> V + 'static>(
        &mut self,
        name: &str,
        offset: usize,
        read: G,
    ) {
        self.has_getters = true;
        let host = Reader { read, offset, own: !self.inherited, of: PhantomData };
        self.native(self.tables().getters, name, host);
    }

    fn add_field_write<V: FromLuaValue + 'static, S: Fn(&mut T, V) + 'static>(
        &mut self,
        name: &str,
        offset: usize,
        write: S,
    ) {
        let host = Writer { write, offset, own: !self.inherited, of: PhantomData };
        self.native(self.tables().setters, name, host);
    }

    fn add_constructor<F: NativeTypedSig<M>, M: 'static>(&mut self, name: &str, constructor: F) {
        if !self.inherited {
            self.typed(self.tables().table, lasting(name), constructor);
        }
    }

    fn extend<B: LuaUserdata>(&mut self) {
        let before = std::mem::replace(&mut self.inherited, true);
        B::add_methods(self);
        self.describe::<B>();
        self.inherited = before;
        self.meta_functions.clear();
    }

    fn add_child<C: LuaUserdata, G, E>(&mut self, name: &str, shared: G, exclusive: E)
    where
        G: Fn(&T) -> &C + 'static,
        E: Fn(&mut T) -> &mut C + 'static,
    {
        self.has_getters = true;
        self.native(
            self.tables().getters,
            name,
            Body(part::child_body::<T, C, _, _>(shared, exclusive)),
        );
    }

    fn make_callable(&mut self) {
        self.callable = !self.inherited;
    }

    fn add_constant(&mut self, name: &str, value: impl IntoValue) {
        let owned = !is_handle(&value);
        let value = match value.try_into_value(self.vm) {
            Ok(value) => value,
            Err(error) => panic!("constant '{name}': {}", self.vm.error_text(&error)),
        };
        self.check_state();
        let raw = self.vm.check_or_panic(value, "add_constant");
        if owned && raw.tag == tag::USERDATA {
            // SAFETY: V1; the check found the object live.
            unsafe { (*raw.as_ptr::<UserdataObj>()).set_constant() }
        }
        self.store(self.tables().table, name, raw);
    }

    fn add_meta_method<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&mut Vm, &T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.meta(event, shared_body(method));
    }

    fn add_meta_method_mut<F, A, R>(&mut self, event: MetaMethod, method: F)
    where
        F: Fn(&mut Vm, &mut T, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.meta(event, exclusive_body(method));
    }

    fn add_meta_function<F, A, R>(&mut self, event: MetaMethod, function: F)
    where
        F: Fn(&mut Vm, A) -> Result<R, LuaError> + 'static,
        A: FromLuaArgs,
        R: IntoLuaReturn,
    {
        self.native(self.tables().meta, event.name(), function_body(function));
        self.meta_functions.push(event);
    }
}

/// Calls a handler, a native of ours, in the frame of the one that found it.
unsafe fn hand_over(l: *mut State, f: *mut RawValue, handler: RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = handler.as_ptr();
    *f = handler;
    (*l).w.top = f.add(1 + nargs);
    ((*native).entry)(l, f, nargs)
}

/// `__index` of a class with getters or a handler. Upvalues: getters, class table, handler, type name if it is strict.
unsafe fn index_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs < 2 {
        *f = RawValue::NIL;
        return 1;
    }
    let native: *mut NativeClosure = (*f).as_ptr();
    let key = *f.add(2);
    let getter = Table::get((*NativeClosure::upvalue(native, 0)).as_ptr(), &(*l).heap, key);
    if getter.tag == tag::NATIVE {
        return hand_over(l, f, getter, 1);
    }
    let member = Table::get((*NativeClosure::upvalue(native, 1)).as_ptr(), &(*l).heap, key);
    let handler = *NativeClosure::upvalue(native, 2);
    if member.is_nil() && handler.tag == tag::NATIVE {
        return hand_over(l, f, handler, 2);
    }
    let ty = *NativeClosure::upvalue(native, 3);
    if member.is_nil() && ty.tag == tag::STR {
        let names = [0, 1].map(|i| (*NativeClosure::upvalue(native, i)).as_ptr());
        return unknown_name(l, nargs, ty, key, names);
    }
    *f = member;
    1
}

/// Raises that a strict type has no such name.
#[cold]
unsafe fn unknown_name(
    l: *mut State,
    nargs: usize,
    ty: RawValue,
    key: RawValue,
    tables: [*mut Table; 2],
) -> isize {
    let (ty, field) = (text_of(ty), text_of(key));
    let mut names = Vec::new();
    for table in tables {
        let mut at = RawValue::NIL;
        while let Ok(Some((key, _))) = Table::next(table, &(*l).heap, at) {
            at = key;
            names.push(text_of(key));
        }
    }
    let hint = crate::host::userdata::suggest::did_you_mean(&field, &names);
    let crate::host::native::Raise =
        Cx::of_running(l, nargs).error(format_args!("{ty} has no field '{field}'{hint}"));
    call::RAISED
}

/// A key as messages show it.
unsafe fn text_of(key: RawValue) -> String {
    match key.tag {
        tag::STR => String::from_utf8_lossy(Str::bytes(key.as_ptr())).into_owned(),
        tag::INT => key.as_int().to_string(),
        _ => format!("({})", key.type_name()),
    }
}

/// `__call` of a class table: a call of its constructor. Upvalues: class table, the constructor's name.
unsafe fn construct_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    let native: *mut NativeClosure = (*f).as_ptr();
    let [table, name] = [0, 1].map(|i| *NativeClosure::upvalue(native, i));
    let constructor = Table::get(table.as_ptr(), &(*l).heap, name);
    if constructor.tag != tag::NATIVE {
        let message = format_args!("the class has no function '{}'", text_of(name));
        let crate::host::native::Raise = Cx::of_running(l, nargs).error(message);
        return call::RAISED;
    }
    // The class table itself is the first argument.
    for i in 1..nargs {
        *f.add(i) = *f.add(i + 1);
    }
    hand_over(l, f, constructor, nargs.saturating_sub(1))
}

/// `__newindex` of every class. Upvalues: setters, getters, handler, type name, whether it is strict.
unsafe fn new_index_entry(l: *mut State, f: *mut RawValue, nargs: usize) -> isize {
    if nargs < 3 {
        return 0;
    }
    let native: *mut NativeClosure = (*f).as_ptr();
    let key = *f.add(2);
    let setter = Table::get((*NativeClosure::upvalue(native, 0)).as_ptr(), &(*l).heap, key);
    if setter.tag == tag::NATIVE {
        *f.add(2) = *f.add(3);
        return hand_over(l, f, setter, 2);
    }
    let handler = *NativeClosure::upvalue(native, 2);
    if handler.tag == tag::NATIVE {
        return hand_over(l, f, handler, 3);
    }
    let getter = Table::get((*NativeClosure::upvalue(native, 1)).as_ptr(), &(*l).heap, key);
    let ty = *NativeClosure::upvalue(native, 3);
    if getter.is_nil() && (*NativeClosure::upvalue(native, 4)).tag == tag::TRUE {
        let names = [0, 1].map(|i| (*NativeClosure::upvalue(native, i)).as_ptr());
        return unknown_name(l, nargs, ty, key, names);
    }
    let (ty, field) = (text_of(ty), text_of(key));
    let cx = Cx::of_running(l, nargs);
    let crate::host::native::Raise = if getter.is_nil() {
        cx.error(format_args!("cannot set field '{field}' of {ty}"))
    } else {
        cx.error(format_args!("field '{field}' of {ty} is read-only"))
    };
    call::RAISED
}

impl Vm {
    /// The class of a type, made on first use.
    pub(in crate::host) fn class<T: LuaUserdata>(&mut self) -> *const Members {
        match self.known_class::<T>() {
            Some(class) => class,
            None => self.make_class::<T>(|builder| T::add_methods(builder)),
        }
    }

    /// The class of a type, if it has been made.
    #[inline]
    fn known_class<T: LuaUserdata>(&self) -> Option<*const Members> {
        // SAFETY: V1; the state lives as long as the Vm.
        let classes = unsafe { &(*self.state()).host.classes };
        classes.get(&TypeId::of::<T>()).map(|class| class.members.cast_const())
    }

    /// Makes the class of a type of what `register` says, in place of the type itself; `false`: it is there already.
    pub fn register_class<T: LuaUserdata>(
        &mut self,
        register: impl FnOnce(&mut ClassBuilder<'_>),
    ) -> bool {
        if self.known_class::<T>().is_some() {
            return false;
        }
        self.make_class::<T>(register);
        true
    }

    /// Makes the class of a type of what `register` says.
    #[cold]
    fn make_class<T: LuaUserdata>(
        &mut self,
        register: impl FnOnce(&mut ClassBuilder<'_>),
    ) -> *const Members {
        let l = self.state();
        // SAFETY: V1; the tables are rooted by the class list as soon as they are made: nothing collects on the host's side.
        unsafe {
            let heap = &mut (*l).heap;
            let class = Box::into_raw(Box::new(Members {
                owner: l,
                meta: Table::new(heap),
                table: Table::new(heap),
                getters: Table::new(heap),
                setters: Table::new(heap),
                index: OwnHandler::none(),
                new_index: OwnHandler::none(),
            }));
            let path = std::any::type_name::<T>();
            (*l).host.classes.insert(
                TypeId::of::<T>(),
                Class { members: class, path, describe: ClassInfo::of::<T> },
            );
            // A guard keeps the state, should user code drop the Vm, until the class is finished or forgotten.
            let _kept = Rooted::new(self);
            let unfinished = Unfinished { l, of: TypeId::of::<T>() };
            let mut builder = ClassBuilder {
                l,
                vm: self,
                class,
                has_getters: false,
                meta_functions: Vec::new(),
                inherited: false,
                callable: false,
            };
            register(&mut builder);
            builder.describe::<T>();
            let (indexed, callable) = (builder.has_getters, builder.callable);
            finish_class::<T>(l, class, indexed);
            if callable {
                make_callable(l, (*class).table);
            }
            std::mem::forget(unfinished);
            class
        }
    }
}

/// Forgets a class again whose registration panics.
struct Unfinished {
    l: *mut State,
    of: TypeId,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // SAFETY: V1; a table of the class is pinned as a guard, which keeps the state.
        unsafe {
            let host = &raw mut (*self.l).host;
            if let Some(class) = (*host).classes.remove(&self.of) {
                (*host).failed_classes.push(class);
            }
        }
    }
}

/// Fills in the metatable's own fields.
unsafe fn finish_class<T: LuaUserdata>(l: *mut State, class: *mut Members, indexed: bool) {
    let (meta, table) = ((*class).meta, RawValue::table((*class).table));
    let (getters, setters) = (RawValue::table((*class).getters), RawValue::table((*class).setters));
    let name = RawValue::str(Str::new(&mut (*l).heap, T::type_name().as_bytes()));
    store(l, meta, "__name", name);
    store(l, meta, "__metatable", RawValue::bool(false));
    let handler = look_up(l, meta, MetaMethod::Index.name());
    (*class).index.value = if indexed || T::STRICT || !handler.is_nil() {
        let ty = if T::STRICT { name } else { RawValue::NIL };
        with_upvalues(l, index_entry, "__index", &[getters, table, handler, ty])
    } else {
        table
    };
    store(l, meta, "__index", (*class).index.value);
    let handler = look_up(l, meta, MetaMethod::NewIndex.name());
    let strict = RawValue::bool(T::STRICT);
    let upvalues = [setters, getters, handler, name, strict];
    (*class).new_index.value = with_upvalues(l, new_index_entry, "__newindex", &upvalues);
    store(l, meta, "__newindex", (*class).new_index.value);
}

/// Lets a class table be called.
unsafe fn make_callable(l: *mut State, table: *mut Table) {
    let meta = Table::new(&mut (*l).heap);
    (*table).meta = meta;
    barriers::after_table_store(l, table);
    let new = RawValue::str(Str::new(&mut (*l).heap, b"new"));
    let native = with_upvalues(l, construct_entry, "__call", &[RawValue::table(table), new]);
    store(l, meta, MetaMethod::Call.name(), native);
}

/// A native of the class machinery.
unsafe fn with_upvalues(
    l: *mut State,
    entry: NativeEntry,
    name: &'static str,
    upvalues: &[RawValue],
) -> RawValue {
    let native = NativeClosure::new(&mut (*l).heap, entry, std::ptr::null(), name, upvalues.len());
    for (i, value) in upvalues.iter().enumerate() {
        *NativeClosure::upvalue(native, i) = *value;
    }
    RawValue::native(native)
}

impl Vm {
    /// The native behind a readable name of a userdata's class, if that has getters.
    #[must_use]
    pub fn field_getter(&self, object: Value, name: &str) -> Option<Value> {
        let l = self.state();
        // SAFETY: E2; the value is checked, and the list of classes keeps the tables of its class.
        unsafe {
            let raw = object.checked(&(*l).heap).filter(|raw| raw.tag == tag::USERDATA)?;
            let members = (*raw.as_ptr::<UserdataObj>()).members;
            if members.is_null() {
                return None;
            }
            let getter = look_up(l, (*members).getters, name);
            (!getter.is_nil()).then(|| Value::from_raw(getter))
        }
    }

    /// The type's name as messages show it: `__name` if the metatable has it.
    #[must_use]
    pub(crate) fn type_name_of(&self, value: Value) -> String {
        // SAFETY: E2; the check found the value live, and its metatable is only read.
        unsafe {
            match self.checked(value) {
                Some(raw) => {
                    String::from_utf8_lossy(&crate::vm::inspect::type_name(self.state(), raw))
                        .into_owned()
                }
                None => value.type_name().to_owned(),
            }
        }
    }

    /// A value from the host where nothing else than a panic can report a stale one.
    pub(in crate::host) fn check_or_panic(&mut self, value: Value, function: &str) -> RawValue {
        match self.checked(value) {
            Some(raw) => raw,
            None => panic!("stale or foreign {} passed to Vm::{function}", value.type_name()),
        }
    }
}
