//! Every public item of the `Vm` with its signature: what goes missing, or changes, does not compile.
#![expect(clippy::type_complexity, reason = "signatures are written out")]

use std::any::Any;
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::future::Future;
use std::hash::Hash;
use std::io::{self, Read, Seek, Write};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use luna_core::Vm as RootVm;
use luna_core::frontend::SyntaxError;
use luna_core::isa::Op;
use luna_core::runtime::function::Proto as SameProto;
use luna_core::runtime::{
    Coro, CoroStatus, Gc, Heap, LuaClosure, LuaStr, NativeClosure, ObjTag, Proto, Table, Userdata,
    Value,
};
use luna_core::version::LuaVersion;
use luna_core::vm::error::{LuaError as SameError, LuaErrorKind as SameKind};
use luna_core::vm::exec::{
    HOOK_MASK_CALL, HOOK_MASK_COUNT, HOOK_MASK_LINE, HOOK_MASK_RETURN, RustDebugHook, RustHookEvent,
};
use luna_core::vm::{
    AsyncNativeFn, ConvError, EvalFuture, ExitReport, FromLuaArgs, FromLuaValue, GcMode, HostFile,
    HostIo, HostRootStale, HostRootTicket, IntoLuaReturn, IntoValue, LuaError, LuaErrorKind,
    LuaUserdata, MetaMethod, NativeFn, NativeTypedSig, NoIo, SandboxBuilder, SystemIo,
    TableBuilder, Ud, UserdataMarker, UserdataMethods, UserdataRef, UserdataRefMut, Varargs, Vm,
};

type Lr<T> = Result<T, LuaError>;

fn is<T: ?Sized + Any>() {}
fn copy<T: Copy + Debug>() {}
fn value_type<T: Copy + Eq + Hash + Debug>() {}
fn unpin<T: Unpin>() {}

/// Checks that an expression is a function of a type.
macro_rules! functions {
    ($($function:expr => $type:ty;)*) => { $( let _: $type = $function; )* };
}

struct Point(i64);
impl LuaUserdata for Point {}

#[test]
fn modules_and_types() {
    let _: fn(LuaVersion) -> RootVm = Vm::new;
    let _: fn(Value) -> LuaError = SameError;
    let _: SameKind = LuaErrorKind::Runtime;
    let _: Option<Gc<Proto>> = None::<Gc<SameProto>>;
    value_type::<LuaVersion>();
    assert!(LuaVersion::Lua54 < LuaVersion::Lua55);
    functions! {
        LuaVersion::has_integers => fn(LuaVersion) -> bool;
        LuaVersion::has_bitwise_ops => fn(LuaVersion) -> bool;
        LuaVersion::has_idiv => fn(LuaVersion) -> bool;
        LuaVersion::has_goto => fn(LuaVersion) -> bool;
        LuaVersion::has_attribs => fn(LuaVersion) -> bool;
        LuaVersion::has_global_decl => fn(LuaVersion) -> bool;
    }
    unpin::<Vm>();
    copy::<Value>();
    copy::<Gc<Table>>();
    assert_eq!((size_of::<Value>(), size_of::<Gc<Table>>()), (16, 8));
    assert!(std::mem::needs_drop::<Vm>());
    is::<Op>();
    let tags = [
        ObjTag::Str,
        ObjTag::Table,
        ObjTag::Proto,
        ObjTag::Closure,
        ObjTag::Upvalue,
        ObjTag::Native,
        ObjTag::Coro,
        ObjTag::Userdata,
    ];
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.eval("coroutine.create(print)").unwrap();
    assert!(tags.map(|tag| vm.heap.count(tag)).iter().sum::<usize>() <= vm.heap.live_objects());
}

#[test]
fn values_and_handles() {
    let all = |value: Value| match value {
        Value::Nil => 0,
        Value::Bool(bool) => usize::from(bool),
        Value::Int(int) => int as usize,
        Value::Float(float) => float as usize,
        Value::Str(object) => Gc::<LuaStr>::as_ptr(object) as usize,
        Value::Table(object) => Gc::<Table>::as_ptr(object) as usize,
        Value::Closure(object) => Gc::<LuaClosure>::as_ptr(object) as usize,
        Value::Native(object) => Gc::<NativeClosure>::as_ptr(object) as usize,
        Value::Coro(object) => Gc::<Coro>::as_ptr(object) as usize,
        Value::Userdata(object) => Gc::<Userdata>::as_ptr(object) as usize,
        Value::LightUserdata(pointer) => <*const ()>::addr(pointer),
    };
    assert_eq!(all(Value::Int(3)), 3);
    functions! {
        Value::type_name => fn(Value) -> &'static str;
        Value::is_nil => fn(Value) -> bool;
        Value::truthy => fn(Value) -> bool;
        Value::is_callable => fn(Value) -> bool;
        Value::same => fn(Value, Value) -> bool;
        Gc::<Table>::as_ptr => fn(Gc<Table>) -> *mut Table;
        Gc::<Table>::ptr_eq => fn(Gc<Table>, Gc<Table>) -> bool;
        Vm::is_live => fn(&Vm, Value) -> bool;
        Vm::str_bytes => for<'v> fn(&'v Vm, Value) -> Option<&'v [u8]>;
        Vm::str_utf8 => for<'v> fn(&'v Vm, Value) -> Option<&'v str>;
        Vm::proto_of => fn(&Vm, Gc<LuaClosure>) -> Gc<Proto>;
        LuaStr::as_bytes => for<'s> fn(&'s LuaStr) -> &'s [u8];
        LuaStr::len => fn(&LuaStr) -> usize;
        Userdata::downcast::<Point> => for<'s> fn(&'s Userdata) -> Option<&'s Point>;
        Proto::stable_hash => fn(&Proto) -> [u8; 16];
    }
    let mut vm = Vm::new(LuaVersion::Lua55);
    let Value::Userdata(point) = vm.create_userdata(Point(4)) else { panic!("a userdata") };
    // SAFETY: the object was made just now, and nothing runs while it is looked at.
    assert_eq!(unsafe { &*point.as_ptr() }.downcast::<Point>().unwrap().0, 4);
    let closure = vm.load(b"return 1", b"=x").unwrap();
    // SAFETY: as above.
    let proto: Gc<Proto> = unsafe { (*closure.as_ptr()).proto };
    assert!(proto.ptr_eq(vm.proto_of(closure)));
    let hash = |source: &[u8]| {
        let mut vm = Vm::new(LuaVersion::Lua55);
        let proto = vm.load(source, b"=other").map(|closure| vm.proto_of(closure)).unwrap();
        // SAFETY: the closure was made just now, and nothing runs while its prototype is looked at.
        unsafe { &*proto.as_ptr() }.stable_hash()
    };
    // What a function does counts, in whatever state and line; nested functions do not.
    assert_eq!(hash(b"return 1"), hash(b"\n\nreturn 1"));
    assert_ne!(hash(b"return 1"), hash(b"return 2"));
    assert_ne!(hash(b"return 'a'"), hash(b"return 'b'"));
    assert_eq!(hash(b"return function() return 1 end"), hash(b"return function() return 2 end"));
    for text in ["short", &"long".repeat(50)] {
        let string = vm.intern_str(text);
        // SAFETY: as above.
        let string = unsafe { &*string.as_ptr() };
        assert_eq!((string.as_bytes(), string.len()), (text.as_bytes(), text.len()));
    }
}

#[test]
fn construction_and_libraries() {
    functions! {
        Vm::new => fn(LuaVersion) -> Vm;
        Vm::new_minimal => fn(LuaVersion) -> Vm;
        Vm::sandbox => fn(LuaVersion) -> SandboxBuilder;
        Vm::version => fn(&Vm) -> LuaVersion;
        SandboxBuilder::with_instr_budget => fn(SandboxBuilder, i64) -> SandboxBuilder;
        SandboxBuilder::with_memory_cap => fn(SandboxBuilder, usize) -> SandboxBuilder;
        SandboxBuilder::allow_bytecode_loading => fn(SandboxBuilder) -> SandboxBuilder;
        SandboxBuilder::build => fn(SandboxBuilder) -> Vm;
        SandboxBuilder::build_with => fn(SandboxBuilder, Box<dyn HostIo>) -> Vm;
    }
    copy::<SandboxBuilder>();
    let openers: [fn(&mut Vm); 11] = [
        Vm::open_all_libs,
        Vm::open_base,
        Vm::open_math,
        Vm::open_table,
        Vm::open_string,
        Vm::open_utf8,
        Vm::open_os_io,
        Vm::open_debug,
        Vm::open_coroutine,
        Vm::open_package,
        Vm::open_bit32,
    ];
    let builders: [fn(SandboxBuilder) -> SandboxBuilder; 10] = [
        SandboxBuilder::open_base,
        SandboxBuilder::open_math,
        SandboxBuilder::open_string,
        SandboxBuilder::open_table,
        SandboxBuilder::open_coroutine,
        SandboxBuilder::open_utf8,
        SandboxBuilder::open_bit32,
        SandboxBuilder::open_os_io,
        SandboxBuilder::open_debug,
        SandboxBuilder::open_package,
    ];
    for version in [LuaVersion::Lua54, LuaVersion::Lua55] {
        let mut vm = Vm::new_minimal(version);
        openers.iter().for_each(|open| open(&mut vm));
        let sandbox = builders.iter().fold(Vm::sandbox(version), |builder, open| open(builder));
        let names = "local n = 0 for _ in pairs(_G) do n = n + 1 end return n";
        let (a, b) = (vm.eval(names).unwrap()[0], sandbox.build().eval(names).unwrap()[0]);
        assert!(a.same(b), "{a:?} {b:?}");
    }
}

/// Services that define every method.
struct Everything;
impl HostIo for Everything {
    fn stdout(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
    fn stderr(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
    fn stdin(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }
    fn open(&mut self, _path: &[u8], _mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        Ok(Box::new(File(io::Cursor::default())))
    }
    fn temp_file(&mut self) -> io::Result<Box<dyn HostFile>> {
        Ok(Box::new(File(io::Cursor::default())))
    }
    fn temp_name(&mut self) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }
    fn remove(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }
    fn rename(&mut self, _: &[u8], _: &[u8]) -> io::Result<()> {
        Ok(())
    }
    fn popen(&mut self, _command: &[u8], _mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        Ok(Box::new(File(io::Cursor::default())))
    }
    fn execute(&mut self, _: Option<&[u8]>) -> io::Result<ExitReport> {
        Ok(ExitReport::Exit(0))
    }
    fn env(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
    fn now(&self) -> Duration {
        Duration::ZERO
    }
    fn cpu_time(&self) -> Duration {
        Duration::ZERO
    }
    fn utc_offset(&self, _: i64) -> i32 {
        0
    }
    fn exit(&mut self, _: i32) {}
    fn random_seed(&mut self) -> [u64; 2] {
        [0, 0]
    }
    fn hash_seed(&self) -> u64 {
        0
    }
}

struct File(io::Cursor<Vec<u8>>);
impl Read for File {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}
impl Write for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
impl Seek for File {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}
impl HostFile for File {
    fn close(&mut self) -> io::Result<Option<ExitReport>> {
        Ok(Some(ExitReport::Signal(9)))
    }
    fn set_buffering(&mut self, _mode: &[u8], _size: usize) {}
}

#[test]
fn host_services() {
    functions! {
        Vm::set_host_io => fn(&mut Vm, Box<dyn HostIo>);
        Vm::set_print_sink => fn(&mut Vm, Option<Box<dyn FnMut(&[u8])>>);
        Vm::set_warn_sink => fn(&mut Vm, Option<Box<dyn FnMut(&[u8])>>);
        Vm::warn_log_take => fn(&mut Vm) -> Vec<Vec<u8>>;
    }
    let services: [Box<dyn HostIo>; 3] =
        [Box::new(Everything), Box::new(NoIo), Box::new(SystemIo::new())];
    let mut vm = Vm::new(LuaVersion::Lua55);
    for io in services {
        vm.set_host_io(io);
    }
}

#[test]
fn globals_tables_and_strings() {
    functions! {
        Vm::globals => fn(&Vm) -> Gc<Table>;
        Vm::set_global::<i64> => fn(&mut Vm, &str, i64) -> Lr<()>;
        Vm::get_global => fn(&mut Vm, &str) -> Value;
        Vm::intern_str => fn(&mut Vm, &str) -> Gc<LuaStr>;
        Vm::set_string_metatable => fn(&mut Vm, Option<Gc<Table>>);
        Vm::new_table => for<'v> fn(&'v mut Vm) -> TableBuilder<'v>;
        Vm::table_of::<&str, i64, 2> => fn(&mut Vm, [(&'static str, i64); 2]) -> Gc<Table>;
        Vm::raw_get => fn(&Vm, Gc<Table>, Value) -> Value;
        Vm::raw_set => fn(&mut Vm, Gc<Table>, Value, Value) -> Lr<()>;
        Vm::raw_len => fn(&Vm, Gc<Table>) -> i64;
        Vm::next => fn(&mut Vm, Gc<Table>, Value) -> Lr<Option<(Value, Value)>>;
        Vm::metatable => fn(&Vm, Value) -> Option<Gc<Table>>;
        Vm::set_metatable => fn(&mut Vm, Gc<Table>, Option<Gc<Table>>) -> Lr<()>;
        Vm::get => fn(&mut Vm, Value, Value) -> Lr<Value>;
        Vm::set => fn(&mut Vm, Value, Value, Value) -> Lr<()>;
        Vm::len => fn(&mut Vm, Value) -> Lr<Value>;
        Vm::equals => fn(&mut Vm, Value, Value) -> Lr<bool>;
        Vm::less_than => fn(&mut Vm, Value, Value) -> Lr<bool>;
        Vm::tostring_value => fn(&mut Vm, Value) -> Lr<Value>;
    }
    let mut vm = Vm::new(LuaVersion::Lua55);
    let built: Lr<TableBuilder<'_>> = vm.new_table().with("a", 1).try_with("b", 2);
    let table: Gc<Table> = built.unwrap().build();
    assert_eq!(vm.raw_len(table), 0);
}

#[test]
fn conversions() {
    fn both<T: IntoValue + FromLuaValue + 'static>() {
        let _: fn(T, &mut Vm) -> Value = T::into_value;
        let _: fn(T, &mut Vm) -> Lr<Value> = T::try_into_value;
        let _: fn(Value, &mut Vm) -> Result<T, ConvError> = T::from_lua_value;
        let _: fn(&mut Vm, Value) -> Lr<T> = Vm::convert::<T>;
    }
    fn into<T: IntoValue>() {}
    fn args<T: FromLuaArgs>() {}
    fn results<T: IntoLuaReturn>() {}
    macro_rules! all { ($check:ident: $($type:ty),* $(,)?) => { $( $check::<$type>(); )* } }
    all!(both: Value, Gc<LuaStr>, Gc<Table>, Gc<LuaClosure>, Gc<NativeClosure>, Gc<Coro>, Gc<Userdata>, bool);
    all!(both: i8, i16, i32, i64, isize, i128, u8, u16, u32, u64, usize, u128, f32, f64);
    all!(both: String, Box<str>, std::rc::Rc<str>, std::borrow::Cow<'static, str>, char);
    all!(both: std::path::PathBuf, std::ffi::OsString, std::ffi::CString, Vec<u8>, [u8; 4]);
    all!(both: Option<i64>, Box<i64>, std::rc::Rc<i64>, Vec<i64>, std::collections::VecDeque<i64>);
    all!(both: Box<[i64]>, [i64; 3], HashMap<String, i64>, std::collections::BTreeMap<String, i64>);
    all!(both: std::collections::HashSet<String>, std::collections::BTreeSet<String>);
    all!(into: &str, &[u8], &std::path::Path, Ud<Point>);
    all!(args: (), i64, (i64,), (i64, String), (i64, Varargs<Value>), Varargs<i64>);
    all!(args: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8));
    all!(results: (), i64, (i64, String), Varargs<i64>, Result<i64, io::Error>, Result<(), LuaError>);
    all!(results: (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8));
    let _: fn(ConvError, &mut Vm) -> LuaError = ConvError::into_error;
    let mut vm = Vm::new(LuaVersion::Lua55);
    let Err(ConvError { expected, got, path, .. }) = i64::from_lua_value(Value::Nil, &mut vm)
    else {
        panic!("nil is no number")
    };
    assert_eq!((&*expected, &*got, path.is_empty()), ("number", "nil", true));
}

#[test]
fn natives() {
    fn raw(vm: &mut Vm, slot: u32, nargs: u32) -> Lr<u32> {
        let first: i64 = vm.check_arg(slot, nargs, 0)?;
        vm.charge(1)?;
        let upvalue = vm.nat_upval(slot, 0);
        assert!(upvalue.same(vm.running_native_upvalue(0)));
        if first < 0 {
            return Err(vm.arg_error(0, "it is negative"));
        }
        if first == 0 {
            return Err(vm.error("it is zero"));
        }
        let again = vm.nat_arg(slot, nargs, 0);
        Ok(vm.nat_return(slot, &[again, upvalue]))
    }
    fn typed<F: NativeTypedSig<M>, M: 'static>(vm: &mut Vm, f: F) -> Value {
        vm.native_typed(f)
    }
    let raw: NativeFn = raw;
    functions! {
        Vm::native => fn(&mut Vm, NativeFn) -> Value;
        Vm::native_with => fn(&mut Vm, NativeFn, Box<[Value]>) -> Value;
        Vm::nat_arg => fn(&Vm, u32, u32, u32) -> Value;
        Vm::nat_upval => fn(&Vm, u32, usize) -> Value;
        Vm::nat_return => fn(&mut Vm, u32, &[Value]) -> u32;
        Vm::running_native_upvalue => fn(&Vm, usize) -> Value;
        Vm::charge => fn(&mut Vm, u64) -> Lr<()>;
        Vm::check_arg::<i64> => fn(&mut Vm, u32, u32, u32) -> Lr<i64>;
    }
    let mut vm = Vm::new(LuaVersion::Lua55);
    let native = vm.native_with(raw, Box::new([Value::Int(7)]));
    assert!(vm.call_value(native, &[Value::Int(2)]).unwrap()[1].same(Value::Int(7)));
    assert!(vm.call_value(native, &[Value::Int(-2)]).is_err());
    assert!(vm.call_value(native, &[Value::Int(0)]).is_err());
    typed(&mut vm, |_: &mut Vm, _: &str, _: &[u8], _: Option<&Point>, _: &mut Point| {});
    typed(&mut vm, |_: i64, _: Varargs<Value>| -> Result<(), io::Error> { Ok(()) });
    typed(
        &mut vm,
        |_: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8,
         _: u8| {},
    );
}

#[test]
fn limits() {
    functions! {
        Vm::set_instr_budget => fn(&mut Vm, Option<i64>);
        Vm::instr_budget_remaining => fn(&Vm) -> Option<i64>;
        Vm::set_finalizer_budget => fn(&mut Vm, Option<i64>);
        Vm::set_memory_cap => fn(&mut Vm, Option<usize>);
        Vm::memory_used => fn(&Vm) -> usize;
        Vm::set_loader_input_budget => fn(&mut Vm, usize);
        Vm::loader_input_budget => fn(&Vm) -> usize;
    }
    const { assert!(Vm::DEFAULT_LOADER_INPUT_BUDGET == 268_435_456) }
}

#[test]
fn collection_and_host_roots() {
    functions! {
        Vm::collect_garbage => fn(&mut Vm) -> usize;
        Heap::bytes => fn(&Heap) -> usize;
        Heap::live_objects => fn(&Heap) -> usize;
        Heap::count => fn(&Heap, ObjTag) -> usize;
        Vm::pin_host => fn(&mut Vm, Value) -> HostRootTicket;
        Vm::read_host => fn(&Vm, HostRootTicket) -> Option<Value>;
        Vm::write_host => fn(&mut Vm, HostRootTicket, Value) -> Result<(), HostRootStale>;
        Vm::unpin => fn(&mut Vm, HostRootTicket) -> Result<(), HostRootStale>;
        Vm::host_root_count => fn(&Vm) -> usize;
        Vm::unpin_all => fn(&mut Vm);
        Vm::set_gc_mode => fn(&mut Vm, GcMode) -> GcMode;
        HostRootTicket::idx => fn(HostRootTicket) -> u32;
        HostRootTicket::generation => fn(HostRootTicket) -> u32;
    }
    value_type::<HostRootTicket>();
    assert_eq!(size_of::<HostRootTicket>(), 8);
    assert_eq!(HostRootStale.to_string(), "host root ticket or value is stale");
}

/// A type that registers in all the ways there are.
struct Full(Option<Gc<Table>>);
impl LuaUserdata for Full {
    const TRACES: bool = true;
    const FROZEN: bool = false;

    fn type_name() -> &'static str {
        "Full"
    }

    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_method("method", |_: &mut Vm, _: &Full, _: i64| Ok(1));
        methods.add_method_mut("change", |_: &mut Vm, _: &mut Full, ()| Ok(()));
        methods.add_function("make", |_: &mut Vm, ()| Ok(Ud(Full(None))));
        methods.add_typed("typed", |_: &Full, _: &str| 1);
        methods.add_field_method_get("field", |_: &mut Vm, _: &Full| Ok(1));
        methods.add_field_method_set("field", |_: &mut Vm, _: &mut Full, _: i64| Ok(()));
        methods.add_constant("CONSTANT", 3);
        methods.add_meta_method(MetaMethod::Len, |_: &mut Vm, _: &Full, ()| Ok(1));
        methods.add_meta_method_mut(MetaMethod::Call, |_: &mut Vm, _: &mut Full, ()| Ok(1));
        methods.add_meta_function(MetaMethod::Add, |_: &mut Vm, _: (Value, Value)| Ok(1));
        methods.add_async_method("later", |_: UserdataRef<Full>, _: i64| async { 1 });
        methods.add_async_method_mut("later_mut", |_: UserdataRefMut<Full>, _: ()| async {});
        methods.add_async_function("later_fn", |_: i64| async { 1 });
    }

    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        if let Some(table) = self.0 {
            let _: bool = marker.mark(table);
            let _: bool = marker.mark_value(Value::Table(table));
        }
    }

    fn external_bytes(&self) -> usize {
        10
    }
}

#[test]
fn userdata() {
    functions! {
        Vm::create_userdata::<Full> => fn(&mut Vm, Full) -> Value;
        Vm::set_userdata::<Full> => fn(&mut Vm, &str, Full) -> Lr<()>;
        Vm::register_userdata::<Full> => fn(&mut Vm) -> Lr<Gc<Table>>;
        Vm::userdata_borrow::<Full> => for<'v> fn(&'v Vm, &str) -> Option<&'v Full>;
        Vm::userdata_borrow_mut::<Full> => for<'v> fn(&'v mut Vm, &str) -> Option<&'v mut Full>;
        Vm::borrow_userdata::<Full> => fn(&mut Vm, Value) -> Lr<UserdataRef<Full>>;
        Vm::borrow_userdata_mut::<Full> => fn(&mut Vm, Value) -> Lr<UserdataRefMut<Full>>;
        Vm::take_userdata::<Full> => fn(&mut Vm, Value) -> Lr<Full>;
        Vm::destroy_userdata => fn(&mut Vm, Value) -> Lr<()>;
        Vm::user_value => fn(&Vm, Value, usize) -> Value;
        Vm::set_user_value => fn(&mut Vm, Value, usize, Value) -> Lr<()>;
        Vm::class_table::<Full> => fn(&mut Vm) -> Lr<Gc<Table>>;
        Vm::set_class::<Full> => fn(&mut Vm, &str) -> Lr<()>;
        MetaMethod::name => fn(MetaMethod) -> &'static str;
    }
    use MetaMethod::{
        Add, BAnd, BNot, BOr, BXor, Call, Close, Concat, Div, Eq, Gc as Collect, IDiv, Index, Le,
        Len, Lt, Mod, Mul, NewIndex, Pairs, Pow, Shl, Shr, Sub, ToString, Unm,
    };
    let events = [
        Add, Sub, Mul, Div, Mod, Pow, IDiv, Unm, BAnd, BOr, BXor, Shl, Shr, BNot, Concat, Len, Eq,
        Lt, Le, Index, NewIndex, Call, ToString, Pairs, Close, Collect,
    ];
    assert!(events.iter().all(|event| event.name().starts_with("__")));
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_class::<Full>("Full").unwrap();
    assert!(
        vm.eval("local f = Full.make() return #f + f + f.field + f:method(1) + Full.CONSTANT")
            .is_ok()
    );
}

#[test]
fn running_and_errors() {
    functions! {
        Vm::load => fn(&mut Vm, &[u8], &[u8]) -> Result<Gc<LuaClosure>, SyntaxError>;
        Vm::eval => fn(&mut Vm, &str) -> Lr<Vec<Value>>;
        Vm::eval_chunk => fn(&mut Vm, &str, &str) -> Lr<Vec<Value>>;
        Vm::call_value => fn(&mut Vm, Value, &[Value]) -> Lr<Vec<Value>>;
        LuaError::new => fn(Value) -> LuaError;
        LuaError::nil => fn() -> LuaError;
        Vm::error_text => fn(&Vm, &LuaError) -> String;
        Vm::error_display => fn(&mut Vm, &LuaError) -> String;
        Vm::take_error_traceback => fn(&mut Vm) -> Option<String>;
        Vm::error_kind => fn(&Vm) -> LuaErrorKind;
        Vm::set_error_kind => fn(&mut Vm, LuaErrorKind);
        Vm::error_source => for<'v> fn(&'v Vm) -> Option<(&'v str, u32)>;
        Vm::set_error_source => fn(&mut Vm, String, u32);
        Vm::clear_error_metadata => fn(&mut Vm);
    }
    fn error<T: Error + Display + Copy>() {}
    error::<LuaError>();
    let syntax = SyntaxError::new(3, "odd");
    assert_eq!((syntax.line, &*syntax.msg), (3, &b"odd"[..]));
    assert_eq!(syntax.msg_str(), "odd");
    assert!(!syntax.to_string().is_empty());
    let kinds = [
        (LuaErrorKind::default(), "runtime"),
        (LuaErrorKind::Syntax, "syntax"),
        (LuaErrorKind::InstrBudget, "instr-budget"),
        (LuaErrorKind::MemoryCap, "memory-cap"),
        (LuaErrorKind::Native, "native"),
        (LuaErrorKind::OutOfMemory, "out-of-memory"),
        (LuaErrorKind::Type, "type"),
    ];
    assert!(kinds.iter().all(|(kind, text)| kind.to_string() == *text));
}

#[test]
fn coroutines_and_hooks() {
    fn hook(_: &mut Vm, event: RustHookEvent) {
        match event {
            RustHookEvent::Call | RustHookEvent::Return | RustHookEvent::TailCall => {}
            RustHookEvent::Line(line) => assert!(line > 0),
            RustHookEvent::Count => {}
        }
    }
    let hook: RustDebugHook = hook;
    functions! {
        Vm::create_coroutine => fn(&mut Vm, Value) -> Value;
        Vm::resume_coroutine => fn(&mut Vm, Value, Vec<Value>) -> Lr<Vec<Value>>;
        Vm::coroutine_status => fn(&Vm, Value) -> Option<CoroStatus>;
        Vm::close_coroutine => fn(&mut Vm, Value) -> Lr<()>;
        Vm::set_rust_debug_hook => fn(&mut Vm, Option<RustDebugHook>, u32, i64);
        Vm::clear_rust_debug_hook => fn(&mut Vm);
        Vm::current_op => fn(&Vm) -> Option<Op>;
        Vm::raise_from_hook => fn(&mut Vm, LuaError);
        Vm::set_debug_hook => fn(&mut Vm, Option<Box<dyn FnMut(&mut Vm, RustHookEvent) -> Lr<()>>>, u32, i64);
    }
    let _ = [CoroStatus::Suspended, CoroStatus::Running, CoroStatus::Normal, CoroStatus::Dead];
    let masks = [HOOK_MASK_CALL, HOOK_MASK_RETURN, HOOK_MASK_LINE, HOOK_MASK_COUNT];
    assert_eq!(masks, [1_u32, 2, 4, 8]);
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_rust_debug_hook(Some(hook), HOOK_MASK_LINE, 0);
    vm.eval("local x = 1\nreturn x").unwrap();
}

#[test]
fn futures() {
    fn raw(_: *mut Vm, _: u32, _: u32) -> Pin<Box<dyn Future<Output = Lr<u32>>>> {
        Box::pin(async { Ok(0) })
    }
    fn boxed<'f>(future: EvalFuture<'f>) -> Pin<Box<dyn Future<Output = Lr<Vec<Value>>> + 'f>> {
        Box::pin(future)
    }
    unpin::<EvalFuture<'static>>();
    let raw: AsyncNativeFn = raw;
    functions! {
        Vm::create_async_native => fn(&mut Vm, AsyncNativeFn) -> Value;
        Vm::set_async_native => fn(&mut Vm, &str, AsyncNativeFn) -> Lr<()>;
        Vm::eval_async => for<'v> fn(&'v mut Vm, &str) -> EvalFuture<'v>;
        Vm::eval_async_chunk => for<'v> fn(&'v mut Vm, &str, &str) -> EvalFuture<'v>;
        Vm::set_async_slice => fn(&mut Vm, i64);
        Vm::async_slice => fn(&Vm) -> i64;
        Vm::poll_coroutine => fn(&mut Vm, Value, &[Value], &mut Context<'_>) -> Poll<Lr<Vec<Value>>>;
    }
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_async_native("raw", raw).unwrap();
    let native: Value =
        vm.native_async(|a: i64, _: Varargs<Value>| async move { Ok::<_, io::Error>(a) });
    vm.set_global("native", native).unwrap();
    let mut future = boxed(vm.eval_async("raw() return native(4)"));
    let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Ok(values)) if values[0].same(Value::Int(4))));
}

#[test]
fn fields_of_a_c_layer() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let table = vm.eval("return {1, 2}").unwrap()[0];
    let kept: &mut Vec<Value> = &mut vm.capi_stack;
    kept.push(table);
    let mut other = Vm::new(LuaVersion::Lua55);
    let foreign = other.eval("return {}").unwrap()[0];
    vm.capi_stack.push(foreign);
    vm.collect_garbage();
    assert!(vm.is_live(table) && vm.capi_stack[0].same(table));
    assert!(vm.capi_stack[1].is_nil());
    vm.capi_stack.clear();
    vm.collect_garbage();
    assert!(!vm.is_live(table));
    let pin: &mut Option<std::ffi::CString> = &mut vm.capi_cstr_pin;
    *pin = Some(c"text".to_owned());
}
