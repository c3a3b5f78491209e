//! The function prototype as the compiler makes it: heap-free data.
//!
//! Compiler, verifier, listing and the dump format all work on [`ProtoDef`]; the loader turns a verified one into the
//! heap's immutable `Proto`.

use std::rc::Rc;

/// A compiled function, its nested functions included.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ProtoDef {
    /// The instructions.
    pub(crate) code: Vec<u32>,
    /// The constants.
    pub(crate) consts: Vec<Const>,
    /// How each upvalue is captured.
    pub(crate) upvals: Vec<UpvalDef>,
    /// Nested functions.
    pub(crate) protos: Vec<ProtoDef>,
    /// Number of named parameters.
    pub(crate) num_params: u8,
    /// Whether it takes varargs.
    pub(crate) is_vararg: bool,
    /// Registers it needs.
    pub(crate) max_stack: u8,
    /// Line of `function`, 0 for a main chunk.
    pub(crate) line_defined: u32,
    /// Line of `end`.
    pub(crate) last_line: u32,
    /// Chunk name as given, with its `=` or `@`.
    pub(crate) source: Option<Rc<[u8]>>,
    /// Line of each instruction; empty when stripped.
    pub(crate) lines: Vec<u32>,
    /// Names and extents of locals, in order of activation; empty when stripped.
    pub(crate) locals: Vec<LocalDef>,
}

/// A constant. Floats compare by bits, so that `0.0` and `-0.0` stay apart.
#[derive(Clone, Debug)]
pub(crate) enum Const {
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Str(Rc<[u8]>),
}

impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::Nil, Const::Nil) => true,
            (Const::Bool(a), Const::Bool(b)) => a == b,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => a.to_bits() == b.to_bits(),
            (Const::Str(a), Const::Str(b)) => a == b,
            _ => false,
        }
    }
}

/// How a closure captures one upvalue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UpvalDef {
    /// The variable's name; `None` when stripped.
    pub(crate) name: Option<Rc<[u8]>>,
    /// Whether it is a register of the enclosing function, else one of its upvalues.
    pub(crate) in_stack: bool,
    /// Index of the register or upvalue.
    pub(crate) index: u8,
    /// What kind of variable it is.
    pub(crate) kind: VarKind,
}

/// What the compiler knows of a captured variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VarKind {
    /// An ordinary variable.
    Regular,
    /// Cannot be assigned to.
    Const,
    /// Closed at the end of its scope; cannot be assigned to.
    Close,
}

/// A local variable's name and extent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalDef {
    /// The name.
    pub(crate) name: Rc<[u8]>,
    /// The register it lives in.
    pub(crate) reg: u8,
    /// First instruction where it is alive.
    pub(crate) start_pc: u32,
    /// First instruction where it is dead.
    pub(crate) end_pc: u32,
}
