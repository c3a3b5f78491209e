//! Blocks that the heaps of a thread leave each other, so that a new Vm starts in memory that is there.

use std::alloc::dealloc;
use std::cell::RefCell;

use super::alloc::{BLOCK_LAYOUT, BLOCK_SIZE, Block};
use super::poison;

/// So many are kept: what some small Vms need.
const MOST: usize = 32;

/// The blocks, freed with their thread.
struct Spare(Vec<*mut Block>);

impl Drop for Spare {
    fn drop(&mut self) {
        for block in self.0.drain(..) {
            // SAFETY: H1; a block that was given has no other owner.
            unsafe { free(block) }
        }
    }
}

thread_local! {
    static SPARE: RefCell<Spare> = const { RefCell::new(Spare(Vec::new())) };
}

/// Returns a block to the allocator.
unsafe fn free(block: *mut Block) {
    poison::unpoison(block.cast(), BLOCK_SIZE);
    dealloc(block.cast(), BLOCK_LAYOUT);
}

/// Gives a block up.
///
/// # Safety
/// It came from [`take`] or the allocator, and nobody uses it any more.
pub(super) unsafe fn give(block: *mut Block) {
    let kept = SPARE.try_with(|spare| {
        let blocks = &mut spare.borrow_mut().0;
        let room = blocks.len() < MOST && blocks.try_reserve(1).is_ok();
        if room {
            blocks.push(block);
        }
        room
    });
    if kept == Ok(true) {
        poison::poison(block.cast(), BLOCK_SIZE);
    } else {
        free(block);
    }
}

/// A block that a heap of this thread has given up; its contents are of no meaning.
pub(super) fn take() -> Option<*mut Block> {
    let block = SPARE.try_with(|spare| spare.borrow_mut().0.pop()).ok().flatten()?;
    // SAFETY: H1; the block is this caller's alone.
    unsafe { poison::unpoison(block.cast(), BLOCK_SIZE) };
    Some(block)
}
