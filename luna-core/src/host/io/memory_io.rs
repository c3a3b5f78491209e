//! A world in memory.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::rc::{Rc, Weak};
use std::time::Duration;

use crate::host::io::host_io::{HostFile, HostIo};

/// A world outside a Vm that is all in memory: files, the standard streams, a clock that stands still, an environment. Clones share it, so
/// that the host sees what scripts do to it, and several Vms can see one.
///
/// Nothing in it is left to chance: a program does the same in every run of the process.
///
/// ```
/// use luna_core::vm::MemoryIo;
/// use luna_core::{LuaVersion, Vm};
///
/// let io = MemoryIo::new();
/// io.write_file("save/hero.txt", "level 3");
/// let mut vm = Vm::sandbox(LuaVersion::Lua55).open_base().open_os_io().build_with(Box::new(io.clone()));
/// vm.eval("local f = io.open('save/hero.txt', 'a') f:write(', 20 gold') f:close() print('saved')").unwrap();
/// assert_eq!(io.read_file("save/hero.txt").unwrap(), b"level 3, 20 gold");
/// assert_eq!(io.take_stdout(), b"saved\n");
/// ```
#[derive(Clone)]
pub struct MemoryIo(Rc<World>);

/// What clones share.
#[derive(Default)]
struct World {
    files: RefCell<BTreeMap<Vec<u8>, Rc<Content>>>,
    /// Bytes of all files and of the output that nobody has taken.
    used: Cell<usize>,
    capacity: Cell<Option<usize>>,
    stdin: RefCell<Vec<u8>>,
    stdout: RefCell<Vec<u8>>,
    stderr: RefCell<Vec<u8>>,
    environment: RefCell<BTreeMap<Vec<u8>, Vec<u8>>>,
    now: Cell<Duration>,
    seed: Cell<u64>,
    names: Cell<u64>,
    exit_code: Cell<Option<i32>>,
}

/// The bytes of a file, which stay as long as somebody has it open.
struct Content {
    bytes: RefCell<Vec<u8>>,
    world: Weak<World>,
}

impl Drop for Content {
    fn drop(&mut self) {
        if let Some(world) = self.world.upgrade() {
            world.charge(self.bytes.get_mut().len(), 0);
        }
    }
}

impl World {
    /// Counts that something has become longer or shorter.
    fn charge(&self, before: usize, after: usize) {
        self.used.set((self.used.get() + after).saturating_sub(before));
    }
}

impl fmt::Debug for MemoryIo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = self.0.files.borrow();
        let names = files.keys().map(|name| String::from_utf8_lossy(name).into_owned());
        f.debug_struct("MemoryIo")
            .field("files", &names.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Default for MemoryIo {
    fn default() -> MemoryIo {
        MemoryIo::new()
    }
}

impl MemoryIo {
    /// A world without files, at the beginning of 1970.
    #[must_use]
    pub fn new() -> MemoryIo {
        let io = MemoryIo(Rc::default());
        io.set_capacity(Some(64 << 20));
        io
    }

    /// As [`MemoryIo::new`]; random numbers come from `seed`.
    #[must_use]
    pub fn with_seed(seed: u64) -> MemoryIo {
        let io = MemoryIo::new();
        io.0.seed.set(seed);
        io
    }

    /// Makes a file, or replaces what is in it. `./a/../b` is `b`.
    pub fn write_file(&self, path: impl AsRef<[u8]>, bytes: impl Into<Vec<u8>>) {
        let content = self.content(&normal(path.as_ref()));
        let bytes = bytes.into();
        self.0.charge(content.bytes.borrow().len(), bytes.len());
        *content.bytes.borrow_mut() = bytes;
    }

    /// What is in a file.
    #[must_use]
    pub fn read_file(&self, path: impl AsRef<[u8]>) -> Option<Vec<u8>> {
        let files = self.0.files.borrow();
        files.get(&normal(path.as_ref())).map(|content| content.bytes.borrow().clone())
    }

    /// The paths of all files, in order.
    #[must_use]
    pub fn paths(&self) -> Vec<Vec<u8>> {
        self.0.files.borrow().keys().cloned().collect()
    }

    /// Sets the most bytes that files, their names and output may hold, 64 MiB if nothing is said; writing more fails with `No space left on
    /// device`.
    pub fn set_capacity(&self, bytes: Option<usize>) {
        self.0.capacity.set(bytes);
    }

    /// Sets what the standard input has to give.
    pub fn set_stdin(&self, bytes: impl Into<Vec<u8>>) {
        *self.0.stdin.borrow_mut() = bytes.into();
    }

    /// What was written to the standard output since this was asked last.
    #[must_use]
    pub fn take_stdout(&self) -> Vec<u8> {
        self.take(&self.0.stdout)
    }

    /// What was written to the error output since this was asked last.
    #[must_use]
    pub fn take_stderr(&self) -> Vec<u8> {
        self.take(&self.0.stderr)
    }

    /// Sets a variable of the environment, or removes it.
    pub fn set_env(&self, name: impl Into<Vec<u8>>, value: Option<&str>) {
        let mut environment = self.0.environment.borrow_mut();
        match value {
            Some(value) => environment.insert(name.into(), value.as_bytes().to_vec()),
            None => environment.remove(&name.into()),
        };
    }

    /// Sets the time, as since the beginning of 1970; it stands still until it is set again.
    pub fn set_now(&self, now: Duration) {
        self.0.now.set(now);
    }

    /// What a script has passed to `os.exit`.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        self.0.exit_code.get()
    }

    fn take(&self, stream: &RefCell<Vec<u8>>) -> Vec<u8> {
        let bytes = std::mem::take(&mut *stream.borrow_mut());
        self.0.charge(bytes.len(), 0);
        bytes
    }

    /// The content of a file, which is made if it is not there.
    fn content(&self, path: &[u8]) -> Rc<Content> {
        let mut files = self.0.files.borrow_mut();
        let make = || {
            self.0.charge(0, path.len());
            self.new_content()
        };
        Rc::clone(files.entry(path.to_vec()).or_insert_with(make))
    }

    /// An empty file.
    fn new_content(&self) -> Rc<Content> {
        Rc::new(Content { bytes: RefCell::default(), world: Rc::downgrade(&self.0) })
    }

    /// Counts that something is about to become longer, if there is room for it.
    fn reserve(&self, more: usize) -> io::Result<()> {
        let used = self.0.used.get().saturating_add(more);
        if self.0.capacity.get().is_some_and(|capacity| used > capacity) {
            return Err(ErrorKind::StorageFull.into());
        }
        self.0.used.set(used);
        Ok(())
    }

    fn append(&self, stream: &RefCell<Vec<u8>>, bytes: &[u8]) -> io::Result<()> {
        self.reserve(bytes.len())?;
        stream.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    /// An open file.
    fn open_content(&self, content: Rc<Content>, mode: &[u8]) -> MemoryFile {
        let is = |sign| mode.contains(&sign);
        MemoryFile {
            world: self.clone(),
            content,
            at: 0,
            reads: is(b'r') || is(b'+'),
            writes: !is(b'r') || is(b'+'),
            appends: is(b'a'),
        }
    }
}

/// A path without what leads nowhere. What begins at the root does not leave it.
fn normal(path: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if path.starts_with(b"/") => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    if path.starts_with(b"/") { [b"/", &*joined].concat() } else { joined }
}

impl HostIo for MemoryIo {
    fn stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.append(&self.0.stdout, bytes)
    }

    fn stderr(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.append(&self.0.stderr, bytes)
    }

    fn stdin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stdin = self.0.stdin.borrow_mut();
        let count = stdin.len().min(buffer.len());
        for (to, byte) in buffer.iter_mut().zip(stdin.drain(..count)) {
            *to = byte;
        }
        Ok(count)
    }

    fn open(&mut self, path: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        let path = normal(path);
        let there = self.0.files.borrow().get(&path).cloned();
        let content = match there {
            Some(content) => content,
            None if mode.contains(&b'r') => return Err(ErrorKind::NotFound.into()),
            None => {
                self.reserve(path.len())?;
                self.0.charge(path.len(), 0);
                self.content(&path)
            }
        };
        if mode.contains(&b'w') {
            self.0.charge(content.bytes.borrow().len(), 0);
            content.bytes.borrow_mut().clear();
        }
        Ok(Box::new(self.open_content(content, mode)))
    }

    fn temp_file(&mut self) -> io::Result<Box<dyn HostFile>> {
        Ok(Box::new(self.open_content(self.new_content(), b"w+")))
    }

    fn temp_name(&mut self) -> io::Result<Vec<u8>> {
        self.0.names.set(self.0.names.get() + 1);
        Ok(format!("/tmp/lua_{}", self.0.names.get()).into_bytes())
    }

    fn remove(&mut self, path: &[u8]) -> io::Result<()> {
        // Dropped once the map is free.
        let path = normal(path);
        let removed = self.0.files.borrow_mut().remove(&path);
        removed.map(drop).ok_or(ErrorKind::NotFound)?;
        self.0.charge(path.len(), 0);
        Ok(())
    }

    fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        let mut files = self.0.files.borrow_mut();
        let (from, to) = (normal(from), normal(to));
        let content = files.remove(&from).ok_or(ErrorKind::NotFound)?;
        self.0.charge(from.len(), to.len());
        let replaced = files.insert(to.clone(), content);
        drop(files);
        if replaced.is_some() {
            self.0.charge(to.len(), 0);
        }
        drop(replaced);
        Ok(())
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.0.environment.borrow().get(name).cloned()
    }

    fn now(&self) -> Duration {
        self.0.now.get()
    }

    fn exit(&mut self, code: i32) {
        self.0.exit_code.set(Some(code));
    }

    fn random_seed(&mut self) -> [u64; 2] {
        [self.0.seed.get(), 0]
    }

    fn hash_seed(&self) -> u64 {
        self.0.seed.get()
    }

    fn hides_addresses(&self) -> bool {
        true
    }
}

/// An open file.
struct MemoryFile {
    world: MemoryIo,
    content: Rc<Content>,
    at: usize,
    reads: bool,
    writes: bool,
    appends: bool,
}

/// The error of reading what is open for writing only, and the other way.
fn bad_descriptor() -> io::Error {
    io::Error::from_raw_os_error(9)
}

impl Read for MemoryFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.reads {
            return Err(bad_descriptor());
        }
        let content = self.content.bytes.borrow();
        let rest = content.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.writes {
            return Err(bad_descriptor());
        }
        let mut content = self.content.bytes.borrow_mut();
        if self.appends {
            self.at = content.len();
        }
        let end = self.at.checked_add(bytes.len()).ok_or(ErrorKind::StorageFull)?;
        if end > content.len() {
            let more = end - content.len();
            content.try_reserve(more).map_err(|_| ErrorKind::StorageFull)?;
            self.world.reserve(more)?;
            // A gap reads as zeros.
            content.resize(end, 0);
        }
        content[self.at..end].copy_from_slice(bytes);
        self.at = end;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for MemoryFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(offset) => (self.at as u64, offset),
            SeekFrom::End(offset) => (self.content.bytes.borrow().len() as u64, offset),
        };
        let invalid = || io::Error::from_raw_os_error(22);
        let at = base.checked_add_signed(offset).ok_or_else(invalid)?;
        self.at = usize::try_from(at).map_err(|_| invalid())?;
        Ok(at)
    }
}

impl HostFile for MemoryFile {}
