//! Settings of a new state.

use std::time::Duration;

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Limits, SystemIo};

use crate::Dialect;
use crate::lua::Lua;

/// A set of libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StdLib(u16);

macro_rules! libraries {
    ($($name:ident $bit:literal $open:ident $doc:literal)*) => {
        impl StdLib {
            $(
                #[doc = $doc]
                pub const $name: StdLib = StdLib(1 << $bit);
            )*
            /// All there are.
            pub const ALL: StdLib = StdLib(0 $(| 1 << $bit)*);

            /// Opens them.
            fn open(self, vm: &mut Vm) {
                $(
                    if self.contains(StdLib::$name) {
                        vm.$open();
                    }
                )*
            }
        }
    };
}
libraries! {
    PACKAGE 0 open_package "`package` and `require`"
    BASE 1 open_base "The basic functions; `dofile` and `loadfile`, which read files, only where `IO` is chosen as well."
    COROUTINE 2 open_coroutine "`coroutine`"
    STRING 3 open_string "`string`, with the methods of strings."
    TABLE 4 open_table "`table`"
    MATH 5 open_math "`math`"
    UTF8 6 open_utf8 "`utf8`"
    OS 7 open_os "`os`"
    IO 8 open_io "`io`"
    DEBUG 9 open_debug "`debug`, with which a script can break what other scripts rely on."
}

impl StdLib {
    /// None of them.
    pub const NONE: StdLib = StdLib(0);
    /// All but `debug`.
    pub const SAFE: StdLib = StdLib(StdLib::ALL.0 & !StdLib::DEBUG.0);

    /// Whether all of `other` are among these.
    #[must_use]
    pub const fn contains(self, other: StdLib) -> bool {
        self.0 & other.0 == other.0
    }

    /// These without those.
    #[must_use]
    pub const fn without(self, other: StdLib) -> StdLib {
        StdLib(self.0 & !other.0)
    }
}

impl std::ops::BitOr for StdLib {
    type Output = StdLib;

    fn bitor(self, other: StdLib) -> StdLib {
        StdLib(self.0 | other.0)
    }
}

/// Says what a [`Lua`] is made of.
///
/// ```
/// use luna::{Dialect, Lua, StdLib};
///
/// # fn main() -> luna::Result<()> {
/// let lua = Lua::builder()
///     .dialect(Dialect::Lua54)
///     .libraries(StdLib::BASE | StdLib::STRING)
///     .instruction_budget(10_000)
///     .build();
/// assert!(lua.load("io == nil and debug == nil").eval::<bool>()?);
/// let error = lua.load("while true do end").exec().unwrap_err();
/// assert_eq!(error.message(), "instruction budget exceeded");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Builder {
    dialect: Dialect,
    libraries: StdLib,
    bytecode: bool,
    limits: Limits,
    seed: Option<u64>,
}

impl Builder {
    /// Lua 5.5, the safe libraries, no limits.
    pub(crate) fn new() -> Builder {
        Builder {
            dialect: Dialect::Lua55,
            libraries: StdLib::SAFE,
            bytecode: false,
            limits: Limits::default(),
            seed: None,
        }
    }

    /// The dialect; 5.5 if nothing is said.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Builder {
        self.dialect = dialect;
        self
    }

    /// The libraries; [`StdLib::SAFE`] if nothing is said.
    #[must_use]
    pub fn libraries(mut self, libraries: StdLib) -> Builder {
        self.libraries = libraries;
        self
    }

    /// Whether scripts may load what `string.dump` made; not if nothing is said.
    #[must_use]
    pub fn bytecode(mut self, allowed: bool) -> Builder {
        self.bytecode = allowed;
        self
    }

    /// Instructions that every entry from outside may spend. Whatever the script does, it then ends with an error.
    #[must_use]
    pub fn instruction_budget(mut self, units: i64) -> Builder {
        self.limits.instructions = Some(units);
        self
    }

    /// Most bytes the state may hold.
    #[must_use]
    pub fn memory_cap(mut self, bytes: usize) -> Builder {
        self.limits.memory = Some(bytes);
        self
    }

    /// Leaves nothing to chance: from the same seed come the same random numbers, also after `math.randomseed()`, and `pairs` visits in
    /// the same order in every run of the program. What `tostring` shows of tables and functions is an address all the same.
    ///
    /// ```
    /// use luna::Lua;
    ///
    /// let roll = || Lua::builder().seed(7).build().load("math.randomseed() return math.random(1000)").eval::<i64>();
    /// assert_eq!(roll().unwrap(), roll().unwrap());
    /// ```
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Builder {
        self.seed = Some(seed);
        self
    }

    /// How long every entry from outside may take. Whatever the script does, it then ends with an error.
    #[must_use]
    pub fn deadline(mut self, after: Duration) -> Builder {
        self.limits.deadline = Some(after);
        self
    }

    /// The state.
    #[must_use]
    pub fn build(self) -> Lua {
        let mut vm = match self.seed {
            Some(seed) => Vm::sandbox(self.dialect).build_with(Box::new(SystemIo::with_seed(seed))),
            None => Vm::new_minimal(self.dialect),
        };
        self.libraries.open(&mut vm);
        if !self.libraries.contains(StdLib::IO) {
            for name in ["dofile", "loadfile"] {
                let removed = vm.set_global(name, RawValue::Nil);
                debug_assert!(removed.is_ok(), "nil goes everywhere");
            }
        }
        vm.set_bytecode_loading(self.bytecode);
        vm.set_memory_cap(self.limits.memory);
        let lua = Lua::own(vm);
        lua.limit(self.limits);
        lua
    }
}
