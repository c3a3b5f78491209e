//! Prototypes, Lua closures and native functions.

use std::collections::HashMap;
use std::rc::Rc;

use crate::bytecode::proto::ProtoDef;
use crate::heap::Heap;
use crate::heap::alloc::AddressSet;
use crate::heap::header::Header;
use crate::host::value::Gc;
use crate::value::repr::{RawValue, tag};
use crate::value::string::{MAX_SHORT, Str};
use crate::value::upvalue::Upvalue;
use crate::vm::State;

/// A function prototype in the heap: immutable once made.
#[repr(C)]
pub struct Proto {
    pub(crate) header: Header,
    /// The verified instructions.
    pub(crate) code: *const u32,
    /// The constants.
    pub(crate) consts: *const RawValue,
    /// Bytes of stack a call of the fast path needs; beyond any stack for variadic functions, so that they take the slow path.
    pub(crate) need: usize,
    /// Number of named parameters.
    pub(crate) num_params: u32,
    /// Registers.
    pub(crate) max_stack: u32,
    /// Everything the fast paths do not read.
    pub(crate) body: *mut ProtoBody,
}

/// The cold part of a prototype.
#[derive(Debug)]
pub(crate) struct ProtoBody {
    /// The definition: code, debug data, upvalue descriptors. Its nested definitions have moved to `children`.
    pub(crate) def: ProtoDef,
    /// Constants as values.
    pub(crate) consts: Vec<RawValue>,
    /// Nested prototypes.
    pub(crate) children: Vec<*mut Proto>,
    /// Strings only the debug data refers to.
    pub(crate) strings: Vec<*mut Str>,
    /// Bytes charged to the heap for all this.
    pub(crate) charged: usize,
}

impl std::fmt::Debug for Proto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proto").finish_non_exhaustive()
    }
}

/// What the prototypes of a chunk share while they are built.
#[derive(Default)]
struct Shared {
    /// Objects of the long strings.
    long: HashMap<Rc<[u8]>, *mut Str>,
    /// Texts that are charged to one of the prototypes.
    counted: AddressSet,
}

impl Proto {
    /// Builds the heap form of a verified definition.
    ///
    /// # Safety
    /// `def` was verified; no safe point lies between this call and the result being rooted.
    pub(crate) unsafe fn new(heap: &mut Heap, def: ProtoDef) -> *mut Proto {
        Proto::build(heap, def, &mut Shared::default())
    }

    /// As [`Proto::new`]; equal long strings of one chunk become one object.
    unsafe fn build(heap: &mut Heap, mut def: ProtoDef, shared: &mut Shared) -> *mut Proto {
        use crate::bytecode::proto::Const;
        let nested = std::mem::take(&mut def.protos);
        let mut children = Vec::with_capacity(nested.len());
        for child in nested {
            children.push(Proto::build(heap, child, shared));
        }
        let consts: Vec<RawValue> = def
            .consts
            .iter()
            .map(|c| match c {
                Const::Nil => RawValue::NIL,
                Const::Bool(b) => RawValue::bool(*b),
                Const::Int(i) => RawValue::int(*i),
                Const::Float(f) => RawValue::float(*f),
                Const::Str(s) if s.len() > MAX_SHORT => RawValue::str(
                    *shared.long.entry(Rc::clone(s)).or_insert_with(|| Str::new(heap, s)),
                ),
                Const::Str(s) => RawValue::str(Str::new(heap, s)),
            })
            .collect();
        def.shrink();
        let charged = size_of::<ProtoBody>()
            + def.bytes(|text| shared.counted.insert(text))
            + consts.capacity() * size_of::<RawValue>()
            + children.capacity() * size_of::<*mut Proto>();
        heap.used += charged;
        let this = heap.alloc_object(size_of::<Proto>(), tag::PROTO).cast::<Proto>();
        let max_stack = u32::from(def.max_stack);
        (*this).num_params = u32::from(def.num_params);
        (*this).max_stack = max_stack;
        (*this).need =
            if def.is_vararg { usize::MAX / 4 } else { max_stack as usize * size_of::<RawValue>() };
        (*this).body = Box::into_raw(Box::new(ProtoBody {
            def,
            consts,
            children,
            strings: Vec::new(),
            charged,
        }));
        let body = &*(*this).body;
        (*this).code = body.def.code.as_ptr();
        (*this).consts = body.consts.as_ptr();
        this
    }

    /// The definition.
    pub(crate) unsafe fn def<'a>(this: *mut Proto) -> &'a ProtoDef {
        &(*(*this).body).def
    }

    /// The definition with its nested ones, as the dump format wants it.
    pub(crate) unsafe fn full_def(this: *mut Proto) -> ProtoDef {
        let mut def = Proto::def(this).clone();
        for &child in &(*(*this).body).children {
            def.protos.push(Proto::full_def(child));
        }
        def
    }

    /// Nested prototype `index`.
    pub(crate) unsafe fn child(this: *mut Proto, index: usize) -> *mut Proto {
        let body = &*(*this).body;
        body.children[index]
    }

    /// The constants.
    pub(crate) unsafe fn constants(&self) -> &[RawValue] {
        let body = &*self.body;
        &body.consts
    }

    /// The nested prototypes.
    pub(crate) unsafe fn children(&self) -> &[*mut Proto] {
        let body = &*self.body;
        &body.children
    }

    /// Strings the debug data keeps alive.
    pub(crate) unsafe fn debug_strings(&self) -> &[*mut Str] {
        let body = &*self.body;
        &body.strings
    }

    /// A hash of what the function does: code, constants, upvalues, parameters, size of its frame; neither of nested functions nor of debug
    /// data. The same on every platform, and of the same luna.
    #[must_use]
    pub fn stable_hash(&self) -> [u8; 16] {
        // SAFETY: a prototype has its body as long as it lives, and is never changed.
        let def = unsafe { &(*self.body).def };
        def.stable_hash()
    }

    /// Frees what a dead prototype owns.
    pub(crate) unsafe fn release(this: *mut Proto, heap: &mut Heap) {
        let body = Box::from_raw((*this).body);
        heap.used -= body.charged;
    }
}

/// A Lua function: a prototype with its captured variables behind it in the same cell.
#[derive(Debug)]
#[repr(C)]
pub struct LuaClosure {
    pub(crate) header: Header,
    /// The prototype.
    pub proto: Gc<Proto>,
}

impl LuaClosure {
    /// A closure with `count` upvalues, all null.
    ///
    /// # Safety
    /// The result is rooted and its upvalues are set before the next safe point or use.
    pub(crate) unsafe fn new(heap: &mut Heap, proto: *mut Proto, count: usize) -> *mut LuaClosure {
        let this = heap
            .alloc_object(size_of::<LuaClosure>() + 8 * count, tag::LCLOSURE)
            .cast::<LuaClosure>();
        (*this).header.aux = count as u32;
        (*this).proto = Gc::new(proto);
        for i in 0..count {
            *LuaClosure::upvalue_slot(this, i) = std::ptr::null_mut();
        }
        this
    }

    /// Number of upvalues.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        self.header.aux as usize
    }

    /// Where upvalue `index` is kept.
    #[inline(always)]
    pub(crate) unsafe fn upvalue_slot(this: *mut LuaClosure, index: usize) -> *mut *mut Upvalue {
        this.add(1).cast::<*mut Upvalue>().add(index)
    }

    /// Upvalue `index`.
    #[inline(always)]
    pub(crate) unsafe fn upvalue(this: *mut LuaClosure, index: usize) -> *mut Upvalue {
        *LuaClosure::upvalue_slot(this, index)
    }
}

/// What the interpreter calls: the arguments are `f[1..=nargs]`, results go to `f[0..]`; a negative answer is an error stored in
/// the state.
pub(crate) type NativeEntry = unsafe fn(l: *mut State, f: *mut RawValue, nargs: usize) -> isize;

/// A native function with its upvalues behind it in the same cell.
#[repr(C)]
pub struct NativeClosure {
    pub(crate) header: Header,
    /// The trampoline.
    pub(crate) entry: NativeEntry,
    /// What the trampoline calls: a function pointer, or a boxed closure owned by a payload in upvalue 0.
    pub(crate) data: *const (),
    /// The name it is registered under, for messages where the call site gives none.
    pub(crate) name: &'static str,
}

impl std::fmt::Debug for NativeClosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NativeClosure").field("name", &self.name).finish_non_exhaustive()
    }
}

impl NativeClosure {
    /// A native with `count` upvalues, all nil.
    ///
    /// # Safety
    /// `entry` understands `data`; the result is rooted before the next safe point.
    pub(crate) unsafe fn new(
        heap: &mut Heap,
        entry: NativeEntry,
        data: *const (),
        name: &'static str,
        count: usize,
    ) -> *mut NativeClosure {
        let size = size_of::<NativeClosure>() + size_of::<RawValue>() * count;
        let this = heap.alloc_object(size, tag::NATIVE).cast::<NativeClosure>();
        (*this).header.aux = count as u32;
        (*this).entry = entry;
        (*this).data = data;
        (*this).name = name;
        for i in 0..count {
            *NativeClosure::upvalue(this, i) = RawValue::NIL;
        }
        this
    }

    /// Number of upvalues.
    pub(crate) fn count(&self) -> usize {
        self.header.aux as usize
    }

    /// Upvalue `index`.
    #[inline(always)]
    pub(crate) unsafe fn upvalue(this: *mut NativeClosure, index: usize) -> *mut RawValue {
        this.add(1).cast::<RawValue>().add(index)
    }
}
