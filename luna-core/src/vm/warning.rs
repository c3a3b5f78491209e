//! Warnings: off until switched on, always logged.

use std::collections::VecDeque;

/// Entries the log keeps.
const LOG: usize = 1024;

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
        self.log.push_back(message.to_vec());
        self.on
    }

    /// Takes what was logged.
    pub(crate) fn take(&mut self) -> Vec<Vec<u8>> {
        self.log.drain(..).collect()
    }
}
