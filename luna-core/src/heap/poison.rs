//! What the memory tools see of our blocks: poisoning for AddressSanitizer, overwriting and quarantine of freed cells.
//!
//! Without `--cfg asan`, `gc_zeal` or `stack_zeal` (whose old stacks are overwritten) the functions do nothing of their own. Headers stay readable: the handle check may look at any cell.

use super::alloc::FreeCell;
use super::header::Header;

/// How many sweeps free a cell for use: the one that releases its object and those it sits out.
pub(super) const QUARANTINE: u8 = if cfg!(any(gc_zeal, asan)) { 3 } else { 0 };
/// Bytes of freed buffers that wait before they are used again.
#[cfg(any(gc_zeal, asan))]
pub(super) const QUARANTINED_BYTES: usize = 1 << 20;
/// What freed memory is overwritten with.
#[cfg(any(gc_zeal, stack_zeal))]
const JUNK: u8 = 0xDB;
/// Where the part of a free cell begins that nobody may read.
const BODY: usize = size_of::<Header>();

#[cfg(asan)]
unsafe extern "C" {
    fn __asan_poison_memory_region(p: *const u8, size: usize);
    fn __asan_unpoison_memory_region(p: *const u8, size: usize);
}

/// Makes any access to a region an error.
///
/// # Safety
/// The region is memory of a block or a buffer, and nothing uses it until [`unpoison`].
#[inline(always)]
pub(super) unsafe fn poison(_p: *mut u8, _size: usize) {
    #[cfg(asan)]
    __asan_poison_memory_region(_p, _size);
}

/// Makes a region usable.
///
/// # Safety
/// As [`poison`].
#[inline(always)]
pub(crate) unsafe fn unpoison(_p: *mut u8, _size: usize) {
    #[cfg(asan)]
    __asan_unpoison_memory_region(_p, _size);
}

/// Overwrites memory that is given back.
///
/// # Safety
/// As [`poison`].
#[inline(always)]
pub(super) unsafe fn overwrite(_p: *mut u8, _size: usize) {
    #[cfg(any(gc_zeal, stack_zeal))]
    _p.write_bytes(JUNK, _size);
}

/// An object has become a free cell of `size` bytes: its body is junk, and nobody may read it.
///
/// # Safety
/// `cell` is a cell whose object was released.
#[inline(always)]
pub(super) unsafe fn freed(cell: *mut u8, size: usize) {
    unpoison(cell, size);
    overwrite(cell.add(BODY), size - BODY);
    poison(cell.add(BODY), size - BODY);
}

/// A cell of a fresh block: nobody may read its body.
///
/// # Safety
/// As [`freed`]; the cell is linked already.
#[inline(always)]
pub(super) unsafe fn freed_fresh(cell: *mut u8, size: usize) {
    poison(cell.add(BODY), size - BODY);
}

/// A freed buffer, which no handle names: nobody may read its header either.
///
/// # Safety
/// As [`poison`].
#[cfg(any(gc_zeal, asan))]
pub(super) unsafe fn hide_header(cell: *mut FreeCell) {
    poison(cell.cast(), BODY);
}

/// The link of a free cell.
///
/// # Safety
/// `cell` is a free cell.
#[inline(always)]
pub(super) unsafe fn link(cell: *mut FreeCell) -> *mut FreeCell {
    unpoison(cell.cast(), size_of::<FreeCell>());
    let next = (*cell).next;
    poison(cell.cast::<u8>().add(BODY), BODY);
    next
}

/// Sets the link of a free cell.
///
/// # Safety
/// `cell` is a free cell.
#[inline(always)]
pub(super) unsafe fn set_link(cell: *mut FreeCell, next: *mut FreeCell) {
    unpoison(cell.cast(), size_of::<FreeCell>());
    (*cell).next = next;
    poison(cell.cast::<u8>().add(BODY), BODY);
}
