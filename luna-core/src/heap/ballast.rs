//! Memory kept back for the moment when the allocator has no more.
//!
//! An allocation after `reserve` cannot fail, for it is made where nothing could be undone. So the process keeps one piece aside, which
//! costs address space and, as nothing writes to it, no pages. Where the allocator refuses a block or a small buffer the piece is let go,
//! and what was asked for is had from it. The next safe point collects, and takes the piece back or raises `not enough memory`. Who catches
//! that has some of the piece to spend while letting go of what it holds.

use std::alloc::{Layout, alloc, dealloc};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Its size: a block for each class of cells, and what [`GRACE`] adds up to. Larger pieces are asked for before they are needed.
const SIZE: usize = if cfg!(target_pointer_width = "64") { 8 << 20 } else { 2 << 20 };
/// Bytes that a script may allocate without an error after one that told it of the refusal; half as many after the next, and so on.
pub(super) const GRACE: usize = 128 << 10;

const LAYOUT: Layout = match Layout::from_size_align(SIZE, 16) {
    Ok(layout) => layout,
    Err(_) => panic!("the alignment is a power of two"),
};

/// The piece, while it is kept.
static BALLAST: AtomicPtr<u8> = AtomicPtr::new(null_mut());

/// Keeps a piece back, if none is; whether there is one now.
pub(super) fn keep() -> bool {
    if !BALLAST.load(Ordering::Relaxed).is_null() {
        return true;
    }
    // SAFETY: the layout has a size.
    let piece = unsafe { alloc(LAYOUT) };
    if piece.is_null() {
        return false;
    }
    let kept = BALLAST.compare_exchange(null_mut(), piece, Ordering::AcqRel, Ordering::Relaxed);
    if kept.is_err() {
        // SAFETY: another thread was faster; the piece came from `alloc` with this layout.
        unsafe { dealloc(piece, LAYOUT) };
    }
    true
}

/// Gives the piece back to the allocator.
pub(super) fn let_go() {
    let piece = BALLAST.swap(null_mut(), Ordering::AcqRel);
    if !piece.is_null() {
        // SAFETY: the piece came from `alloc` with this layout, and whoever swapped it out is its only owner.
        unsafe { dealloc(piece, LAYOUT) };
    }
}
