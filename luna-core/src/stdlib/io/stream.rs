//! Buffered streams: files, the standard streams and pipes.

use std::fmt;
use std::io::{self, SeekFrom};

use crate::host::io::host_io::{ExitReport, HostFile, guarded};
use crate::host::native::Cx;

/// Bytes read or held back at a time.
const BLOCK: usize = 8192;

/// What is behind a stream.
pub(super) enum Raw {
    /// Standard input.
    Stdin,
    /// Standard output, buffered by the Vm.
    Stdout,
    /// Standard error.
    Stderr,
    /// A file or a process.
    File(Box<dyn HostFile>),
}

/// When written data goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Buffering {
    /// At once.
    No,
    /// When there is enough.
    Full,
    /// At line ends.
    Line,
}

/// A stream with its buffers.
pub(super) struct Stream {
    /// What is behind it.
    raw: Raw,
    /// Bytes read ahead.
    input: Vec<u8>,
    /// How many of them are used up.
    used: usize,
    /// Bytes held back.
    output: Vec<u8>,
    /// When those go out.
    buffering: Buffering,
    /// Whether it can be read.
    readable: bool,
    /// Whether it can be written.
    writable: bool,
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

/// The error of a stream used in a way its mode forbids.
fn bad_descriptor() -> io::Error {
    io::Error::from_raw_os_error(9)
}

impl Stream {
    /// A stream.
    pub(super) fn new(raw: Raw, readable: bool, writable: bool) -> Stream {
        let buffering = if matches!(raw, Raw::Stderr) { Buffering::No } else { Buffering::Full };
        Stream {
            raw,
            input: Vec::new(),
            used: 0,
            output: Vec::new(),
            buffering,
            readable,
            writable,
        }
    }

    /// Whether it is one of the standard streams, which scripts cannot close.
    pub(super) fn is_standard(&self) -> bool {
        matches!(self.raw, Raw::Stdin | Raw::Stdout | Raw::Stderr)
    }

    /// The bytes read ahead; reads some if there are none, so none means the end.
    pub(super) fn fill(&mut self, cx: &Cx<'_>) -> io::Result<&[u8]> {
        if self.used >= self.input.len() {
            if !self.readable {
                return Err(bad_descriptor());
            }
            self.flush(cx)?;
            self.used = 0;
            self.input.resize(BLOCK, 0);
            let got = loop {
                let got = match &mut self.raw {
                    Raw::File(file) => guarded(|| file.read(&mut self.input)),
                    Raw::Stdin => cx.io(|io| io.stdin(&mut self.input)),
                    _ => Err(bad_descriptor()),
                };
                match got {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    got => break got,
                }
            };
            self.input.truncate(*got.as_ref().unwrap_or(&0));
            got?;
        }
        Ok(&self.input[self.used..])
    }

    /// Uses up `n` of the bytes that [`Stream::fill`] gave.
    pub(super) fn consume(&mut self, n: usize) {
        self.used = (self.used + n).min(self.input.len());
    }

    /// The next byte, not used up; `None` at the end.
    pub(super) fn peek(&mut self, cx: &Cx<'_>) -> io::Result<Option<u8>> {
        Ok(self.fill(cx)?.first().copied())
    }

    /// Writes bytes, through the buffer.
    pub(super) fn write(&mut self, cx: &Cx<'_>, bytes: &[u8]) -> io::Result<()> {
        if !self.writable {
            return Err(bad_descriptor());
        }
        match &mut self.raw {
            Raw::Stdout => {
                cx.write_stdout(bytes)?;
                let now = match self.buffering {
                    Buffering::No => true,
                    Buffering::Line => bytes.contains(&b'\n'),
                    Buffering::Full => false,
                };
                return if now { cx.flush_stdout() } else { Ok(()) };
            }
            Raw::Stderr => return cx.io(|io| io.stderr(bytes)),
            _ => {}
        }
        self.drop_input()?;
        self.output.extend_from_slice(bytes);
        let now = match self.buffering {
            Buffering::No => true,
            Buffering::Line => bytes.contains(&b'\n'),
            Buffering::Full => self.output.len() >= BLOCK,
        };
        if now { self.flush(cx) } else { Ok(()) }
    }

    /// Forgets what was read ahead: the file goes back to where the script is.
    fn drop_input(&mut self) -> io::Result<()> {
        let ahead = self.input.len() - self.used;
        self.input.clear();
        self.used = 0;
        if ahead > 0
            && let Raw::File(file) = &mut self.raw
        {
            let back = SeekFrom::Current(-(ahead as i64));
            guarded(|| file.seek(back))?;
        }
        Ok(())
    }

    /// Sends out what is held back.
    pub(super) fn flush(&mut self, cx: &Cx<'_>) -> io::Result<()> {
        if matches!(self.raw, Raw::Stdout) {
            return cx.flush_stdout();
        }
        self.flush_own()
    }

    /// [`Stream::flush`] of all but the standard output.
    pub(super) fn flush_own(&mut self) -> io::Result<()> {
        if self.output.is_empty() {
            return Ok(());
        }
        let held = std::mem::take(&mut self.output);
        match &mut self.raw {
            Raw::File(file) => guarded(|| {
                file.write_all(&held)?;
                file.flush()
            }),
            _ => Ok(()),
        }
    }

    /// Moves to a position; the result is that position.
    pub(super) fn seek(&mut self, cx: &Cx<'_>, to: SeekFrom) -> io::Result<u64> {
        self.flush(cx)?;
        self.drop_input()?;
        match &mut self.raw {
            Raw::File(file) => guarded(|| file.seek(to)),
            _ => Err(io::Error::from_raw_os_error(29)),
        }
    }

    /// Closes it; of a process, how that ended.
    pub(super) fn close(mut self, cx: &Cx<'_>) -> io::Result<Option<ExitReport>> {
        let flushed = self.flush(cx);
        let report = match &mut self.raw {
            Raw::File(file) => guarded(|| file.close())?,
            _ => None,
        };
        flushed.map(|()| report)
    }

    /// Changes when written data goes out; what is held back goes out first.
    pub(super) fn set_buffering(&mut self, cx: &Cx<'_>, mode: &[u8], how: Buffering, size: usize) {
        // A failure is told by the next write.
        let _ = self.flush(cx);
        self.buffering = how;
        if let Raw::File(file) = &mut self.raw {
            // A panic leaves the file's own buffering as it was.
            let _ = guarded(|| {
                file.set_buffering(mode, size);
                Ok(())
            });
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Nobody is left to tell of a failure.
        let _ = self.flush_own();
    }
}
