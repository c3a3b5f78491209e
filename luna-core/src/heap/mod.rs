//! The heap: non-moving, incremental or generational mark and sweep over 64 KiB blocks.
//!
//! Generations are sticky mark bits: what survived a cycle stays black and is old, what was made since is white and young, and an old
//! object that is written to becomes grey and is listed. A minor cycle marks from the roots and that list, and sweeps only blocks that
//! were allocated from since the last cycle.
//!
//! Invariants:
//!
//! - **H1** Every object starts at a cell of an object block of this heap, its header's kind is its type, and kind 0 means a
//!   free cell. Objects never move.
//! - **H2** An object is freed only by a sweep, and only if it was white when the atomic step ended. Collection happens only in
//!   [`Heap::step`] and [`Heap::full`], which run at the Vm's safe points.
//! - **H3** At a safe point everything live is reachable from the roots; every slot of a Lua stack holds a live object or no object.
//! - **H4** While marking, and as long as survivors stay black, no black object points to a white one: every store into a heap object is
//!   followed by a barrier. Threads that ran since they were marked are grey, and every grey object is listed, or `unlisted` or
//!   `unlisted_again` says that some are not.
//! - **H5** Between the end of a cycle's atomic step and the sweep of its block, an object of the old white is dead: only the string table
//!   may still see it, and takes it back by repainting.

pub(crate) mod alloc;
mod ballast;
pub(crate) mod barrier;
pub(crate) mod check;
pub(crate) mod header;
pub(crate) mod mark;
pub(crate) mod pace;
pub(crate) mod poison;
mod spare;
pub(crate) mod sweep;
pub(crate) mod weak;
#[cfg(gc_zeal)]
pub(crate) mod zeal;

use std::collections::VecDeque;
use std::ptr::null_mut;

use alloc::{Block, CLASSES, FreeCell};
use header::{Header, mark as colour};
use pace::Pace;

use crate::value::intern::StringTable;
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::value::userdata::Payload;

/// Where the collector stands in its cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Between cycles.
    Pause,
    /// Marking, in steps.
    Mark,
    /// Sweeping, in steps and on demand.
    Sweep,
}

/// What marks the roots: the Vm.
pub(crate) trait Roots {
    /// Marks everything the Vm holds outside the heap.
    fn mark_roots(&self, heap: &mut Heap);
}

/// Memory of one Vm and its collector.
pub(crate) struct Heap {
    /// Bytes charged to this heap.
    pub(crate) used: usize,
    /// The next safe point above this many bytes works for the collector. Never above the cap.
    pub(crate) threshold: usize,
    /// Most bytes the heap may hold.
    cap: usize,
    /// Most bytes that blocks and large buffers may take from the allocator.
    footprint_cap: usize,
    /// Whether the allocator refused something since memory was last kept back.
    pub(crate) exhausted: bool,
    /// Bytes that may be allocated after the next error about that.
    pub(super) grace: usize,
    /// Bytes of large buffers.
    pub(super) large: usize,
    /// Of these, what buffers of natives in progress hold.
    pub(super) lent: usize,
    /// Number of objects allocated and not freed.
    pub(crate) live_objects: usize,
    /// The white of new objects.
    pub(crate) white: u8,
    /// Position in the cycle.
    pub(crate) phase: Phase,
    /// `collectgarbage "stop"`.
    pub(crate) stopped: bool,
    /// Whether a collection is running: it must not start another.
    pub(crate) collecting: bool,
    /// When the collector works.
    pub(crate) pace: Pace,
    /// Whether survivors of the last cycle stay black: they are old, and a minor cycle takes them for live.
    pub(super) ageing: bool,
    /// Whether the cycle under way, or the last, is a minor one.
    pub(super) minor: bool,
    pub(super) free: [*mut FreeCell; CLASSES],
    pub(super) free_raw: [*mut FreeCell; CLASSES],
    pub(super) blocks: Vec<*mut Block>,
    pub(super) block_index: alloc::AddressSet,
    pub(super) class_blocks: [Vec<*mut Block>; CLASSES],
    pub(super) raw_blocks: [Vec<*mut Block>; CLASSES],
    pub(super) empty_blocks: Vec<*mut Block>,
    pub(super) free_ordinals: Vec<u32>,
    /// The block of each class of objects that can have more cells; null if there is none.
    pub(super) open: [*mut Block; CLASSES],
    /// The same for buffers.
    pub(super) open_raw: [*mut Block; CLASSES],
    /// Swept blocks with free cells.
    pub(super) available: [Vec<*mut Block>; CLASSES],
    /// Blocks allocated from since they were swept.
    pub(super) fresh: [Vec<*mut Block>; CLASSES],
    /// Blocks that the sweep under way has still to look at.
    pub(super) unswept: [Vec<*mut Block>; CLASSES],
    pub(super) sweep_class: usize,
    pub(super) grey: Vec<*mut Header>,
    pub(super) grey_again: Vec<*mut Header>,
    /// Whether there was no memory to list a grey object: all objects are to be looked at.
    pub(super) unlisted: bool,
    /// Whether there was none to list one for the atomic step.
    pub(super) unlisted_again: bool,
    pub(super) weak_values: Vec<*mut Table>,
    pub(super) ephemerons: Vec<*mut Table>,
    pub(super) all_weak: Vec<*mut Table>,
    pub(super) in_atomic: bool,
    /// Whether what is shown of an object is its identity instead of its address.
    pub(crate) hides_addresses: bool,
    /// All coroutines, for closing the upvalues of dead ones.
    pub(crate) threads: Vec<*mut Coro>,
    /// Objects with a finalizer, in order of marking for finalization.
    pub(crate) finalizable: Vec<*mut Header>,
    /// So many of `threads` and of `finalizable` are old.
    pub(super) old_threads: usize,
    /// See `old_threads`.
    pub(super) old_finalizable: usize,
    /// Unreachable objects whose finalizer is due.
    pub(crate) due: VecDeque<*mut Header>,
    /// Payloads of dead userdata, to be dropped where user code may run.
    pub(crate) dead_payloads: Vec<Payload>,
    /// Short strings.
    pub(crate) strings: StringTable,
    /// Flags of new tables.
    pub(crate) table_flags: u8,
    /// The string `__mode`, once the Vm has made it.
    pub(crate) mode_key: *mut Str,
    /// Freed small buffers that are not used again yet, with their class.
    #[cfg(any(gc_zeal, asan))]
    waiting: VecDeque<(*mut FreeCell, usize)>,
    /// Bytes in `waiting`.
    #[cfg(any(gc_zeal, asan))]
    waiting_bytes: usize,
    /// When to collect and check.
    #[cfg(gc_zeal)]
    pub(crate) zeal: zeal::Zeal,
}

impl std::fmt::Debug for Heap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Heap")
            .field("used", &self.used)
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
}

/// Bytes that partly used blocks may take above the cap, or a quarter of it if that is more.
const BLOCK_SLACK: usize = 1 << 20;

impl Heap {
    /// An empty heap whose strings hash with `seed`.
    pub(crate) fn new(seed: u64) -> Heap {
        let strings = StringTable::new(seed);
        Heap {
            used: strings.bytes(),
            threshold: pace::FIRST_CYCLE,
            cap: usize::MAX,
            footprint_cap: usize::MAX,
            exhausted: !ballast::keep(),
            grace: ballast::GRACE,
            large: 0,
            lent: 0,
            live_objects: 0,
            white: colour::WHITE0,
            phase: Phase::Pause,
            stopped: false,
            collecting: false,
            pace: Pace::new(),
            ageing: false,
            minor: false,
            free: [null_mut(); CLASSES],
            free_raw: [null_mut(); CLASSES],
            blocks: Vec::new(),
            block_index: alloc::AddressSet::default(),
            class_blocks: [const { Vec::new() }; CLASSES],
            raw_blocks: [const { Vec::new() }; CLASSES],
            empty_blocks: Vec::new(),
            free_ordinals: Vec::new(),
            open: [null_mut(); CLASSES],
            open_raw: [null_mut(); CLASSES],
            available: [const { Vec::new() }; CLASSES],
            fresh: [const { Vec::new() }; CLASSES],
            unswept: [const { Vec::new() }; CLASSES],
            sweep_class: CLASSES,
            grey: Vec::new(),
            grey_again: Vec::new(),
            unlisted: false,
            unlisted_again: false,
            weak_values: Vec::new(),
            ephemerons: Vec::new(),
            all_weak: Vec::new(),
            in_atomic: false,
            hides_addresses: false,
            threads: Vec::new(),
            finalizable: Vec::new(),
            old_threads: 0,
            old_finalizable: 0,
            due: VecDeque::new(),
            dead_payloads: Vec::new(),
            strings,
            table_flags: 0,
            mode_key: null_mut(),
            #[cfg(any(gc_zeal, asan))]
            waiting: VecDeque::new(),
            #[cfg(any(gc_zeal, asan))]
            waiting_bytes: 0,
            #[cfg(gc_zeal)]
            zeal: zeal::Zeal::default(),
        }
    }

    /// Sets the most bytes the heap may hold.
    pub(crate) fn set_cap(&mut self, bytes: Option<usize>) {
        self.cap = bytes.unwrap_or(usize::MAX);
        self.footprint_cap = self.cap.saturating_add((self.cap / 4).max(BLOCK_SLACK));
        self.set_threshold(self.threshold);
    }

    /// The most bytes the heap may hold.
    pub(crate) fn cap(&self) -> Option<usize> {
        (self.cap != usize::MAX).then_some(self.cap)
    }

    /// Whether `bytes` more would be too many.
    #[inline(always)]
    pub(crate) fn exceeds_cap(&self, bytes: usize) -> bool {
        self.cap != usize::MAX
            && (self.used.saturating_add(bytes) > self.cap || self.exceeds_footprint())
    }

    /// Bytes that the cap leaves.
    pub(crate) fn room(&self) -> usize {
        self.cap.saturating_sub(self.used)
    }

    /// Whether partly used blocks take too much.
    #[inline(always)]
    pub(super) fn exceeds_footprint(&self) -> bool {
        // Cells in quarantine would count as used.
        cfg!(not(any(gc_zeal, asan)))
            && self.blocks.len() * alloc::BLOCK_SIZE + self.large > self.footprint_cap
    }

    /// After a block was taken: the next safe point looks at what that means for the cap.
    pub(super) fn watch_footprint(&mut self) {
        if self.exceeds_footprint() {
            self.threshold = 0;
        }
    }

    /// Replaces a charge for a buffer outside the heap.
    pub(crate) fn recharge(&mut self, old: usize, new: usize) {
        self.used = self.used - old + new;
        self.lent = self.lent - old + new;
    }

    /// Whether one more object can be listed for its finalizer. A short list can always grow.
    pub(crate) fn can_list_finalizer(&self) -> bool {
        self.can_grow(&self.finalizable)
    }

    /// Whether one more coroutine can be listed.
    pub(crate) fn can_list_thread(&self) -> bool {
        self.can_grow(&self.threads)
    }

    fn can_grow<T>(&self, list: &Vec<T>) -> bool {
        list.len() < list.capacity() || self.can_allocate(list.capacity() * 2 * size_of::<T>())
    }

    /// Appends to one of the heap's own lists, if need be at the cost of what memory is kept back.
    fn list<T>(&mut self, list: impl Fn(&mut Heap) -> &mut Vec<T>, item: T) {
        if list(self).try_reserve(1).is_err() {
            self.use_ballast();
        }
        list(self).push(item);
    }

    /// Queues the payload of a dead userdata. One for which there is no room is given up, undropped.
    pub(crate) fn queue_payload(&mut self, payload: Payload) {
        if self.dead_payloads.try_reserve(1).is_err() {
            self.use_ballast();
        }
        if self.dead_payloads.try_reserve(1).is_ok() {
            self.dead_payloads.push(payload);
        } else {
            std::mem::forget(payload);
        }
    }

    /// Lists an object for its finalizer.
    pub(crate) fn list_finalizer(&mut self, object: *mut Header) {
        self.list(|heap| &mut heap.finalizable, object);
    }

    /// Lists a new coroutine.
    pub(crate) fn list_thread(&mut self, thread: *mut Coro) {
        self.list(|heap| &mut heap.threads, thread);
    }

    /// Empties the list of objects with a finalizer.
    pub(crate) fn take_finalizable(&mut self) -> Vec<*mut Header> {
        self.old_finalizable = 0;
        std::mem::take(&mut self.finalizable)
    }

    /// Sets where the collector works next.
    fn set_threshold(&mut self, bytes: usize) {
        self.threshold = bytes.min(self.cap);
    }

    /// Whether survivors of the last cycle stay black.
    pub(crate) fn keeps_black(&self) -> bool {
        self.ageing
    }

    /// The white that means dead while sweeping.
    #[inline(always)]
    pub(crate) fn other_white(&self) -> u8 {
        self.white ^ colour::WHITES
    }

    /// Whether `address` is a live object of `kind` in this heap.
    pub(crate) fn is_object(&self, address: usize, kind: u8) -> bool {
        let block_address = Block::of(address);
        if !self.block_index.contains(&block_address) {
            return false;
        }
        let block = std::ptr::with_exposed_provenance_mut::<Block>(block_address);
        // SAFETY: H1; the block is in this heap's table, hence mapped, and `cell_index` admits only its cells.
        unsafe {
            if (*block).raw {
                return false;
            }
            let Some(index) = Block::cell_index(block, address) else { return false };
            let header = Block::cell(block, index).cast::<Header>();
            (*header).kind == kind && ((*block).swept || (*header).mark & self.other_white() == 0)
        }
    }
}
