//! What typed natives and fields tell about themselves, so that compiled code can reach them without boxing.

use std::any::TypeId;
use std::mem::offset_of;

use crate::host::userdata::describe::{FunctionInfo, FunctionKind, ParamInfo};
use crate::value::userdata::UserdataObj;

/// How an argument or a result travels.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// Any value, converted by the native itself.
    Value,
    /// Nothing.
    Nothing,
    /// A boolean: 0 or 1.
    Bool,
    /// An `f64`, as its bits.
    Float,
    /// An integer of this many bits, checked for its range.
    Int {
        /// Its width.
        bits: u8,
        /// Whether it may be negative.
        signed: bool,
    },
    /// The text of a string.
    Text,
    /// The bytes of a string.
    Bytes,
    /// A userdata of this type, borrowed shared.
    Shared(fn() -> TypeId),
    /// A userdata of this type, borrowed exclusively.
    Exclusive(fn() -> TypeId),
    /// The rest of the arguments.
    Rest,
}

impl Kind {
    /// Whether it is a number or a boolean.
    pub(crate) const fn is_scalar(self) -> bool {
        matches!(self, Kind::Bool | Kind::Float | Kind::Int { .. })
    }

    /// Whether it fits a machine word as it is.
    const fn is_direct(self) -> bool {
        matches!(
            self,
            Kind::Nothing
                | Kind::Bool
                | Kind::Float
                | Kind::Int { .. }
                | Kind::Shared(_)
                | Kind::Exclusive(_)
        )
    }
}

/// Calls a native with its arguments as machine words: state, host code, arguments, place of the result. `false`: nothing was done, the
/// ordinary call has to tell why. It may unwind.
pub(crate) type DirectEntry =
    unsafe fn(state: *mut (), host: *const (), args: *const u64, result: *mut u64) -> bool;

/// The signature of a typed native.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its parameters, without a leading context.
    pub args: &'static [Kind],
    /// Its result.
    pub result: Kind,
    /// Whether it takes a context (the Vm, or what stands for it) first.
    pub has_context: bool,
    pub(crate) direct: Option<DirectEntry>,
}

impl Signature {
    /// A signature; the direct entry counts only if everything fits machine words.
    pub(crate) const fn new(
        args: &'static [Kind],
        result: Kind,
        has_context: bool,
        direct: DirectEntry,
    ) -> Signature {
        let mut fits = !has_context && result.is_direct();
        let mut i = 0;
        while i < args.len() {
            fits = fits && args[i].is_direct();
            i += 1;
        }
        let direct = if fits { Some(direct) } else { None };
        Signature { args, result, has_context, direct }
    }

    /// Whether compiled code can call it with unboxed arguments.
    #[must_use]
    pub fn has_direct_entry(&self) -> bool {
        self.direct.is_some()
    }
}

/// A field of a userdata's Rust value.
#[derive(Clone, Copy, Debug)]
pub struct FieldAccess {
    /// Where in the value it lies.
    pub offset: usize,
    /// Its type.
    pub kind: Kind,
    /// Where in the object the borrow flag lies.
    pub borrow_flag: usize,
    /// Where in the object the pointer to the value lies.
    pub payload: usize,
}

impl FieldAccess {
    /// A field of `V` at an offset of a `T`; `None` if it would not lie inside.
    pub(crate) fn new<T, V>(offset: usize, kind: Kind) -> Option<FieldAccess> {
        let fits = offset.checked_add(size_of::<V>()).is_some_and(|end| end <= size_of::<T>());
        (fits && offset.is_multiple_of(align_of::<V>())).then_some(FieldAccess {
            offset,
            kind,
            borrow_flag: offset_of!(UserdataObj, borrow),
            payload: offset_of!(UserdataObj, data),
        })
    }
}

/// What is known about a native.
#[derive(Clone, Copy, Debug, Default)]
pub struct Descriptor {
    /// Its signature, if it is a typed one.
    pub signature: Option<&'static Signature>,
    /// The field it reads or writes, if it does nothing else.
    pub field: Option<FieldAccess>,
    /// What its source says about it.
    pub source: NativeSource,
}

/// What the source of a native says about it: the names of its parameters, which errors show, and what compiled code may rely on.
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeSource {
    /// Its parameters, without receiver and state; empty if they are not known.
    pub params: &'static [ParamInfo],
    /// How many arguments come before the first of them.
    pub receivers: u8,
    /// The last parameter takes all further arguments.
    pub variadic: bool,
    /// It is said to have no side effects: a call whose result nobody wants may be left out, and one with the same arguments may be done
    /// once, while nothing that it reads changes.
    pub pure: bool,
}

impl NativeSource {
    /// What is said of a function with this signature.
    pub(crate) fn new(info: &FunctionInfo, signature: Option<&Signature>) -> NativeSource {
        let receivers = match info.kind {
            FunctionKind::Method | FunctionKind::Getter | FunctionKind::Setter => 1,
            FunctionKind::Function | FunctionKind::Constructor => 0,
            // A handler may have a receiver or name all operands.
            FunctionKind::Meta => {
                let all = signature.map_or(0, |signature| signature.args.len());
                u8::from(all > info.params.len())
            }
        };
        // Arguments that are fields of a table are named by what reads them.
        let params = if info.named { &[] } else { info.params };
        NativeSource { params, receivers, variadic: info.variadic, pure: info.pure }
    }

    /// The name of argument `i`, if it has one.
    pub(crate) fn argument_name(&self, i: usize) -> Option<&'static str> {
        let at = i.checked_sub(usize::from(self.receivers))?;
        let param = match self.params.get(at) {
            None if self.variadic => self.params.last(),
            found => found,
        };
        param.map(|param| param.name).filter(|name| !name.is_empty())
    }
}
