//! Cells and buffers: where heap memory comes from, and its exact account.
//!
//! Objects live in 64 KiB blocks aligned to their size, one size class a block. Small raw buffers (table parts, stacks) come from blocks
//! of their own, never shared with objects; large ones from the global allocator.

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, handle_alloc_error, realloc};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::ptr::null_mut;

use super::header::Header;
use super::{Heap, ballast, poison, spare};

/// Size and alignment of a block.
pub(crate) const BLOCK_SIZE: usize = 1 << 16;
/// Offset of a block's first cell.
const FIRST_CELL: usize = 64;
/// Largest request served from a block.
pub(crate) const MAX_SMALL: usize = 4096 + 64;
/// Bytes from which on the allocator is asked before it has to deliver.
const LARGE_PIECE: usize = 1 << 16;
/// Bytes that no allocator has in one piece; AddressSanitizer, which warns of what it has not, is not even asked for less.
const LARGEST_PIECE: usize = if cfg!(asan) { 1 << 36 } else { 1 << 46 };
/// Number of size classes.
pub(crate) const CLASSES: usize = 48;

/// Cell size of each class.
pub(crate) const CLASS_SIZE: [u32; CLASSES] = class_sizes();
/// Class of each request size in units of 8 bytes, rounded up.
static CLASS_OF: [u8; MAX_SMALL / 8 + 1] = class_table();

#[expect(clippy::cast_possible_truncation, reason = "small constants")]
const fn class_sizes() -> [u32; CLASSES] {
    let mut sizes = [0; CLASSES];
    let (mut size, mut n) = (16usize, 0);
    while n < CLASSES {
        sizes[n] = size as u32;
        size += match size {
            0..128 => 8,
            128..256 => 16,
            256..1024 => 64,
            _ => 256,
        };
        if n == CLASSES - 2 {
            size = MAX_SMALL;
        }
        n += 1;
    }
    sizes
}

#[expect(clippy::cast_possible_truncation, reason = "small constants")]
const fn class_table() -> [u8; MAX_SMALL / 8 + 1] {
    let mut table = [0; MAX_SMALL / 8 + 1];
    let (mut i, mut class) = (0, 0);
    while i < table.len() {
        while (CLASS_SIZE[class] as usize) < i * 8 {
            class += 1;
        }
        table[i] = class as u8;
        i += 1;
    }
    table
}

const _: () = assert!(CLASS_SIZE[CLASSES - 1] as usize == MAX_SMALL);

/// The class that serves a request of `size` bytes, at most [`MAX_SMALL`].
#[inline(always)]
pub(crate) fn class_of(size: usize) -> usize {
    CLASS_OF[size.div_ceil(8)] as usize
}

/// A free cell: a header of kind 0, then the link, so that the header of a free cell is never a pointer's bytes.
#[repr(C)]
pub(crate) struct FreeCell {
    header: Header,
    pub(crate) next: *mut FreeCell,
}

/// The start of a block.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Block {
    /// Bytes per cell; 0 while the block belongs to no class.
    pub(crate) cell_size: u32,
    /// Number of cells so far: they are objects, or linked as free. What lies above is memory of no meaning.
    pub(crate) cells: u32,
    /// Most cells it can have.
    capacity: u32,
    /// Whether it was allocated from since it was swept.
    pub(super) fresh: bool,
    /// Position among all blocks of the heap: part of an object's reproducible identity.
    pub(crate) ordinal: u32,
    /// Whether it holds raw buffers instead of objects.
    pub(crate) raw: bool,
    /// Whether it was swept in this cycle.
    pub(crate) swept: bool,
    /// Free cells of a block of raw buffers, as counted at the end of a cycle.
    pub(crate) free_cells: u32,
    /// Position among the blocks of its class.
    pub(super) position: u32,
    /// Its free cells, as found by its last sweep, until they are allocated from.
    pub(super) free: *mut FreeCell,
}

const _: () = assert!(size_of::<Block>() <= FIRST_CELL);

impl Block {
    /// The cell at `index`.
    ///
    /// # Safety
    /// `this` is a block and `index` below its number of cells.
    #[inline(always)]
    pub(crate) unsafe fn cell(this: *mut Block, index: u32) -> *mut u8 {
        this.cast::<u8>().add(FIRST_CELL + index as usize * (*this).cell_size as usize)
    }

    /// What tells an object from all others of its heap, the same in every run that does the same: where in which block it is.
    ///
    /// # Safety
    /// `address` is that of a live object.
    #[inline(always)]
    pub(crate) unsafe fn identity(address: usize) -> u64 {
        let block = std::ptr::with_exposed_provenance::<Block>(Block::of(address));
        u64::from((*block).ordinal) << 16 | (address & (BLOCK_SIZE - 1)) as u64
    }

    /// The block that a cell's address lies in.
    #[inline(always)]
    pub(crate) fn of(address: usize) -> usize {
        address & !(BLOCK_SIZE - 1)
    }

    /// The block of a cell.
    #[inline(always)]
    unsafe fn holding(cell: *mut FreeCell) -> *mut Block {
        cell.cast::<u8>().sub(cell.addr() & (BLOCK_SIZE - 1)).cast()
    }

    /// Index of the cell that starts at `address`, if one does.
    ///
    /// # Safety
    /// `this` is a block and `address` lies in it.
    pub(crate) unsafe fn cell_index(this: *mut Block, address: usize) -> Option<u32> {
        let offset = (address & (BLOCK_SIZE - 1)).checked_sub(FIRST_CELL)?;
        let size = (*this).cell_size as usize;
        if size == 0 || offset % size != 0 {
            return None;
        }
        u32::try_from(offset / size).ok().filter(|i| *i < (*this).cells)
    }
}

/// A set of addresses.
pub(crate) type AddressSet = HashSet<usize, BuildHasherDefault<AddressHasher>>;

/// Hashes one address by a multiplication.
#[derive(Debug, Default)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_usize(byte.into());
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.write_usize(word as usize);
    }

    fn write_usize(&mut self, address: usize) {
        let mixed = (self.0 ^ address as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// Bytes of cells that are made at a time.
const CHUNK: usize = 2048;
/// So many blocks of a class of raw buffers are kept without a look at what they hold.
const FEW_BLOCKS: usize = 4;

pub(super) const BLOCK_LAYOUT: Layout = match Layout::from_size_align(BLOCK_SIZE, BLOCK_SIZE) {
    Ok(l) => l,
    Err(_) => panic!("block size is a power of two"),
};

impl Heap {
    /// A cell for an object of `size` bytes and `kind`. Neither collects nor fails; only the header is initialised.
    ///
    /// # Safety
    /// The caller fills in the object before the next safe point.
    #[inline(always)]
    pub(crate) unsafe fn alloc_object(&mut self, size: usize, kind: u8) -> *mut Header {
        let class = class_of(size);
        let mut cell = self.free[class];
        if cell.is_null() {
            cell = self.refill(class);
        }
        self.free[class] = poison::link(cell);
        poison::unpoison(cell.cast(), size);
        self.used += CLASS_SIZE[class] as usize;
        let header = cell.cast::<Header>();
        *header = Header { kind, mark: self.white, flags: 0, extra: 0, aux: 0 };
        self.live_objects += 1;
        header
    }

    /// A non-empty free list for a class of objects: that of a swept block, or of a new one.
    #[inline(never)]
    unsafe fn refill(&mut self, class: usize) -> *mut FreeCell {
        let block = loop {
            if let Some(block) = self.available[class].pop() {
                break block;
            }
            if !self.sweep_one_of(class) {
                break self.open_block(class, false);
            }
        };
        if !(*block).fresh {
            (*block).fresh = true;
            self.fresh[class].push(block);
        }
        self.free[class] = std::mem::replace(&mut (*block).free, null_mut());
        self.free[class]
    }

    /// The block of a class that can have more cells, with some of them made and on its list.
    unsafe fn open_block(&mut self, class: usize, raw: bool) -> *mut Block {
        let mut block = if raw { self.open_raw[class] } else { self.open[class] };
        if block.is_null() || (*block).cells == (*block).capacity {
            block = self.take_block(class, raw);
            let blocks = if raw { &mut self.raw_blocks } else { &mut self.class_blocks };
            (*block).position = blocks[class].len() as u32;
            blocks[class].push(block);
            *(if raw { &mut self.open_raw[class] } else { &mut self.open[class] }) = block;
        }
        (*block).free = Heap::make_cells(block);
        block
    }

    /// Makes more cells of a block, zeroed and linked in address order.
    unsafe fn make_cells(block: *mut Block) -> *mut FreeCell {
        let (size, first) = ((*block).cell_size as usize, (*block).cells);
        let more = ((CHUNK / size).max(1) as u32).min((*block).capacity - first);
        (*block).cells += more;
        let start = Block::cell(block, first);
        poison::unpoison(start, size * more as usize);
        start.write_bytes(0, size * more as usize);
        let mut head = null_mut();
        for i in (first..first + more).rev() {
            let cell = Block::cell(block, i).cast::<FreeCell>();
            (*cell).next = head;
            poison::freed_fresh(cell.cast(), size);
            head = cell;
        }
        head
    }

    /// A block for `class`, without cells yet.
    unsafe fn take_block(&mut self, class: usize, raw: bool) -> *mut Block {
        if !self.can_list_block(class) {
            self.use_ballast();
        }
        let (block, ordinal) = if let Some(block) = self.empty_blocks.pop() {
            (block, (*block).ordinal)
        } else {
            let block = match spare::take() {
                Some(block) => block,
                None => self.obtain(BLOCK_LAYOUT, |layout| alloc(layout)).cast::<Block>(),
            };
            let new = || u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
            let ordinal = self.free_ordinals.pop().unwrap_or_else(new);
            self.blocks.push(block);
            self.block_index.insert(block.expose_provenance());
            self.watch_footprint();
            (block, ordinal)
        };
        poison::unpoison(block.cast(), FIRST_CELL);
        block.write(Block {
            cell_size: CLASS_SIZE[class],
            cells: 0,
            capacity: ((BLOCK_SIZE - FIRST_CELL) / CLASS_SIZE[class] as usize) as u32,
            fresh: false,
            ordinal,
            raw,
            swept: true,
            free_cells: 0,
            position: 0,
            free: null_mut(),
        });
        poison::poison(block.cast::<u8>().add(FIRST_CELL), BLOCK_SIZE - FIRST_CELL);
        block
    }

    /// At the end of a cycle: takes back the blocks of raw buffers that hold none, and returns those that nobody needs soon.
    pub(super) unsafe fn release_spare_blocks(&mut self) {
        for class in 0..CLASSES {
            if self.raw_blocks[class].len() > FEW_BLOCKS {
                self.retire_raw_blocks(class);
            }
        }
        let in_use = self.blocks.len() - self.empty_blocks.len();
        // The heap may double until the next cycle ends, and a program that needed more once may do so again: of what is spare then, each
        // cycle returns half.
        let spare = self.empty_blocks.len();
        let kept = if self.exceeds_footprint() { 0 } else { (in_use + 16).max(spare / 2) };
        while self.empty_blocks.len() > kept
            && let Some(block) = self.empty_blocks.pop()
        {
            self.free_ordinals.push((*block).ordinal);
            self.block_index.remove(&block.addr());
            (*block).ordinal = u32::MAX;
        }
        self.blocks.retain(|&block| {
            let keep = (*block).ordinal != u32::MAX;
            if !keep {
                spare::give(block);
            }
            keep
        });
    }

    /// Makes the blocks of a class whose buffers are all free empty ones.
    unsafe fn retire_raw_blocks(&mut self, class: usize) {
        for &block in &self.raw_blocks[class] {
            (*block).free_cells = 0;
        }
        let mut cell = self.free_raw[class];
        while !cell.is_null() {
            (*Block::holding(cell)).free_cells += 1;
            cell = poison::link(cell);
        }
        let blocks = std::mem::take(&mut self.raw_blocks[class]);
        let (used, spare): (Vec<_>, Vec<_>) =
            blocks.into_iter().partition(|&block| (*block).free_cells < (*block).cells);
        self.raw_blocks[class] = used;
        if spare.is_empty() {
            return;
        }
        let mut cell = std::mem::replace(&mut self.free_raw[class], null_mut());
        while !cell.is_null() {
            let next = poison::link(cell);
            let block = Block::holding(cell);
            if (*block).free_cells < (*block).cells {
                self.free_cell(cell, class);
            }
            cell = next;
        }
        for block in spare {
            if self.open_raw[class] == block {
                self.open_raw[class] = null_mut();
            }
            self.retire(block);
        }
    }

    /// Releases every block; the heap is unusable afterwards.
    ///
    /// # Safety
    /// No object of the heap is used any more.
    pub(crate) unsafe fn release_blocks(&mut self) {
        for block in self.blocks.drain(..) {
            spare::give(block);
        }
        self.block_index.clear();
    }

    /// Memory from the allocator, if need be at the cost of what is kept back for that; the next safe point looks at what that means.
    fn obtain(&mut self, layout: Layout, allocate: impl Fn(Layout) -> *mut u8) -> *mut u8 {
        let piece = allocate(layout);
        if !piece.is_null() {
            return piece;
        }
        self.use_ballast();
        let piece = allocate(layout);
        if piece.is_null() {
            handle_alloc_error(layout);
        }
        piece
    }

    /// The allocator refused: what is kept back is let go.
    #[cold]
    pub(super) fn use_ballast(&mut self) {
        ballast::let_go();
        if !self.exhausted {
            self.exhausted = true;
            self.grace = ballast::GRACE;
        }
        self.threshold = 0;
    }

    /// After the allocator refused and a collection: whether memory is kept back again.
    pub(crate) fn recovers(&mut self) -> bool {
        self.exhausted = !ballast::keep();
        !self.exhausted
    }

    /// Before an error that tells of a refusal: makes room for what raising it and catching it takes.
    pub(crate) fn grant_grace(&mut self) {
        self.use_ballast();
        self.set_threshold(self.used + self.grace);
        self.grace /= 2;
    }

    /// Whether the lists of blocks have room for one more block of `class`.
    fn can_list_block(&mut self, class: usize) -> bool {
        fn reserve<T>(list: &mut Vec<T>, total: usize) -> bool {
            list.try_reserve(total.saturating_sub(list.len())).is_ok()
        }
        let (all, of_class) = (self.blocks.len() + 1, self.class_blocks[class].len() + 1);
        reserve(&mut self.blocks, all)
            && reserve(&mut self.empty_blocks, all)
            && reserve(&mut self.free_ordinals, all)
            && self.block_index.try_reserve(1).is_ok()
            && reserve(&mut self.class_blocks[class], of_class)
            && reserve(&mut self.available[class], of_class)
            && reserve(&mut self.fresh[class], of_class)
            && reserve(&mut self.unswept[class], of_class)
    }

    /// Whether the allocator has room for so many bytes in one piece. Asked before large allocations, which do not fail.
    pub(crate) fn can_allocate(&self, bytes: usize) -> bool {
        if bytes < LARGE_PIECE {
            return true;
        }
        // What was let go is for small pieces.
        if bytes > LARGEST_PIECE || (self.exhausted && !ballast::keep()) {
            return false;
        }
        let Ok(layout) = Layout::from_size_align(bytes, 8) else { return false };
        // SAFETY: the layout is not empty; the piece is given back at once and never touched.
        unsafe {
            // An allocation that nobody looks at may be left out.
            let piece = std::hint::black_box(alloc(layout));
            if piece.is_null() {
                return false;
            }
            dealloc(piece, layout);
        }
        true
    }

    /// A raw buffer of `size` bytes (at least 1), 8-byte aligned, contents undefined for small ones but initialised memory.
    ///
    /// # Safety
    /// Returned with [`Heap::free_buffer`] and the same size.
    pub(crate) unsafe fn alloc_buffer(&mut self, size: usize) -> *mut u8 {
        if size > MAX_SMALL {
            let layout = Layout::from_size_align_unchecked(size, 8);
            let p = self.obtain(layout, |layout| alloc_zeroed(layout));
            self.used += size;
            self.large += size;
            return p;
        }
        let class = class_of(size);
        if self.free_raw[class].is_null() {
            let block = self.open_block(class, true);
            self.free_raw[class] = std::mem::replace(&mut (*block).free, null_mut());
        }
        let cell = self.free_raw[class];
        self.free_raw[class] = poison::link(cell);
        poison::unpoison(cell.cast(), size);
        self.used += CLASS_SIZE[class] as usize;
        cell.cast()
    }

    /// Gives a buffer back.
    ///
    /// # Safety
    /// `p` came from [`Heap::alloc_buffer`] or [`Heap::resize_buffer`] with this size.
    pub(crate) unsafe fn free_buffer(&mut self, p: *mut u8, size: usize) {
        if size > MAX_SMALL {
            self.used -= size;
            self.large -= size;
            poison::overwrite(p, size);
            dealloc(p, Layout::from_size_align_unchecked(size, 8));
            return;
        }
        let class = class_of(size);
        self.used -= CLASS_SIZE[class] as usize;
        poison::freed(p, CLASS_SIZE[class] as usize);
        let cell = p.cast::<FreeCell>();
        (*cell).header = Header { kind: 0, mark: 0, flags: 0, extra: 0, aux: 0 };
        #[cfg(any(gc_zeal, asan))]
        {
            poison::hide_header(cell);
            self.waiting.push_back((cell, class));
            self.waiting_bytes += CLASS_SIZE[class] as usize;
            while self.waiting_bytes > poison::QUARANTINED_BYTES
                && let Some((cell, class)) = self.waiting.pop_front()
            {
                self.waiting_bytes -= CLASS_SIZE[class] as usize;
                self.free_cell(cell, class);
                poison::hide_header(cell);
            }
        }
        #[cfg(not(any(gc_zeal, asan)))]
        self.free_cell(cell, class);
    }

    /// Puts a buffer's cell on the free list.
    #[inline(always)]
    unsafe fn free_cell(&mut self, cell: *mut FreeCell, class: usize) {
        poison::set_link(cell, self.free_raw[class]);
        self.free_raw[class] = cell;
    }

    /// What a buffer of `size` bytes is charged with.
    pub(crate) fn buffer_charge(size: usize) -> usize {
        if size > MAX_SMALL { size } else { CLASS_SIZE[class_of(size)] as usize }
    }

    /// Moves a buffer to a new size, keeping the common prefix.
    ///
    /// # Safety
    /// As [`Heap::free_buffer`] for the old size.
    pub(crate) unsafe fn resize_buffer(&mut self, p: *mut u8, old: usize, new: usize) -> *mut u8 {
        if old > MAX_SMALL && new > MAX_SMALL {
            let (from, to) = (
                Layout::from_size_align_unchecked(old, 8),
                Layout::from_size_align_unchecked(new, 8),
            );
            let moved = self.obtain(to, |_| realloc(p, from, new));
            self.used = self.used - old + new;
            self.large = self.large - old + new;
            return moved;
        }
        let moved = self.alloc_buffer(new);
        moved.copy_from_nonoverlapping(p, old.min(new));
        self.free_buffer(p, old);
        moved
    }
}
