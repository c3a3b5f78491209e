//! Sandboxes: a Vm with only what was asked for.

use crate::dialect::LuaVersion;
use crate::host::io::host_io::{HostIo, NoIo};
use crate::host::vm::Vm;
use crate::stdlib::Libraries;

/// Says what a sandboxed Vm has: no library but those opened here, and the limits set here.
#[derive(Clone, Copy, Debug)]
pub struct SandboxBuilder {
    version: LuaVersion,
    libraries: Libraries,
    memory_cap: Option<usize>,
    bytecode: bool,
    instr_budget: Option<i64>,
}

macro_rules! openers {
    ($($name:ident $library:ident $doc:literal)*) => {
        impl Vm {
            $(
                #[doc = $doc]
                pub fn $name(&mut self) {
                    self.open(Libraries::$library);
                }
            )*
        }

        impl SandboxBuilder {
            $(
                #[doc = $doc]
                #[must_use]
                pub fn $name(mut self) -> SandboxBuilder {
                    self.libraries = self.libraries.union(Libraries::$library);
                    self
                }
            )*
        }
    };
}
openers! {
    open_base BASE "Opens the basic functions."
    open_math MATH "Opens `math`."
    open_string STRING "Opens `string`."
    open_table TABLE "Opens `table`."
    open_coroutine COROUTINE "Opens `coroutine`."
    open_utf8 UTF8 "Opens `utf8`."
    open_debug DEBUG "Opens `debug`."
    open_package PACKAGE "Opens `package` and `require`."
    open_os_io OS_IO "Opens `os` and `io`."
}

impl Vm {
    /// Opens `bit32`, which Lua 5.2 alone has; in other dialects this does nothing.
    pub fn open_bit32(&mut self) {}
}

impl SandboxBuilder {
    /// Opens `bit32`, which Lua 5.2 alone has; in other dialects this does nothing.
    #[must_use]
    pub fn open_bit32(self) -> SandboxBuilder {
        self
    }

    /// Most bytes the heap may use.
    #[must_use]
    pub fn with_memory_cap(mut self, bytes: usize) -> SandboxBuilder {
        self.memory_cap = Some(bytes);
        self
    }

    /// Units the Vm may spend, and each finalizer may: see [`Vm::set_instr_budget`].
    #[must_use]
    pub fn with_instr_budget(mut self, units: i64) -> SandboxBuilder {
        self.instr_budget = Some(units);
        self
    }

    /// Lets binary chunks be loaded.
    #[must_use]
    pub fn allow_bytecode_loading(mut self) -> SandboxBuilder {
        self.bytecode = true;
        self
    }

    /// The Vm, which reaches nothing outside its heap.
    #[must_use]
    pub fn build(self) -> Vm {
        self.build_with(Box::new(NoIo))
    }

    /// The Vm, with the world outside that scripts are to see.
    #[must_use]
    pub fn build_with(self, io: Box<dyn HostIo>) -> Vm {
        let mut vm = Vm::with_io(self.version, io);
        vm.set_bytecode_loading(self.bytecode);
        vm.open(self.libraries);
        vm.set_memory_cap(self.memory_cap);
        vm.set_instr_budget(self.instr_budget);
        vm.set_finalizer_budget(self.instr_budget);
        vm
    }
}

impl Vm {
    /// Opens libraries, with their natives that work on frames.
    pub(super) fn open(&mut self, which: Libraries) {
        self.open_natives(which.contains(Libraries::BASE), which.contains(Libraries::COROUTINE));
        self.open_libraries(which);
    }

    /// Starts a Vm that has only what is asked for.
    #[must_use]
    pub fn sandbox(version: LuaVersion) -> SandboxBuilder {
        SandboxBuilder {
            version,
            libraries: Libraries::NONE,
            memory_cap: None,
            instr_budget: None,
            bytecode: false,
        }
    }
}
