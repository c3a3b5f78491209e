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

/// Bytes of the counts before the bytes of an `Rc<[u8]>`.
const RC_COUNTS: usize = 2 * size_of::<usize>();

impl ProtoDef {
    /// Gives back what the lists have allocated in vain.
    pub(crate) fn shrink(&mut self) {
        self.code.shrink_to_fit();
        self.consts.shrink_to_fit();
        self.upvals.shrink_to_fit();
        self.lines.shrink_to_fit();
        self.locals.shrink_to_fit();
    }

    /// Bytes of the lists, and of the names and strings, shared by the functions of a chunk, for whose address `is_new` holds. Nested
    /// definitions do not count.
    pub(crate) fn bytes(&self, mut is_new: impl FnMut(usize) -> bool) -> usize {
        let lists = self.code.capacity() * size_of::<u32>()
            + self.consts.capacity() * size_of::<Const>()
            + self.upvals.capacity() * size_of::<UpvalDef>()
            + self.lines.capacity() * size_of::<u32>()
            + self.locals.capacity() * size_of::<LocalDef>();
        let consts = self.consts.iter().filter_map(|c| match c {
            Const::Str(s) => Some(s),
            _ => None,
        });
        let names = self.upvals.iter().filter_map(|u| u.name.as_ref());
        let names = names.chain(self.locals.iter().map(|l| &l.name)).chain(&self.source);
        let shared = consts.chain(names).filter(|text| is_new(text.as_ptr().addr()));
        lists + shared.map(|text| (RC_COUNTS + text.len()).next_multiple_of(8)).sum::<usize>()
    }
}

/// FNV-1a of 128 bits: it needs to be the same everywhere, not to withstand anybody.
struct StableHash(u128);

impl StableHash {
    fn new() -> StableHash {
        StableHash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 =
                (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }
}

impl ProtoDef {
    /// A hash of what the function does, see `Proto::stable_hash`.
    pub(crate) fn stable_hash(&self) -> [u8; 16] {
        let mut hash = StableHash::new();
        for length in [self.code.len(), self.consts.len(), self.upvals.len()] {
            hash.number(length as u64);
        }
        hash.bytes(&[self.num_params, u8::from(self.is_vararg), self.max_stack]);
        for word in &self.code {
            hash.bytes(&word.to_le_bytes());
        }
        for constant in &self.consts {
            match constant {
                Const::Nil => hash.bytes(&[0]),
                Const::Bool(b) => hash.bytes(&[1, u8::from(*b)]),
                Const::Int(i) => {
                    hash.bytes(&[2]);
                    hash.bytes(&i.to_le_bytes());
                }
                Const::Float(f) => {
                    hash.bytes(&[3]);
                    hash.number(f.to_bits());
                }
                Const::Str(s) => {
                    hash.bytes(&[4]);
                    hash.number(s.len() as u64);
                    hash.bytes(s);
                }
            }
        }
        for upvalue in &self.upvals {
            hash.bytes(&[u8::from(upvalue.in_stack), upvalue.index]);
        }
        hash.0.to_le_bytes()
    }
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
