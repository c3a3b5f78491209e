//! Classes: what a Rust type registers, and the metatable made of it.

use std::any::{Any, TypeId};
use std::cell::Cell;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use crate::host::convert::{FromLuaValue, IntoValue};
use crate::host::futures::typed::{AsyncNativeSig, new_async};
use crate::host::roots::Class;
use crate::host::roots::handles::Seal;
use crate::host::typed::host_fn::{self, HostFn, HostHeader, ReadField, WriteField, new_host_fn};
use crate::host::typed::signature::{Descriptor, FieldAccess};
use crate::host::typed::signatures::{NativeTypedSig, new_typed};
use crate::host::typed::{FromLuaArgs, IntoLuaReturn, NativeCall, Pending, Slot};
use crate::host::userdata::borrow::{Exclusive, Shared};
use crate::host::userdata::describe::{ClassInfo, FunctionKind};
use crate::host::userdata::handlers::{construct_entry, index_entry, new_index_entry, text_of};
use crate::host::userdata::lasting::lasting;
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
use crate::vm::{State, barriers};

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
        to: *mut RawValue,
    ) -> bool {
        let reader = HostHeader::host::<Self>(host);
        let Some(object) = Shared::<T>::of_own(object) else { return false };
        // The frame of the instruction is not left: nothing may be entered.
        let _seal = Seal::set(l);
        let Ok(value) = catch_unwind(AssertUnwindSafe(|| (reader.read)(object.get()))) else {
            return false;
        };
        let Ok(slot) = value.into_slot(&NativeCall { l, nargs: 0 }) else { return false };
        *to = slot.0;
        true
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
    strict: bool,
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

    /// Gives the type another name in this state.
    pub fn set_name(&mut self, name: &str) {
        // SAFETY: V1; as `tables`, and nothing refers to the name.
        unsafe { (*self.class.cast_mut()).name = lasting(name) }
    }

    /// A name that is not there raises.
    pub fn set_strict(&mut self) {
        self.strict = true;
    }

    /// Values made from now on never change.
    pub fn set_frozen(&mut self) {
        // SAFETY: V1; as `set_name`.
        unsafe { (*self.class.cast_mut()).frozen = true }
    }

    /// Says what tools learn of the class, and its natives of themselves, in place of the type.
    pub fn set_info<T: LuaUserdata>(&mut self, info: ClassInfo) {
        self.describe(&info);
        // SAFETY: V1; the state lives as long as the builder.
        let class = unsafe { (*self.l).host.classes.get_mut(&TypeId::of::<T>()) };
        if let Some(class) = class {
            class.said = Some(info);
        }
    }

    /// What is known about a class; `None` if it has yet to be registered.
    #[must_use]
    pub fn info_of<B: LuaUserdata>(&self) -> Option<ClassInfo> {
        // SAFETY: V1; the state lives as long as the builder.
        let class = unsafe { (*self.l).host.classes.get(&TypeId::of::<B>()) };
        let own = || (!B::REGISTERED).then(ClassInfo::of::<B>);
        class.map(Class::info).or_else(own)
    }

    /// What the registration of `T` has said of its bases.
    pub(super) fn bases_mut<T: LuaUserdata>(&mut self) -> Option<&mut Option<Rc<dyn Any>>> {
        // SAFETY: V1; the state lives as long as the builder, which is borrowed as long as the result.
        let class = unsafe { (*self.l).host.classes.get_mut(&TypeId::of::<T>()) };
        class.map(|class| &mut class.bases)
    }

    /// Adds the members of a registered class to one that extends it: all but constructors and what each class has of its own. `false`: it
    /// is not registered.
    fn copy_members(&mut self, of: TypeId) -> bool {
        let l = self.l;
        // SAFETY: V1; the list of classes keeps the tables of both, and nothing collects.
        unsafe {
            let Some(base) = (*l).host.classes.get(&of) else { return false };
            let constructors: Vec<&'static str> = (base.said.iter())
                .flat_map(|info| &info.functions)
                .filter(|function| function.kind == FunctionKind::Constructor)
                .map(|function| function.name)
                .collect();
            let base = &*base.members;
            let getter = Table::next(base.getters, &(*l).heap, RawValue::NIL);
            self.has_getters |= !matches!(getter, Ok(None));
            let own = self.tables();
            let tables = [
                (base.table, own.table),
                (base.getters, own.getters),
                (base.setters, own.setters),
                (base.meta, own.meta),
            ];
            for (from, to) in tables {
                let mut at = RawValue::NIL;
                while let Ok(Some((key, value))) = Table::next(from, &(*l).heap, at) {
                    at = key;
                    let name = text_of(key);
                    let own_of_each = from == base.meta && OWN_FIELDS.contains(&&*name);
                    let made = from == base.table && constructors.contains(&&*name);
                    if !own_of_each && !made {
                        store(l, to, &name, value);
                    }
                }
            }
        }
        true
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
    fn describe(&mut self, info: &ClassInfo) {
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

/// The fields of a metatable that each class has for itself.
const OWN_FIELDS: [&str; 4] = ["__name", "__metatable", "__index", "__newindex"];

/// Whether an object that a value becomes has been there before.
fn exists<V: IntoValue>(_value: &V) -> bool {
    V::EXISTS
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

    fn add_async_typed<F: AsyncNativeSig<M>, M: 'static>(&mut self, name: &str, function: F) {
        // SAFETY: V1; nothing collects before the native is stored.
        let native = unsafe { new_async(self.vm.state(), lasting(name), function) };
        self.store(self.tables().table, name, RawValue::native(native));
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
        if !(B::REGISTERED && self.copy_members(TypeId::of::<B>())) {
            B::add_methods(self);
            self.describe(&ClassInfo::of::<B>());
        }
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
        let own = !exists(&value);
        let value = match value.try_into_value(self.vm) {
            Ok(value) => value,
            Err(error) => panic!("constant '{name}': {}", self.vm.error_text(&error)),
        };
        self.check_state();
        let raw = self.vm.check_or_panic(value, "add_constant");
        if own && raw.tag == tag::USERDATA {
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

impl Vm {
    /// The class of a type, made on first use.
    pub(in crate::host) fn class<T: LuaUserdata>(&mut self) -> *const Members {
        match self.known_class::<T>() {
            Some(class) => class,
            None => {
                let made = self.make_class::<T>(|builder| {
                    T::add_methods(builder);
                    builder.describe(&ClassInfo::of::<T>());
                    Ok(())
                });
                made.unwrap_or_else(|message| panic!("{message}"))
            }
        }
    }

    /// The class of a type, if it has been made.
    #[inline]
    fn known_class<T: LuaUserdata>(&self) -> Option<*const Members> {
        // SAFETY: V1; the state lives as long as the Vm.
        let classes = unsafe { &(*self.state()).host.classes };
        classes.get(&TypeId::of::<T>()).map(|class| class.members.cast_const())
    }

    /// Makes the class of a type of what `register` says, in place of the type itself.
    ///
    /// # Errors
    /// It is there already, or what `register` says.
    pub fn register_class<T: LuaUserdata>(
        &mut self,
        register: impl FnOnce(&mut ClassBuilder<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        if self.known_class::<T>().is_some() {
            let name = self.class_name::<T>();
            return Err(format!("{name} is registered already, or there is a value of it"));
        }
        self.make_class::<T>(register).map(|_| ())
    }

    /// Makes the class of a type of what `register` says.
    #[cold]
    fn make_class<T: LuaUserdata>(
        &mut self,
        register: impl FnOnce(&mut ClassBuilder<'_>) -> Result<(), String>,
    ) -> Result<*const Members, String> {
        let l = self.state();
        // SAFETY: V1; the tables are rooted by the class list as soon as they are made: nothing collects on the host's side.
        unsafe {
            let heap = &mut (*l).heap;
            let class = Box::into_raw(Box::new(Members {
                owner: l,
                name: T::type_name(),
                frozen: false,
                meta: Table::new(heap),
                table: Table::new(heap),
                getters: Table::new(heap),
                setters: Table::new(heap),
                index: OwnHandler::none(),
                new_index: OwnHandler::none(),
                is_exposed: Cell::new(true),
                getter_names: Cell::new(u64::MAX),
            }));
            let path = std::any::type_name::<T>();
            (*l).host.classes.insert(
                TypeId::of::<T>(),
                Class {
                    members: class,
                    path,
                    describe: ClassInfo::of::<T>,
                    said: None,
                    bases: None,
                },
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
                strict: T::STRICT,
            };
            register(&mut builder)?;
            builder.check_state();
            let ClassBuilder { has_getters, callable, strict, .. } = builder;
            finish_class(l, class, has_getters, strict);
            if callable {
                make_callable(l, (*class).table);
            }
            std::mem::forget(unfinished);
            Ok(class)
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
unsafe fn finish_class(l: *mut State, class: *mut Members, indexed: bool, strict: bool) {
    let (meta, table) = ((*class).meta, RawValue::table((*class).table));
    let (getters, setters) = (RawValue::table((*class).getters), RawValue::table((*class).setters));
    let name = RawValue::str(Str::new(&mut (*l).heap, (*class).name.as_bytes()));
    store(l, meta, "__name", name);
    store(l, meta, "__metatable", RawValue::bool(false));
    let handler = look_up(l, meta, MetaMethod::Index.name());
    (*class).index.value = if indexed || strict || !handler.is_nil() {
        let ty = if strict { name } else { RawValue::NIL };
        with_upvalues(l, index_entry, "__index", &[getters, table, handler, ty])
    } else {
        table
    };
    store(l, meta, "__index", (*class).index.value);
    let handler = look_up(l, meta, MetaMethod::NewIndex.name());
    let upvalues = [setters, getters, handler, name, RawValue::bool(strict)];
    (*class).new_index.value = with_upvalues(l, new_index_entry, "__newindex", &upvalues);
    store(l, meta, "__newindex", (*class).new_index.value);
    (*class).finish(&(*l).heap);
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
