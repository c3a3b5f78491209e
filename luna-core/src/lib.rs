//! The core of luna: dialects, compiler, heap, interpreter, standard library and host API.
//!
//! The data path is the list of modules: `syntax` makes a tree of source text by the rules of a `dialect`, `compile` makes `bytecode` of
//! it, [`vm`] runs that over the layouts of `value` in the `heap`, `host` is what Rust programs and the `stdlib` touch of it.
//!
//! # Unsafe code
//!
//! It stands in four modules, each with numbered invariants that SAFETY comments cite:
//!
//! - `heap`: **H1** cells and kinds, **H2** who frees, **H3** what is live at a safe point, **H4** no black object points to a white one,
//!   **H5** dead objects before their sweep.
//! - `value`: **T1** to **T4** where the keys of a table live, what its buffers are.
//! - `vm`: **V1** no reference to the state across a call, **V2** whose words are where, **V3** what a frame stores before a slow path;
//!   **O1** to **O3** verified operands, the slots of a frame, reloading; **S1**, **S2** room above the stack, what its growth fixes; **B1**, **B2** how
//!   instructions are counted, how a trip is raised.
//! - `host`: the safe faces; V1 to V3 and the handle check of `Heap::is_object`; **E1**, **E2** how long a state lives, what collects; **N1**,
//!   **N2** what a native of the library sees; **A1** to **A3** handles into a state that may be gone.
//!
//! All other modules forbid it.

#![deny(unsafe_code)]

#[forbid(unsafe_code)]
pub(crate) mod bytecode;
#[forbid(unsafe_code)]
pub(crate) mod compile;
#[forbid(unsafe_code)]
pub(crate) mod dialect;
#[expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::multiple_unsafe_ops_per_block,
    reason = "the whole function is the unsafe operation; H1 to H5"
)]
pub(crate) mod heap;
#[expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::multiple_unsafe_ops_per_block,
    clippy::too_many_arguments,
    reason = "the safe faces; V1 to V3, E1, E2, N1, N2, A1 to A3; signatures of up to sixteen parameters"
)]
pub(crate) mod host;
#[forbid(unsafe_code)]
pub(crate) mod meter;
#[forbid(unsafe_code)]
pub(crate) mod stdlib;
#[forbid(unsafe_code)]
pub(crate) mod syntax;
#[expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    reason = "the whole function is the unsafe operation; T1 to T4"
)]
pub(crate) mod value;
#[expect(
    unsafe_code,
    unsafe_op_in_unsafe_fn,
    clippy::multiple_unsafe_ops_per_block,
    reason = "handlers and slow paths; V1 to V3, O1 to O3, S1, S2, B1, B2"
)]
pub mod vm;

pub use dialect::LuaVersion;
pub use host::userdata::suggest::did_you_mean;
pub use host::vm::{LuaError, Vm};

/// The version type.
pub mod version {
    pub use crate::dialect::LuaVersion;
}

/// Values and handles.
pub mod runtime {
    pub use crate::host::value::{Gc, Value};
    pub use crate::host::vm::coroutine::CoroStatus;
    pub use crate::host::vm::heap::{Heap, ObjTag};
    pub use crate::value::function::{LuaClosure, NativeClosure, Proto};
    pub use crate::value::string::Str as LuaStr;
    pub use crate::value::table::Table;
    pub use crate::value::thread::Coro;
    pub use crate::value::userdata::UserdataObj as Userdata;

    /// Functions as they are compiled.
    pub mod function {
        pub use crate::value::function::Proto;
    }
}

/// Faults that tests plant.
#[cfg(any(gc_zeal, asan))]
#[doc(hidden)]
pub mod planted {
    #[cfg(gc_zeal)]
    pub use crate::host::planted::omit_barriers;
    pub use crate::host::planted::{keep_stale, read_beyond, read_stale, read_stale_buffer};
}

/// The instruction set.
pub mod isa {
    pub use crate::bytecode::op::Op;
}

/// The front end's errors.
pub mod frontend {
    pub use crate::syntax::SyntaxError;
    pub use crate::syntax::fields::{FieldKey, FieldLine, field_lines};
}
