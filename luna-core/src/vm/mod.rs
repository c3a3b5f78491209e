//! The interpreter: state, frames, dispatch, slow paths.
//!
//! - **V1** `State` is reached through one raw pointer; no reference to it lives across a call that may run Lua or host code.
//! - **V2** `w` holds the words of the running thread; those of all others are in their [`Coro`].
//! - **V3** What a frame needs to go on is in its `CallInfo` whenever a slow path runs.

pub(crate) mod arith_slow;
pub(crate) mod barriers;
pub(crate) mod budget;
pub(crate) mod call;
pub(crate) mod close;
pub(crate) mod closure;
pub(crate) mod coerce;
pub(crate) mod compare_slow;
pub(crate) mod concat;
pub(crate) mod coroutine;
pub(crate) mod dispatch;
pub mod error;
pub(crate) mod finish;
pub(crate) mod forloop;
pub(crate) mod frame;
pub(crate) mod hook;
pub(crate) mod host_hook;
pub(crate) mod index;
pub(crate) mod inspect;
pub(crate) mod interrupt;
pub(crate) mod limits;
pub(crate) mod load;
pub(crate) mod members;
pub(crate) mod meta;
pub(crate) mod natives;
pub(crate) mod observe;
pub(crate) mod op;
pub(crate) mod park;
pub(crate) mod protect;
pub(crate) mod safepoint;
pub(crate) mod stack;
pub(crate) mod traceback;
pub(crate) mod vararg;
pub(crate) mod warning;

pub use crate::host::convert::pinned::Pinned;
pub use crate::host::convert::{ConvError, FromLuaValue, IntoValue, Nested};
pub use crate::host::futures::await_native::AsyncNativeFn;
pub use crate::host::futures::eval::EvalFuture;
pub use crate::host::futures::typed::{AsyncNativeSig, OwnedContext};
pub use crate::host::io::host_io::{ExitReport, HostFile, HostIo, NoIo};
pub use crate::host::io::memory_io::MemoryIo;
pub use crate::host::io::system_io::SystemIo;
pub use crate::host::roots::handles::{Handle, HandleTable, Limits, SharedVm, Unavailable};
pub use crate::host::roots::traced::TracedHandle;
pub use crate::host::roots::{HostRootStale, HostRootTicket, Recognized, Recognizer};
#[doc(hidden)]
pub use crate::host::typed::SameObject;
pub use crate::host::typed::outcome::OrMessage;
pub use crate::host::typed::raw::NativeFn;
pub use crate::host::typed::signature::{Descriptor, FieldAccess, Kind, NativeSource, Signature};
pub use crate::host::typed::signatures::{NativeContext, NativeTypedSig};
#[doc(hidden)]
pub use crate::host::typed::warned::Deprecated;
pub use crate::host::typed::{FromLuaArgs, IntoLuaReturn, Rest, Varargs};
pub use crate::host::userdata::class::ClassBuilder;
pub use crate::host::userdata::describe::{
    ClassInfo, FieldInfo, FunctionInfo, FunctionKind, OperatorInfo, ParamInfo, TypeInfo, TypeShape,
    VariantInfo,
};
pub use crate::host::userdata::foreign::Foreign;
#[doc(hidden)]
pub use crate::host::userdata::lasting::{lasting, lasting_names, lasting_params};
pub use crate::host::userdata::lent::LentUserdata;
pub use crate::host::userdata::methods::{MetaMethod, UserdataMethods};
pub use crate::host::userdata::{
    LuaUserdata, Ud, UserdataGuard, UserdataMarker, UserdataRef, UserdataRefMut,
};
pub use crate::host::vm::coroutine::CoroStatus;
pub use crate::host::vm::heap::GcMode;
pub use crate::host::vm::limits::InterruptHandle;

/// Hooks of the host.
pub mod exec {
    pub use crate::host::vm::hooks::{
        BoxedDebugHook, HOOK_MASK_CALL, HOOK_MASK_COUNT, HOOK_MASK_LINE, HOOK_MASK_RETURN,
        RustDebugHook, RustHookEvent,
    };
}

#[doc(hidden)]
pub use crate::host::vm::maker::{FillError, Filling, Made, Maker};
#[doc(hidden)]
pub use crate::host::vm::reading::{KeyNames, Look, TableRef, ValueRef};
#[doc(hidden)]
pub use crate::host::vm::reload::Captured;
pub use crate::host::vm::sandbox::SandboxBuilder;
pub use crate::host::vm::serial::TableShape;
pub use crate::host::vm::tables::TableBuilder;
pub use crate::host::vm::{LuaError, Vm};
use std::marker::PhantomPinned;
use std::ptr::null_mut;
use std::sync::Arc;

use crate::dialect::{LuaVersion, Rules};
use crate::heap::Heap;
use crate::heap::header::flag;
use crate::host::io::host_io::{self, Services};
use crate::host::roots::HostState;
use crate::value::function::NativeClosure;
use crate::value::repr::RawValue;
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::{Coro, CoroState, ThreadWords};
pub use error::LuaErrorKind;
use meta::Names;
pub use observe::Observed;

/// Everything one Vm owns.
#[repr(C)]
pub(crate) struct State {
    /// The running thread's words.
    pub(crate) w: ThreadWords,
    /// The handler table of the tail back end: swapped to switch hooks and counting on.
    pub(crate) table: dispatch::Table,
    /// Instructions until the counting handlers look at what is due.
    pub(crate) countdown: i64,
    /// What natives' calls and returns have to look at, see [`budget::attention`].
    pub(crate) attention: u32,
    /// What other threads want.
    pub(crate) asked: interrupt::Asked,
    /// The way here for other threads.
    pub(crate) switch: Arc<interrupt::Switch>,
    /// Other threads refer to parts of the state: not even a `&mut State` may count on being the only one to see them.
    pinned: PhantomPinned,
    /// Memory.
    pub(crate) heap: Heap,
    /// The running coroutine.
    pub(crate) current: *mut Coro,
    /// The main coroutine.
    pub(crate) main: *mut Coro,
    /// The globals table.
    pub(crate) globals: *mut Table,
    /// What libraries keep out of scripts' reach.
    pub(crate) registry: *mut Table,
    /// Metatables of the basic types, by tag.
    pub(crate) type_meta: [*mut Table; 16],
    /// Metamethod names.
    pub(crate) names: Names,
    /// The pending error.
    pub(crate) error: RawValue,
    /// Native levels in progress.
    pub(crate) native_depth: usize,
    /// Protected calls in progress in the running thread and those that wait for it.
    pub(crate) catch_depth: usize,
    /// Coroutines resumed within each other.
    pub(crate) resume_depth: usize,
    /// The innermost poll in progress; null if there is none.
    pub(crate) poll: *mut park::Poll,
    /// Whether finalizers run now.
    pub(crate) finalizing: bool,
    /// Budget, trips and the handlers in use.
    pub(crate) limits: budget::Limits,
    /// What ran, if anybody wants to know.
    pub(crate) observed: Option<Box<Observed>>,
    /// The hook of the host.
    pub(crate) host_hook: host_hook::HostHook,
    /// What the running hook can look at.
    pub(crate) transfer: hook::Transfer,
    /// Stands for natives that nobody remembers; null until a hook is set.
    pub(crate) anonymous_native: *mut NativeClosure,
    /// Where the last error that reached the host was raised; none of it until there is something to tell.
    pub(crate) report: Option<Box<Report>>,
    /// The kind of the last error.
    pub(crate) error_kind: LuaErrorKind,
    /// The random generator's state.
    pub(crate) random: [u64; 4],
    /// Collector parameters as scripts see them: minormul, majorminor, minormajor, pause, stepmul, stepsize.
    pub(crate) gc_params: [i64; 6],
    /// The world outside.
    pub(crate) services: Services,
    /// Most bytes of a chunk that are loaded.
    pub(crate) loader_input_budget: usize,
    /// Whether binary chunks are loaded.
    pub(crate) bytecode_loading: bool,
    /// Warnings.
    pub(crate) warnings: warning::Warnings,
    /// The dialect.
    pub(crate) version: LuaVersion,
    /// Its rules.
    pub(crate) rules: &'static Rules,
    /// The host's part.
    pub(crate) host: HostState,
}

/// Where an error was raised.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The stack.
    pub(crate) traceback: Option<String>,
    /// Chunk name and line.
    pub(crate) source: Option<(String, u32)>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl State {
    /// A state with empty globals.
    pub(crate) fn create(version: LuaVersion, io: Box<dyn HostIo>) -> *mut State {
        let rules = version.rules();
        let mut heap = Heap::new(io.hash_seed());
        heap.hides_addresses = io.hides_addresses();
        // SAFETY: nothing collects before the state is complete.
        unsafe {
            if rules.border_near_start {
                heap.table_flags = flag::NEAR_BORDER;
            }
            let main = Coro::new(&mut heap);
            (*main).state = CoroState::Running;
            (*main).started = true;
            let globals = Table::new(&mut heap);
            let registry = Table::new(&mut heap);
            let names = Names::new(&mut heap);
            heap.mode_key = Str::new(&mut heap, b"__mode");
            let words = (*main).words;
            Box::into_raw(Box::new(State {
                w: words,
                table: dispatch::Table::new(),
                countdown: i64::MAX,
                attention: 0,
                asked: interrupt::Asked::default(),
                switch: Arc::default(),
                pinned: PhantomPinned,
                heap,
                current: main,
                main,
                globals,
                registry,
                type_meta: [null_mut(); 16],
                names,
                error: RawValue::NIL,
                native_depth: 0,
                catch_depth: 0,
                resume_depth: 0,
                poll: null_mut(),
                finalizing: false,
                limits: budget::Limits::NONE,
                observed: None,
                host_hook: host_hook::HostHook::default(),
                transfer: hook::Transfer::default(),
                anonymous_native: null_mut(),
                report: None,
                error_kind: LuaErrorKind::default(),
                random: [1, 2, 3, 4],
                gc_params: rules.gc_params,
                services: Services::new(io),
                loader_input_budget: limits::LOADER_INPUT_BUDGET,
                bytecode_loading: true,
                warnings: warning::Warnings::default(),
                version,
                rules,
                host: HostState::new(),
            }))
        }
    }

    /// Frees everything.
    ///
    /// # Safety
    /// `l` came from [`State::create`] and is not used again.
    pub(crate) unsafe fn destroy(l: *mut State) {
        safepoint::run_all_finalizers(l);
        (*l).switch.attach(null_mut());
        (*(*l).current).words = (*l).w;
        let mut state = Box::from_raw(l);
        // Nobody is left to tell of a failure.
        let _ = host_io::flush(&raw mut state.services);
        state.heap.destroy();
        let payloads = std::mem::take(&mut state.heap.dead_payloads);
        drop(state);
        for payload in payloads {
            // A panic of one payload's own code must not keep the others. There is nobody left to tell of it.
            let _ = crate::host::panics::drop_caught(payload);
        }
    }
}
