//! Chunks to prototypes, within what the memory cap leaves.

use super::error::{Raised, throw_out_of_memory};
use super::{State, safepoint};
use crate::bytecode::proto::ProtoDef;
use crate::bytecode::undump::undump;
use crate::compile::compile;
use crate::dialect::Rules;
use crate::meter::Meter;

/// First byte of a binary chunk.
const BINARY: u8 = 0x1B;

/// Compiles or undumps a chunk; the inner error is the message of what is wrong with it. What that takes of memory is asked for
/// as it is taken, and given back: if the cap leaves too little, a full collection is tried, then the cap trips.
///
/// # Safety
/// A native runs, and this is its safe point (V1).
pub(crate) unsafe fn chunk(
    l: *mut State,
    chunk: &[u8],
    name: &[u8],
) -> Result<Result<ProtoDef, Vec<u8>>, Raised> {
    let rules: &Rules = (*l).rules;
    for more in [1, usize::MAX] {
        let room = (*l).heap.room();
        let mut meter = Meter::new(room);
        let loaded = if chunk.first() == Some(&BINARY) {
            undump(chunk, name, rules, &mut meter).map_err(|e| e.message)
        } else {
            compile(chunk, name, rules, &mut meter).map_err(|e| e.text())
        };
        if !meter.is_refused() {
            return Ok(loaded);
        }
        safepoint::reserve(l, room.saturating_add(more))?;
    }
    Err(throw_out_of_memory(l))
}
