//! Sweeping: block by block, in steps and when an allocation needs cells.

use std::ptr::null_mut;

use super::alloc::{Block, CLASSES, FreeCell};
use super::header::{Header, mark};
use super::{Heap, Phase, poison};
use crate::value::function::Proto;
use crate::value::repr::tag;
use crate::value::string::Str;
use crate::value::table::Table;
use crate::value::thread::Coro;
use crate::value::userdata::UserdataObj;

impl Heap {
    /// Enters the sweep phase: free lists are rebuilt from the swept blocks. A minor cycle leaves out the blocks that nothing was allocated
    /// from since they were swept: what lives in them is old.
    pub(super) unsafe fn begin_sweep(&mut self) {
        self.phase = Phase::Sweep;
        self.pace.estimate = self.used;
        self.sweep_class = 0;
        self.free = [null_mut(); CLASSES];
        for class in 0..CLASSES {
            // The lists keep their room, so that a collection allocates nothing.
            if self.minor {
                self.unswept[class].clone_from(&self.fresh[class]);
            } else {
                self.available[class].clear();
                self.unswept[class].clone_from(&self.class_blocks[class]);
            }
            self.fresh[class].clear();
            self.unswept[class].reverse();
            for &block in &self.unswept[class] {
                (*block).swept = false;
                (*block).fresh = false;
                (*block).free = null_mut();
            }
        }
    }

    /// Sweeps one more block of `class`; whether there was one.
    pub(super) unsafe fn sweep_one_of(&mut self, class: usize) -> bool {
        let Some(block) = self.unswept[class].pop() else { return false };
        if self.sweep_block(class, block) {
            let (blocks, at) = (&mut self.class_blocks[class], (*block).position);
            blocks.swap_remove(at as usize);
            if let Some(&moved) = blocks.get(at as usize) {
                (*moved).position = at;
            }
            if self.open[class] == block {
                self.open[class] = null_mut();
            }
            self.retire(block);
        } else if !(*block).free.is_null() {
            self.available[class].push(block);
        }
        true
    }

    /// Sweeps the next block of any class; ends the cycle and answers `false` when all are swept.
    pub(super) unsafe fn sweep_next_block(&mut self) -> bool {
        while self.sweep_class < CLASSES {
            if self.sweep_one_of(self.sweep_class) {
                return true;
            }
            self.sweep_class += 1;
        }
        self.end_cycle();
        false
    }

    /// An empty block waits for any class.
    pub(super) unsafe fn retire(&mut self, block: *mut Block) {
        (*block).cell_size = 0;
        (*block).cells = 0;
        (*block).raw = false;
        self.empty_blocks.push(block);
    }

    /// Frees the dead of one block and lists its free cells; `true` if nothing lives in it. Survivors become white, unless their age counts.
    unsafe fn sweep_block(&mut self, class: usize, block: *mut Block) -> bool {
        let (dead, ageing) = (self.other_white(), self.ageing);
        let before = self.used;
        let (mut head, mut tail, mut used_cells) =
            (null_mut::<FreeCell>(), null_mut::<FreeCell>(), 0);
        for i in 0..(*block).cells {
            let header = Block::cell(block, i).cast::<Header>();
            if (*header).kind != 0 {
                if (*header).mark & dead == 0 {
                    if !ageing {
                        (*header).mark = ((*header).mark & !mark::COLOURS) | self.white;
                    }
                    used_cells += 1;
                    continue;
                }
                self.free_object(header, class);
            }
            if cfg!(any(gc_zeal, asan)) && (*header).extra > 0 {
                (*header).extra -= 1;
                if (*header).extra > 0 {
                    used_cells += 1;
                    continue;
                }
            }
            let cell = header.cast::<FreeCell>();
            poison::set_link(cell, null_mut());
            if tail.is_null() {
                head = cell;
            } else {
                poison::set_link(tail, cell);
            }
            tail = cell;
        }
        (*block).swept = true;
        // What is freed must not delay the next step.
        let freed = before - self.used;
        self.pace.estimate = self.pace.estimate.saturating_sub(freed);
        self.threshold = self.threshold.saturating_sub(freed);
        (*block).free = head;
        used_cells == 0
    }

    /// Forgets the age of all objects: everything is white again, as before a full cycle.
    pub(super) unsafe fn whiten(&mut self) {
        for &block in self.class_blocks.iter().flatten() {
            for i in 0..(*block).cells {
                let header = Block::cell(block, i).cast::<Header>();
                if (*header).kind != 0 {
                    (*header).mark = ((*header).mark & !mark::COLOURS) | self.white;
                }
            }
        }
        self.ageing = false;
        self.old_threads = 0;
        self.old_finalizable = 0;
    }

    /// Releases what an object owns and makes its cell free.
    unsafe fn free_object(&mut self, header: *mut Header, class: usize) {
        match (*header).kind {
            tag::STR => Str::release(header.cast(), self),
            tag::TABLE => Table::release(header.cast(), self),
            tag::PROTO => Proto::release(header.cast(), self),
            tag::CORO => Coro::release(header.cast(), self),
            tag::USERDATA => UserdataObj::release(header.cast(), self),
            _ => {}
        }
        poison::freed(header.cast(), super::alloc::CLASS_SIZE[class] as usize);
        *header = Header { kind: 0, mark: 0, flags: 0, extra: poison::QUARANTINE, aux: 0 };
        self.used -= super::alloc::CLASS_SIZE[class] as usize;
        self.live_objects -= 1;
    }

    /// Every object of a kind, dead ones that are not yet swept included.
    pub(crate) unsafe fn objects(&self, kind: u8) -> impl Iterator<Item = *mut Header> {
        let blocks = self.class_blocks.iter().flatten();
        blocks
            .flat_map(|&block| (0..(*block).cells).map(move |i| Block::cell(block, i).cast()))
            .filter(move |&header: &*mut Header| (*header).kind == kind)
    }

    /// Frees every object and block.
    ///
    /// # Safety
    /// Nothing uses the heap any more.
    pub(crate) unsafe fn destroy(&mut self) {
        for class in 0..CLASSES {
            for i in 0..self.class_blocks[class].len() {
                let block = self.class_blocks[class][i];
                for cell in 0..(*block).cells {
                    let header = Block::cell(block, cell).cast::<Header>();
                    if (*header).kind != 0 {
                        self.free_object(header, class);
                    }
                }
            }
            self.class_blocks[class].clear();
        }
        self.release_blocks();
    }
}
