//! What went wrong outside: the texts and numbers of C.

use std::io;

/// The text of an error, as C has it, without the number that Rust adds.
pub(crate) fn text(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "No such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "Permission denied".to_owned(),
        _ => error.to_string(),
    };
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// The number of an error; 0 if the system gave none.
pub(crate) fn code(error: &io::Error) -> i64 {
    let known = match error.kind() {
        io::ErrorKind::NotFound => 2,
        io::ErrorKind::PermissionDenied => 13,
        _ => 0,
    };
    i64::from(error.raw_os_error().unwrap_or(known))
}
