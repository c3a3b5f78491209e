//! The real system as the world outside a Vm.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom, Stdout, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::host::io::host_io::{ExitReport, HostFile, HostIo, NoIo};

/// The services of the system the process runs on.
#[derive(Debug)]
pub struct SystemIo {
    /// Standard output, held back until there is much of it, the input is read, something else may write, or the script's run ends.
    out: BufWriter<Stdout>,
    /// Whether lines are shown as they come.
    terminal: bool,
    /// When the services began.
    start: Instant,
    /// Whether the variables that say where modules are looked for are not shown.
    hides_lua_paths: bool,
    /// What seeds are made of, in place of chance.
    seed: Option<u64>,
}

impl Default for SystemIo {
    fn default() -> SystemIo {
        SystemIo::new()
    }
}

impl SystemIo {
    /// The services.
    #[must_use]
    pub fn new() -> SystemIo {
        let out = io::stdout();
        let terminal = out.is_terminal();
        SystemIo {
            out: BufWriter::new(out),
            terminal,
            start: Instant::now(),
            hides_lua_paths: false,
            seed: None,
        }
    }

    /// The services without the environment's say in where modules are looked for.
    #[must_use]
    pub fn without_lua_paths() -> SystemIo {
        SystemIo { hides_lua_paths: true, ..SystemIo::new() }
    }

    /// The services with nothing left to chance: from the same seed come the same random numbers, also after `math.randomseed()`, the same
    /// order of `pairs`, and the same text for tables and functions.
    #[must_use]
    pub fn with_seed(seed: u64) -> SystemIo {
        SystemIo { seed: Some(seed), ..SystemIo::new() }
    }
}

/// A path of the system from its bytes.
fn path(bytes: &[u8]) -> PathBuf {
    // As in C, a NUL ends the name.
    let bytes = memchr::memchr(0, bytes).map_or(bytes, |end| &bytes[..end]);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        std::ffi::OsStr::from_bytes(bytes).into()
    }
    #[cfg(not(unix))]
    {
        String::from_utf8_lossy(bytes).into_owned().into()
    }
}

/// The bytes of a string of the system.
fn system_bytes(text: &std::ffi::OsStr) -> Vec<u8> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        text.as_bytes().to_vec()
    }
    #[cfg(not(unix))]
    {
        text.to_string_lossy().into_owned().into_bytes()
    }
}

/// How a process ended.
fn report(status: ExitStatus) -> ExitReport {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ExitReport::Signal(signal);
    }
    ExitReport::Exit(status.code().unwrap_or(0))
}

/// A new file for temporary data, open for reading and writing.
fn temporary_file() -> io::Result<(PathBuf, File)> {
    use std::hash::{BuildHasher, RandomState};
    let mut tries = 0_u32;
    loop {
        let random = RandomState::new().hash_one(tries);
        let name = std::env::temp_dir().join(format!("lua_{:012x}", random >> 16));
        let opened =
            std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&name);
        match opened {
            Ok(file) => return Ok((name, file)),
            Err(error) if tries >= 100 => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

/// A shell that runs a command.
fn shell(command: &[u8]) -> Command {
    let mut process = Command::new("sh");
    process.arg("-c").arg(path(command));
    process
}

impl HostIo for SystemIo {
    fn stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        if self.terminal && bytes.contains(&b'\n') { self.out.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn stderr(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.flush()?;
        io::stderr().write_all(bytes)
    }

    fn stdin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Prompts are seen before the answer is waited for.
        self.out.flush()?;
        io::stdin().lock().read(buffer)
    }

    fn open(&mut self, name: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        let plus = mode.contains(&b'+');
        let kind = mode.first().copied().unwrap_or(b'r');
        let mut options = std::fs::OpenOptions::new();
        options.read(kind == b'r' || plus);
        match kind {
            b'w' => options.write(true).create(true).truncate(true),
            b'a' => options.append(true).create(true),
            _ => options.write(plus),
        };
        Ok(Box::new(options.open(path(name))?))
    }

    fn temp_file(&mut self) -> io::Result<Box<dyn HostFile>> {
        let (name, file) = temporary_file()?;
        // A system that does not remove open files keeps it.
        let _ = std::fs::remove_file(name);
        Ok(Box::new(file))
    }

    fn temp_name(&mut self) -> io::Result<Vec<u8>> {
        temporary_file().map(|(name, _)| system_bytes(name.as_os_str()))
    }

    fn remove(&mut self, name: &[u8]) -> io::Result<()> {
        let target = path(name);
        let is_directory = std::fs::symlink_metadata(&target).is_ok_and(|m| m.is_dir());
        if is_directory { std::fs::remove_dir(&target) } else { std::fs::remove_file(&target) }
    }

    fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        std::fs::rename(path(from), path(to))
    }

    fn popen(&mut self, command: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        self.out.flush()?;
        let mut process = shell(command);
        if mode.first() == Some(&b'w') {
            process.stdin(Stdio::piped());
        } else {
            process.stdout(Stdio::piped());
        }
        Ok(Box::new(Pipe(process.spawn()?)))
    }

    fn execute(&mut self, command: Option<&[u8]>) -> io::Result<ExitReport> {
        let Some(command) = command else {
            return if cfg!(unix) {
                Ok(ExitReport::Exit(0))
            } else {
                Err(io::ErrorKind::NotFound.into())
            };
        };
        self.out.flush()?;
        shell(command).status().map(report)
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        if name.is_empty() || name.contains(&b'=') || name.contains(&0) {
            return None;
        }
        if self.hides_lua_paths && (name.starts_with(b"LUA_PATH") || name.starts_with(b"LUA_CPATH"))
        {
            return None;
        }
        std::env::var_os(path(name).as_os_str()).map(|value| system_bytes(&value))
    }

    fn now(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    fn cpu_time(&self) -> Duration {
        if let Ok(text) = std::fs::read_to_string("/proc/self/schedstat")
            && let Some(nanoseconds) = text.split(' ').next().and_then(|t| t.parse::<u64>().ok())
            && nanoseconds > 0
        {
            return Duration::from_nanos(nanoseconds);
        }
        self.start.elapsed()
    }

    fn utc_offset(&self, at: i64) -> i32 {
        local::offset(at)
    }

    fn zone(&self, at: i64) -> (String, bool) {
        local::zone(at)
    }

    fn exit(&mut self, code: i32) {
        // Nobody is left to tell of a failure.
        let _ = self.out.flush();
        std::process::exit(code)
    }

    fn hash_seed(&self) -> u64 {
        self.seed.unwrap_or_else(|| NoIo.hash_seed())
    }

    fn hides_addresses(&self) -> bool {
        self.seed.is_some()
    }

    fn random_seed(&mut self) -> [u64; 2] {
        use std::hash::{BuildHasher, RandomState};
        if let Some(seed) = &mut self.seed {
            // Asked again, another pair.
            let now = *seed;
            *seed = seed.wrapping_add(1);
            return [now, 0];
        }
        [0_u8, 1].map(|salt| RandomState::new().hash_one((salt, self.now())))
    }
}

/// Local time.
#[cfg(feature = "os")]
mod local {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    /// Seconds ahead of universal time.
    pub(in crate::host) fn offset(at: i64) -> i32 {
        let instant = Timestamp::from_second(at);
        instant.map_or(0, |instant| TimeZone::system().to_offset(instant).seconds())
    }

    /// The zone's short name, and whether daylight saving is in force.
    pub(in crate::host) fn zone(at: i64) -> (String, bool) {
        let Ok(instant) = Timestamp::from_second(at) else { return ("UTC".to_owned(), false) };
        let zone = TimeZone::system();
        let info = zone.to_offset_info(instant);
        (info.abbreviation().to_owned(), info.dst().is_dst())
    }
}

/// Local time is universal time where the system's zone is not known.
#[cfg(not(feature = "os"))]
mod local {
    /// Seconds ahead of universal time.
    pub(in crate::host) fn offset(_at: i64) -> i32 {
        0
    }

    /// The zone's short name, and whether daylight saving is in force.
    pub(in crate::host) fn zone(_at: i64) -> (String, bool) {
        ("UTC".to_owned(), false)
    }
}

impl HostFile for File {}

/// A process whose output is read or whose input is written.
#[derive(Debug)]
struct Pipe(Child);

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.stdout.as_mut().map_or(Ok(0), |out| out.read(buffer))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.stdin.as_mut().map_or(Ok(0), |input| input.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.stdin.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Seek for Pipe {
    fn seek(&mut self, _to: SeekFrom) -> io::Result<u64> {
        Err(io::Error::from_raw_os_error(29))
    }
}

impl HostFile for Pipe {
    fn close(&mut self) -> io::Result<Option<ExitReport>> {
        drop(self.0.stdin.take());
        drop(self.0.stdout.take());
        self.0.wait().map(|status| Some(report(status)))
    }
}
