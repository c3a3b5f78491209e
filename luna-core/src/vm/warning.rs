//! Warnings: off until switched on, always logged.

use std::collections::VecDeque;

use super::State;
use crate::host::io::host_io;
use crate::value::repr::tag;
use crate::value::string::Str;

/// Bytes of a message that the log keeps.
const LOGGED: usize = 4096;

/// Entries the log keeps.
const LOG: usize = 1024;

/// Takes a warning, and shows it if warnings are on.
///
/// # Safety
/// V1.
pub(crate) unsafe fn emit(l: *mut State, message: &[u8], single: bool) {
    if (*l).warnings.take_in(message, single) {
        // A warning that cannot be shown has nowhere to be reported.
        let _ = host_io::show_warning(&raw mut (*l).services, message);
    }
}

/// Makes a warning of the pending error, which came up in `place`.
///
/// # Safety
/// V1; the error is live.
pub(crate) unsafe fn warn_of_error(l: *mut State, place: &str) {
    let error = super::error::caught(l);
    let text: &[u8] = if error.tag == tag::STR {
        Str::bytes(error.as_ptr())
    } else {
        b"error object is not a string"
    };
    let message = [b"error in ", place.as_bytes(), b" (", text, b")"].concat();
    emit(l, &message, false);
}

/// The switch and the log.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    on: bool,
    log: VecDeque<Vec<u8>>,
}

impl Warnings {
    /// Takes a warning, and says whether it is to be shown; a single piece that starts with `@` is a control message.
    pub(crate) fn take_in(&mut self, message: &[u8], single: bool) -> bool {
        if single && message.first() == Some(&b'@') {
            match message {
                b"@on" => self.on = true,
                b"@off" => self.on = false,
                _ => {}
            }
            return false;
        }
        if self.log.len() == LOG {
            self.log.pop_front();
        }
        self.log.push_back(message[..message.len().min(LOGGED)].to_vec());
        self.on
    }

    /// Takes what was logged.
    pub(crate) fn take(&mut self) -> Vec<Vec<u8>> {
        self.log.drain(..).collect()
    }
}
