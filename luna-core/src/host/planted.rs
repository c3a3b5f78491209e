//! Planted faults: what AddressSanitizer and the heap check must see, so that tests can prove that they do.

use crate::host::value::{Gc, Value};
use crate::host::vm::Vm;
use crate::value::repr::RawValue;
use crate::value::table::Table;

/// A table that was freed.
fn freed_table(vm: &mut Vm) -> Gc<Table> {
    let table = vm.new_table_of(&[(Value::Int(1), Value::Int(2))]);
    vm.collect_garbage();
    assert!(!vm.is_live(Value::Table(table)), "nothing roots the table");
    table
}

/// Reads a field of a table that was freed.
pub fn read_stale(vm: &mut Vm) -> u32 {
    let table = freed_table(vm).as_ptr();
    // SAFETY: none: this is the fault.
    unsafe { (*table).array_size }
}

/// Reads an element of a freed array part that lay in a block of small buffers.
pub fn read_stale_buffer(vm: &mut Vm) -> u64 {
    let table = vm.new_table_of(&[(Value::Int(1), Value::Int(2))]).as_ptr();
    // SAFETY: H1; the table is live, and its array part is not used after this but for the fault.
    unsafe {
        let array = (*table).array;
        Table::resize_array(table, &mut (*vm.state()).heap, 64);
        *array
    }
}

/// Reads behind the end of an object.
pub fn read_beyond(vm: &mut Vm) -> u64 {
    let table = vm.new_table_of(&[]).as_ptr();
    // SAFETY: none: this is the fault.
    unsafe { *table.add(1).cast::<u64>().add(1) }
}

/// Stores a freed table where the collector finds it.
pub fn keep_stale(vm: &mut Vm) {
    let table = freed_table(vm).as_ptr();
    // SAFETY: none: this is the fault.
    unsafe { (*vm.state()).error = RawValue::table(table) }
}

/// Lets stores into tables forget their barrier.
#[cfg(gc_zeal)]
pub fn omit_barriers(vm: &mut Vm) {
    // SAFETY: V1, E1; only a switch is set.
    unsafe { (*vm.state()).heap.zeal.omit_barriers = true }
}
