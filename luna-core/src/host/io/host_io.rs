//! The world outside a Vm, as a trait: output, files, processes, clocks, the environment.

use std::fmt;
use std::io::{self, Read, Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::host::panics::panic_text;

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReport {
    /// It exited with a code.
    Exit(i32),
    /// A signal ended it.
    Signal(i32),
}

/// What the default services answer: they are refused.
fn refused<T>() -> io::Result<T> {
    Err(io::ErrorKind::PermissionDenied.into())
}

/// All that a script touches outside its heap.
///
/// Every service has a default that gives nothing away; [`NoIo`] is all of them. A Vm owns its services and takes them out while
/// one of them runs, so they cannot be reached twice; a panic in one becomes an error of the script.
pub trait HostIo {
    /// Takes what a script writes to its standard output.
    ///
    /// # Errors
    /// It cannot be written.
    fn stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _ = bytes;
        Ok(())
    }

    /// Writes out what [`HostIo::stdout`] holds back.
    ///
    /// # Errors
    /// It cannot be written.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes what a script writes to its error output.
    ///
    /// # Errors
    /// It cannot be written.
    fn stderr(&mut self, bytes: &[u8]) -> io::Result<()> {
        let _ = bytes;
        Ok(())
    }

    /// Reads from the standard input; 0 is its end.
    ///
    /// # Errors
    /// It cannot be read.
    fn stdin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let _ = buffer;
        Ok(0)
    }

    /// Opens a file in a mode of C's `fopen`.
    ///
    /// # Errors
    /// It cannot be opened.
    fn open(&mut self, path: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        let _ = (path, mode);
        refused()
    }

    /// A new file for reading and writing that is gone once it is closed.
    ///
    /// # Errors
    /// None can be made.
    fn temp_file(&mut self) -> io::Result<Box<dyn HostFile>> {
        refused()
    }

    /// A name for a temporary file.
    ///
    /// # Errors
    /// There is none.
    fn temp_name(&mut self) -> io::Result<Vec<u8>> {
        refused()
    }

    /// Removes a file or an empty directory.
    ///
    /// # Errors
    /// It cannot be removed.
    fn remove(&mut self, path: &[u8]) -> io::Result<()> {
        let _ = path;
        refused()
    }

    /// Renames a file.
    ///
    /// # Errors
    /// It cannot be renamed.
    fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        let _ = (from, to);
        refused()
    }

    /// Starts a command whose output is read (`r`) or whose input is written (`w`).
    ///
    /// # Errors
    /// It cannot be started.
    fn popen(&mut self, command: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        let _ = (command, mode);
        refused()
    }

    /// Runs a command to its end; without one nothing runs, and any success says that there is a shell.
    ///
    /// # Errors
    /// It cannot be run, or there is no shell.
    fn execute(&mut self, command: Option<&[u8]>) -> io::Result<ExitReport> {
        let _ = command;
        refused()
    }

    /// A variable of the environment.
    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        let _ = name;
        None
    }

    /// The time since 1970 began.
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    /// The processor time used.
    fn cpu_time(&self) -> Duration {
        Duration::ZERO
    }

    /// Seconds that local time is ahead of universal time at an instant given in seconds since 1970.
    fn utc_offset(&self, at: i64) -> i32 {
        let _ = at;
        0
    }

    /// The short name of the local time zone at an instant, and whether daylight saving is in force.
    fn zone(&self, at: i64) -> (String, bool) {
        let _ = at;
        ("GMT".to_owned(), false)
    }

    /// Ends the process. Where it returns, the script ends with an error.
    fn exit(&mut self, code: i32) {
        let _ = code;
    }

    /// Seeds for `math.random`.
    fn random_seed(&mut self) -> [u64; 2] {
        [0, 0]
    }

    /// The seed of the heap's string hashes; read when the Vm is made.
    fn hash_seed(&self) -> u64 {
        use std::hash::{BuildHasher, RandomState};
        use std::sync::OnceLock;
        static SEED: OnceLock<u64> = OnceLock::new();
        *SEED.get_or_init(|| RandomState::new().hash_one(0_u8))
    }

    /// Whether scripts see, in place of the addresses of objects, numbers that are the same in every run; read when the Vm is made.
    fn hides_addresses(&self) -> bool {
        false
    }
}

/// An open file or pipe of a [`HostIo`]. It is dropped without [`HostFile::close`] if the Vm ends.
pub trait HostFile: Read + Write + Seek {
    /// Closes it; of a process, how that ended.
    ///
    /// # Errors
    /// Something held back could not be written.
    fn close(&mut self) -> io::Result<Option<ExitReport>> {
        Ok(None)
    }

    /// A script asks for a way of buffering: `no`, `line` or `full`, with a size. The Vm itself buffers as asked in any case.
    fn set_buffering(&mut self, mode: &[u8], size: usize) {
        let _ = (mode, size);
    }
}

/// Services that give nothing away.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoIo;

impl HostIo for NoIo {}

/// A panic in a service, as the error that it becomes.
#[derive(Debug)]
pub(crate) struct HostPanic(pub(crate) String);

impl fmt::Display for HostPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "native panic: {}", self.0)
    }
}

impl std::error::Error for HostPanic {}

/// Runs a service; a panic becomes an error.
pub(crate) fn guarded<R>(run: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result,
        Err(payload) => Err(io::Error::other(HostPanic(panic_text(payload)))),
    }
}

/// What takes the lines of `print` or the warnings.
pub(crate) type Sink = Box<dyn FnMut(&[u8])>;

/// The services of a Vm. One that runs is out of here meanwhile.
#[derive(Default)]
pub(crate) struct Services {
    io: Option<Box<dyn HostIo>>,
    print_sink: Option<Sink>,
    warn_sink: Option<Sink>,
    /// Whether the standard output may hold something back.
    unflushed: bool,
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

/// Which sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Lines of `print`.
    Print,
    /// Warnings.
    Warn,
}

impl Services {
    /// Services over a [`HostIo`].
    pub(crate) fn new(io: Box<dyn HostIo>) -> Services {
        Services { io: Some(io), ..Services::default() }
    }

    /// Replaces the [`HostIo`]; the one before.
    pub(crate) fn replace(&mut self, io: Box<dyn HostIo>) -> Option<Box<dyn HostIo>> {
        self.io.replace(io)
    }

    /// A sink's place.
    fn sink(&mut self, channel: Channel) -> &mut Option<Sink> {
        match channel {
            Channel::Print => &mut self.print_sink,
            Channel::Warn => &mut self.warn_sink,
        }
    }

    /// Replaces a sink; the one before.
    pub(crate) fn set_sink(&mut self, channel: Channel, sink: Option<Sink>) -> Option<Sink> {
        std::mem::replace(self.sink(channel), sink)
    }

    /// Whether [`with_io`] may have left output behind; it counts as written out afterwards.
    #[inline(always)]
    pub(crate) fn take_unflushed(&mut self) -> bool {
        // Mostly there is none: then nothing is written here.
        self.unflushed && std::mem::take(&mut self.unflushed)
    }
}

/// Runs one of the services at `services`, which is out of there meanwhile: whoever comes back to them finds [`NoIo`].
///
/// # Safety
/// `services` is live and stays so; no reference to it exists.
pub(crate) unsafe fn with_io<R>(
    services: *mut Services,
    run: impl FnOnce(&mut dyn HostIo) -> io::Result<R>,
) -> io::Result<R> {
    let mut io = (*services).io.take();
    let result = match &mut io {
        Some(io) => guarded(|| run(&mut **io)),
        None => guarded(|| run(&mut NoIo)),
    };
    // What was set meanwhile stays.
    if (*services).io.is_none() {
        (*services).io = io;
    }
    result
}

/// Gives a sink something; whether there is a sink.
///
/// # Safety
/// As [`with_io`].
unsafe fn feed(services: *mut Services, channel: Channel, bytes: &[u8]) -> io::Result<bool> {
    let Some(mut sink) = (*services).sink(channel).take() else { return Ok(false) };
    let result = guarded(|| {
        sink(bytes);
        Ok(true)
    });
    let place = (*services).sink(channel);
    if place.is_none() {
        *place = Some(sink);
    }
    result
}

/// Writes to the standard output.
///
/// # Safety
/// As [`with_io`].
pub(crate) unsafe fn write_stdout(services: *mut Services, bytes: &[u8]) -> io::Result<()> {
    (*services).unflushed = true;
    with_io(services, |io| io.stdout(bytes))
}

/// Writes a line of `print`.
///
/// # Safety
/// As [`with_io`].
pub(crate) unsafe fn print(services: *mut Services, line: &[u8]) -> io::Result<()> {
    if feed(services, Channel::Print, line)? {
        return Ok(());
    }
    write_stdout(services, line)?;
    // Whoever reads the output sees each line when it is printed.
    flush(services)
}

/// Shows a warning.
///
/// # Safety
/// As [`with_io`].
pub(crate) unsafe fn show_warning(services: *mut Services, message: &[u8]) -> io::Result<()> {
    if feed(services, Channel::Warn, message)? {
        return Ok(());
    }
    let line = [b"Lua warning: ", message, b"\n"].concat();
    with_io(services, |io| io.stderr(&line))
}

/// Writes out what the standard output holds back.
///
/// # Safety
/// As [`with_io`].
pub(crate) unsafe fn flush(services: *mut Services) -> io::Result<()> {
    (*services).unflushed = false;
    with_io(services, |io| io.flush())
}
