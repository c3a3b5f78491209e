//! Runs a case inside the test and records what of the runtime it reaches.

use std::io;
use std::time::Duration;

use luna_core::isa::Op;
use luna_core::runtime::Value;
use luna_core::vm::{ExitReport, Handle, HostFile, HostIo, Observed, SystemIo};
use luna_core::{LuaVersion, Vm};

use crate::case::Case;

/// What a program can be given by a library: its name and the value, for all tables of `package.loaded`, files and strings.
const LIBRARY: &[u8] = b"
local found = {}
local function add(prefix, from)
  for name, value in pairs(from) do
    if type(value) == 'function' then found[#found + 1] = prefix .. name; found[#found + 1] = value end
  end
end
for name, library in pairs(package.loaded) do add(name == '_G' and '' or name .. '.', library) end
local file = getmetatable(io.stdout)
add('file.', file)
add('file:', file.__index)
add('string.', getmetatable(''))
for i, searcher in ipairs(package.searchers) do add('package.searchers ' .. i, { [''] = searcher }) end
return table.unpack(found)
";

/// What a case, or many, reached.
#[derive(Debug, Default)]
pub struct Reached {
    /// Ops by name.
    pub ops: Seen,
    /// Library functions by name.
    pub functions: Seen,
    /// Events by name.
    pub events: Seen,
}

/// Names, and whether they were reached.
pub type Seen = std::collections::BTreeMap<String, bool>;

/// Runs a case and adds what it reaches.
///
/// # Panics
///
/// When the libraries cannot be listed.
pub fn run(case: &Case, version: LuaVersion, reached: &mut Reached) {
    let mut vm = Vm::new(version);
    vm.set_host_io(Box::new(Silent(SystemIo::new())));
    vm.set_bytecode_loading(true);
    let names = library(&mut vm);
    let file = case.path.file_name().expect("a case is a file").to_string_lossy();
    let script = vm.load_file(&file);
    vm.observe();
    if let Ok(script) = script {
        let function = Handle::new(&mut vm, script);
        if let Some(function) = function.peek() {
            // What the script makes of itself is judged where its output is.
            let _ = vm.call_value(function, &[]);
        }
    }
    let _ = vm.eval("collectgarbage()");
    note(&vm.observed(), &names, reached);
}

/// The functions of the libraries, by name.
fn library(vm: &mut Vm) -> Vec<(String, Handle)> {
    let chunk = vm.load_bytes(LIBRARY, b"=library").expect("the list compiles");
    let found = vm.call_value(chunk, &[]).expect("the list can be made");
    let names: Vec<Handle> = found.into_iter().map(|value| Handle::new(vm, value)).collect();
    let mut pairs = names.into_iter();
    let mut all = Vec::new();
    while let (Some(name), Some(value)) = (pairs.next(), pairs.next()) {
        let name = name.peek().and_then(|name| vm.str_utf8(name)).unwrap_or_default().to_owned();
        all.push((name, value));
    }
    all
}

/// Adds what was observed.
fn note(observed: &Observed, names: &[(String, Handle)], reached: &mut Reached) {
    for op in Op::ALL {
        *reached.ops.entry(op.name().to_owned()).or_default() |= observed.executed(*op);
    }
    for (name, function) in names {
        let called = function.peek().is_some_and(|function: Value| observed.called(function));
        *reached.functions.entry(name.clone()).or_default() |= called;
    }
    for event in Observed::events() {
        *reached.events.entry(event.to_owned()).or_default() |= observed.handled(event);
    }
}

/// The system, except that nothing is written to the test's output and nothing ends the test.
struct Silent(SystemIo);

impl HostIo for Silent {
    fn open(&mut self, path: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        self.0.open(path, mode)
    }
    fn temp_file(&mut self) -> io::Result<Box<dyn HostFile>> {
        self.0.temp_file()
    }
    fn temp_name(&mut self) -> io::Result<Vec<u8>> {
        self.0.temp_name()
    }
    fn remove(&mut self, path: &[u8]) -> io::Result<()> {
        self.0.remove(path)
    }
    fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        self.0.rename(from, to)
    }
    fn popen(&mut self, command: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        self.0.popen(command, mode)
    }
    fn execute(&mut self, command: Option<&[u8]>) -> io::Result<ExitReport> {
        self.0.execute(command)
    }
    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.0.env(name)
    }
    fn now(&self) -> Duration {
        self.0.now()
    }
    fn cpu_time(&self) -> Duration {
        self.0.cpu_time()
    }
    fn utc_offset(&self, at: i64) -> i32 {
        self.0.utc_offset(at)
    }
    fn zone(&self, at: i64) -> (String, bool) {
        self.0.zone(at)
    }
    fn random_seed(&mut self) -> [u64; 2] {
        self.0.random_seed()
    }
}
