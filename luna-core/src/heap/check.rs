//! The check of a whole heap: that what the collector and the Vm rely on holds.
//!
//! It looks at every object, stack slot and list without changing anything. It is called at a safe point, with the words of the running
//! thread in its [`Coro`].

use super::alloc::{AddressSet, Block, CLASS_SIZE, CLASSES, FreeCell};
use super::header::{Header, flag, mark};
use super::{Heap, Phase, poison};
use crate::value::function::{LuaClosure, NativeClosure, Proto};
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::{Node, Table, array};
use crate::value::thread::{Coro, CoroState};
use crate::value::upvalue::Upvalue;
use crate::value::userdata::UserdataObj;
use crate::vm::frame::CallInfo;

/// What is wrong with a heap.
type Fault = String;

/// What kind of object a header says it is, in words.
fn kind_name(kind: u8) -> &'static str {
    match kind {
        0 => "free cell",
        tag::STR => "string",
        tag::TABLE => "table",
        tag::LCLOSURE => "closure",
        tag::NATIVE => "native",
        tag::CORO => "coroutine",
        tag::USERDATA => "userdata",
        tag::PROTO => "prototype",
        tag::UPVAL => "upvalue",
        _ => "object of no kind",
    }
}

/// One check in progress.
struct Check<'h> {
    heap: &'h Heap,
    /// Bytes found so far.
    used: usize,
    /// Objects found so far.
    objects: usize,
    /// Short strings found so far.
    shorts: usize,
    /// Addresses of the objects on the grey lists.
    grey: AddressSet,
    /// Open upvalues on the lists of threads, and those found among the objects.
    listed: AddressSet,
    open: Vec<usize>,
    /// Coroutines found so far.
    threads: usize,
    /// Free cells of swept blocks, by class.
    free: [usize; CLASSES],
}

impl Heap {
    /// Looks at everything; what is wrong, if anything is.
    ///
    /// # Safety
    /// At a safe point; the running thread's words are in its object.
    pub(crate) unsafe fn check(&self) -> Result<(), Fault> {
        let grey = self.grey.iter().chain(&self.grey_again).map(|p| p.addr()).collect();
        let mut check = Check {
            heap: self,
            used: self.strings.bytes() + self.lent,
            objects: 0,
            shorts: 0,
            grey: if self.has_black() { grey } else { AddressSet::default() },
            listed: AddressSet::default(),
            open: Vec::new(),
            threads: 0,
            free: [0; CLASSES],
        };
        check.blocks()?;
        check.free_lists()?;
        check.lists()?;
        check.strings()?;
        check.totals()
    }

    /// Whether black means that an object refers to nothing white.
    fn has_black(&self) -> bool {
        self.phase == Phase::Mark || self.ageing
    }

    /// Whether the object was not reached in the last cycle and waits to be swept.
    unsafe fn is_dead(&self, object: *mut Header) -> bool {
        self.phase == Phase::Sweep
            && !(*std::ptr::with_exposed_provenance::<Block>(Block::of(object.addr()))).swept
            && (*object).mark & self.other_white() != 0
    }

    /// Ends the process if the heap is not sound.
    ///
    /// # Safety
    /// As [`Heap::check`].
    #[cfg(gc_zeal)]
    pub(crate) unsafe fn expect_sound(&self) {
        if let Err(fault) = self.check() {
            die(&fault);
        }
    }

    /// Ends the process if `object`, which the collector is about to mark, is no live object of the kind.
    ///
    /// # Safety
    /// Called while marking.
    #[cfg(gc_zeal)]
    pub(super) unsafe fn expect_object(&self, object: *mut Header, kind: Option<u8>) {
        let claimed = kind.unwrap_or_else(|| {
            // Only an address in a block of ours may be read.
            let known = self.block_index.contains(&Block::of(object.addr()));
            if known { (*object).kind } else { 0 }
        });
        if claimed == 0 || !self.is_object(object.addr(), claimed) {
            die(&format!("marking reaches {object:p}, which is no live {}", kind_name(claimed)));
        }
    }
}

/// Ends the process with a message.
#[cfg(gc_zeal)]
#[expect(clippy::print_stderr, reason = "the last words of a build for finding faults")]
fn die(fault: &str) -> ! {
    eprintln!("heap check: {fault}");
    std::process::abort();
}

/// `Err` with a message unless the condition holds.
macro_rules! ensure {
    ($holds:expr, $($message:tt)+) => {
        if !$holds {
            return Err(format!($($message)+));
        }
    };
}

impl Check<'_> {
    /// Every object of every block.
    unsafe fn blocks(&mut self) -> Result<(), Fault> {
        let heap = self.heap;
        let lists = heap.class_blocks.iter().chain(&heap.raw_blocks).map(Vec::len);
        let (listed, all) = (lists.sum::<usize>() + heap.empty_blocks.len(), heap.blocks.len());
        ensure!(listed == all, "{all} blocks, {listed} are on a list");
        ensure!(all == heap.block_index.len(), "{all} blocks, {} known", heap.block_index.len());
        for (class, &size) in CLASS_SIZE.iter().enumerate() {
            for (at, &block) in self.heap.class_blocks[class].iter().enumerate() {
                let known = self.heap.block_index.contains(&block.addr());
                ensure!(known, "block {block:p} is not in the table of blocks");
                let sized = (*block).cell_size == size && !(*block).raw;
                ensure!(sized, "block {block:p} is not of its class");
                ensure!((*block).position as usize == at, "block {block:p} is misplaced");
                for i in 0..(*block).cells {
                    let header = Block::cell(block, i).cast::<Header>();
                    if (*header).kind != 0 {
                        self.objects += 1;
                        self.used += size as usize;
                        self.object(header)?;
                    } else if (*block).swept && (*header).extra == 0 {
                        self.free[class] += 1;
                    }
                }
            }
        }
        Ok(())
    }

    /// One object: what it owns is counted; if it is not dead, what it refers to is looked at.
    unsafe fn object(&mut self, object: *mut Header) -> Result<(), Fault> {
        let dead = self.heap.is_dead(object);
        if !dead {
            self.colour(object)?;
        }
        match (*object).kind {
            tag::STR => self.string(object.cast()),
            tag::TABLE => self.table(object.cast(), dead),
            tag::LCLOSURE if !dead => self.closure(object.cast()),
            tag::NATIVE if !dead => self.native(object.cast()),
            tag::UPVAL if !dead => self.upvalue(object.cast()),
            tag::PROTO => self.proto(object.cast(), dead),
            tag::CORO => self.thread(object.cast(), dead),
            tag::USERDATA => self.userdata(object.cast(), dead),
            tag::LCLOSURE | tag::NATIVE | tag::UPVAL => Ok(()),
            kind => Err(format!("{object:p} is of kind {kind}")),
        }
    }

    /// The colour of an object that is not dead (H4).
    unsafe fn colour(&self, object: *mut Header) -> Result<(), Fault> {
        let (colour, kind) = ((*object).mark & mark::COLOURS, kind_name((*object).kind));
        ensure!(
            matches!(colour, 0 | mark::WHITE0 | mark::WHITE1 | mark::BLACK),
            "{kind} {object:p} has several colours"
        );
        if colour == 0 {
            ensure!(self.heap.has_black(), "{kind} {object:p} is grey and nothing marks");
            let listed = self.heap.unlisted
                || self.heap.unlisted_again
                || self.grey.contains(&object.addr());
            ensure!(listed, "{kind} {object:p} is grey and on no list");
        }
        if colour & mark::WHITES != 0 {
            let current = colour == self.heap.white;
            ensure!(current, "{kind} {object:p} is of the white of dead objects");
        }
        Ok(())
    }

    /// A reference to an object of a kind.
    unsafe fn edge(
        &self,
        from: *mut Header,
        to: *mut Header,
        kind: u8,
        what: &str,
    ) -> Result<(), Fault> {
        let (name, target) = (kind_name((*from).kind), kind_name(kind));
        ensure!(
            self.heap.is_object(to.addr(), kind),
            "{what} of {name} {from:p} refers to {to:p}, which is no live {target}"
        );
        ensure!(
            !self.heap.has_black() || !(*from).is_black() || !(*to).is_white(),
            "{what} of black {name} {from:p} refers to white {target} {to:p}: a barrier is missing"
        );
        Ok(())
    }

    /// A value that an object holds.
    unsafe fn value(&self, from: *mut Header, value: RawValue, what: &str) -> Result<(), Fault> {
        if value.is_object() { self.edge(from, value.as_header(), value.tag, what) } else { Ok(()) }
    }

    unsafe fn string(&mut self, string: *mut Str) -> Result<(), Fault> {
        if Str::is_short(string) {
            self.shorts += 1;
        } else if let Some(size) = Str::buffer_size(string) {
            self.used += Heap::buffer_charge(size);
        }
        Ok(())
    }

    unsafe fn table(&mut self, table: *mut Table, dead: bool) -> Result<(), Fault> {
        let size = (*table).array_size;
        if size > 0 {
            self.used += Heap::buffer_charge(array::bytes(size));
            let tags = (*table).array.add(size as usize).cast::<u8>();
            ensure!((*table).tags == tags, "table {table:p}: the tags are not behind the payloads");
        }
        let nodes = Table::node_count(table);
        if nodes > 0 {
            self.used += Heap::buffer_charge(nodes * size_of::<Node>());
            ensure!(nodes.is_power_of_two(), "table {table:p} has {nodes} nodes");
            ensure!((*table).last_free as usize <= nodes, "table {table:p}: last_free");
        }
        if dead {
            return Ok(());
        }
        let from = table.cast();
        if !(*table).meta.is_null() {
            self.edge(from, (*table).meta.cast(), tag::TABLE, "the metatable")?;
        }
        for i in 0..size {
            self.value(from, Table::array_get(table, i), "an element")?;
        }
        for (i, node) in Table::nodes(table).enumerate() {
            let next = i.checked_add_signed((*node).next as isize);
            ensure!(next.is_some_and(|n| n < nodes), "table {table:p}: a chain leaves the nodes");
            let key = (*node).key();
            if key.tag != tag::DEAD_KEY {
                self.value(from, key, "a key")?;
            }
            self.value(from, (*node).value(), "a value")?;
        }
        Ok(())
    }

    unsafe fn closure(&self, closure: *mut LuaClosure) -> Result<(), Fault> {
        self.edge(closure.cast(), (*closure).proto.as_ptr().cast(), tag::PROTO, "the prototype")?;
        for i in 0..(*closure).count() {
            let upvalue = LuaClosure::upvalue(closure, i);
            if !upvalue.is_null() {
                self.edge(closure.cast(), upvalue.cast(), tag::UPVAL, "an upvalue")?;
            }
        }
        Ok(())
    }

    unsafe fn native(&self, native: *mut NativeClosure) -> Result<(), Fault> {
        for i in 0..(*native).count() {
            self.value(native.cast(), *NativeClosure::upvalue(native, i), "an upvalue")?;
        }
        Ok(())
    }

    /// An open upvalue is a view of a stack slot, which its thread accounts for.
    unsafe fn upvalue(&mut self, upvalue: *mut Upvalue) -> Result<(), Fault> {
        if std::ptr::eq((*upvalue).slot, &raw const (*upvalue).closed) {
            return self.value(upvalue.cast(), (*upvalue).closed, "the value");
        }
        self.open.push(upvalue.addr());
        Ok(())
    }

    unsafe fn proto(&mut self, proto: *mut Proto, dead: bool) -> Result<(), Fault> {
        self.used += (*(*proto).body).charged;
        if dead {
            return Ok(());
        }
        for &constant in (*proto).constants() {
            self.value(proto.cast(), constant, "a constant")?;
        }
        for child in (*proto).children() {
            self.edge(proto.cast(), child.cast(), tag::PROTO, "a child")?;
        }
        for string in (*proto).debug_strings() {
            self.edge(proto.cast(), string.cast(), tag::STR, "a debug string")?;
        }
        Ok(())
    }

    unsafe fn userdata(&mut self, userdata: *mut UserdataObj, dead: bool) -> Result<(), Fault> {
        self.used += (*userdata).charged;
        if dead {
            return Ok(());
        }
        if !(*userdata).meta.is_null() {
            self.edge(userdata.cast(), (*userdata).meta.cast(), tag::TABLE, "the metatable")?;
        }
        if !(*userdata).user_values.is_null() {
            let values = (*userdata).user_values.cast();
            self.edge(userdata.cast(), values, tag::TABLE, "the user values")?;
        }
        Ok(())
    }

    unsafe fn thread(&mut self, coro: *mut Coro, dead: bool) -> Result<(), Fault> {
        let words = &(*coro).words;
        self.used += Heap::buffer_charge(words.stack_size * size_of::<RawValue>());
        self.used += Heap::buffer_charge(words.ci_size * size_of::<CallInfo>());
        self.used += Coro::tbc_bytes(coro);
        if dead {
            return Ok(());
        }
        self.threads += 1;
        if self.heap.has_black() && matches!((*coro).state, CoroState::Running | CoroState::Normal)
        {
            ensure!(!(*coro).header.is_black(), "running coroutine {coro:p} is black");
        }
        let from = coro.cast::<Header>();
        let live = Coro::live_slots(coro);
        for i in 0..words.stack_size {
            let value = *words.stack.add(i);
            if i < live {
                self.value(from, value, "a slot in use")?;
            } else if value.is_object() {
                let known = self.heap.is_object(value.as_header().addr(), value.tag);
                ensure!(known, "slot {i} of coroutine {coro:p}, which is not in use, dangles");
            }
        }
        self.value(from, (*coro).error, "the error")?;
        self.value(from, (*coro).hook.function, "the hook")?;
        if !(*coro).resumer.is_null() {
            self.edge(from, (*coro).resumer.cast(), tag::CORO, "the resumer")?;
        }
        if !(*coro).parked.is_null() {
            self.edge(from, (*coro).parked.cast(), tag::CORO, "where it goes on")?;
        }
        self.frames(coro)?;
        self.open_upvalues(coro)
    }

    /// The frames of a thread lie in its stack, one above the other.
    unsafe fn frames(&self, coro: *mut Coro) -> Result<(), Fault> {
        let words = &(*coro).words;
        let (first, end) = (words.stack, words.stack.add(words.stack_size));
        ensure!(words.top >= first && words.top <= end, "the top of coroutine {coro:p} is outside");
        let frames = words.ci.offset_from(words.ci_base);
        let fits = frames >= 0 && frames.unsigned_abs() < words.ci_size;
        ensure!(fits, "coroutine {coro:p} is in frame {frames}");
        let mut below = first;
        for i in 0..=frames.unsigned_abs() {
            let base = (*words.ci_base.add(i)).base;
            ensure!(base > below && base <= end, "frame {i} of coroutine {coro:p} is misplaced");
            below = base.sub(1);
        }
        Ok(())
    }

    /// Open upvalues of a thread point into its stack, in falling order.
    unsafe fn open_upvalues(&mut self, coro: *mut Coro) -> Result<(), Fault> {
        let words = &(*coro).words;
        let mut above = words.stack.add(words.stack_size);
        let mut upvalue = words.open;
        while !upvalue.is_null() {
            self.edge(coro.cast(), upvalue.cast(), tag::UPVAL, "an open upvalue")?;
            let slot = (*upvalue).slot;
            ensure!(
                slot >= words.stack && slot < above,
                "open upvalue {upvalue:p} of coroutine {coro:p} is out of order"
            );
            self.listed.insert(upvalue.addr());
            above = slot;
            upvalue = (*upvalue).next;
        }
        Ok(())
    }

    /// Free lists hold the free cells of the swept blocks of their class, each once.
    unsafe fn free_lists(&self) -> Result<(), Fault> {
        for (class, left) in self.free.iter().enumerate() {
            let mut left = *left;
            for &block in &self.heap.available[class] {
                self.free_list((*block).free, class, &mut left)?;
            }
            self.free_list(self.heap.free[class], class, &mut left)?;
            ensure!(left == 0, "{left} free cells of class {class} are on no list");
        }
        Ok(())
    }

    /// One list of free cells of a class, of which so many are `left`.
    unsafe fn free_list(
        &self,
        mut cell: *mut FreeCell,
        class: usize,
        left: &mut usize,
    ) -> Result<(), Fault> {
        while !cell.is_null() {
            let at = cell.addr();
            let known = self.heap.block_index.contains(&Block::of(at));
            ensure!(known, "free cell {cell:p} is in no block");
            let block = std::ptr::with_exposed_provenance_mut::<Block>(Block::of(at));
            ensure!(
                !(*block).raw
                    && (*block).swept
                    && (*block).cell_size == CLASS_SIZE[class]
                    && Block::cell_index(block, at).is_some(),
                "free cell {cell:p} is not of its class"
            );
            let kind = (*cell.cast::<Header>()).kind;
            ensure!(kind == 0, "cell {cell:p} is free and a {}", kind_name(kind));
            ensure!(*left > 0, "a cell of class {class} is listed as free twice");
            *left -= 1;
            cell = poison::link(cell);
        }
        Ok(())
    }

    /// The lists of threads and of objects with finalizers.
    unsafe fn lists(&self) -> Result<(), Fault> {
        let heap = self.heap;
        for &thread in &heap.threads {
            let known = heap.is_object(thread.addr(), tag::CORO);
            ensure!(known, "{thread:p} is on the list of threads and no live coroutine");
        }
        ensure!(
            self.threads == heap.threads.len(),
            "{} coroutines live, {} are listed",
            self.threads,
            heap.threads.len()
        );
        for &object in heap.finalizable.iter().chain(&heap.due) {
            let known =
                [tag::TABLE, tag::USERDATA].iter().any(|&kind| heap.is_object(object.addr(), kind));
            ensure!(known, "{object:p} waits for its finalizer and is no live object");
            ensure!((*object).flags & flag::FINALIZER != 0, "{object:p} has no finalizer's flag");
        }
        for upvalue in &self.open {
            ensure!(
                self.listed.contains(upvalue),
                "open upvalue {upvalue:#x} is on no coroutine's list"
            );
        }
        Ok(())
    }

    /// Each short string is in the chain of its hash, once.
    unsafe fn strings(&self) -> Result<(), Fault> {
        let mut listed = AddressSet::default();
        for (string, fits) in self.heap.strings.iter() {
            let known = self.heap.block_index.contains(&Block::of(string.addr()))
                && (*string).header.kind == tag::STR
                && Str::is_short(string);
            ensure!(known, "the table of strings holds {string:p}, which is no short string");
            ensure!(fits, "string {string:p} is in a chain of another hash");
            ensure!(listed.insert(string.addr()), "string {string:p} is listed twice");
        }
        ensure!(
            listed.len() == self.shorts && self.heap.strings.count() == self.shorts,
            "{} short strings, {} in the table, which counts {}",
            self.shorts,
            listed.len(),
            self.heap.strings.count()
        );
        Ok(())
    }

    /// The account.
    fn totals(&self) -> Result<(), Fault> {
        let heap = self.heap;
        ensure!(
            self.objects == heap.live_objects,
            "{} objects, {} are counted",
            self.objects,
            heap.live_objects
        );
        ensure!(self.used == heap.used, "{} bytes, {} are charged", self.used, heap.used);
        Ok(())
    }
}
