//! What went wrong outside: the texts and numbers of C.

use std::io::{self, ErrorKind};

/// The number and text that C has for the kinds of errors that hosts may give without a number.
fn known(kind: ErrorKind) -> Option<(i32, &'static str)> {
    Some(match kind {
        ErrorKind::NotFound => (2, "No such file or directory"),
        ErrorKind::Interrupted => (4, "Interrupted system call"),
        ErrorKind::WouldBlock => (11, "Resource temporarily unavailable"),
        ErrorKind::OutOfMemory => (12, "Cannot allocate memory"),
        ErrorKind::PermissionDenied => (13, "Permission denied"),
        ErrorKind::ResourceBusy => (16, "Device or resource busy"),
        ErrorKind::AlreadyExists => (17, "File exists"),
        ErrorKind::CrossesDevices => (18, "Invalid cross-device link"),
        ErrorKind::NotADirectory => (20, "Not a directory"),
        ErrorKind::IsADirectory => (21, "Is a directory"),
        ErrorKind::InvalidInput => (22, "Invalid argument"),
        ErrorKind::ExecutableFileBusy => (26, "Text file busy"),
        ErrorKind::FileTooLarge => (27, "File too large"),
        ErrorKind::StorageFull => (28, "No space left on device"),
        ErrorKind::NotSeekable => (29, "Illegal seek"),
        ErrorKind::ReadOnlyFilesystem => (30, "Read-only file system"),
        ErrorKind::TooManyLinks => (31, "Too many links"),
        ErrorKind::BrokenPipe => (32, "Broken pipe"),
        ErrorKind::DirectoryNotEmpty => (39, "Directory not empty"),
        ErrorKind::TimedOut => (110, "Connection timed out"),
        ErrorKind::QuotaExceeded => (122, "Disk quota exceeded"),
        _ => return None,
    })
}

/// The text of an error, as C has it, without the number that Rust adds.
pub(crate) fn text(error: &io::Error) -> String {
    if error.raw_os_error().is_none()
        && let Some((_, text)) = known(error.kind())
    {
        return text.to_owned();
    }
    let mut text = error.to_string();
    if let Some(end) = text.find(" (os error") {
        text.truncate(end);
    }
    text
}

/// The number of an error; 0 if it has none.
pub(crate) fn code(error: &io::Error) -> i64 {
    let known = || known(error.kind()).map_or(0, |(code, _)| code);
    i64::from(error.raw_os_error().unwrap_or_else(known))
}
