//! What scripts cannot bring about for sure.
#![expect(
    clippy::multiple_unsafe_ops_per_block,
    reason = "a test of raw tables is one unsafe operation"
)]

use super::{Node, Table};
use crate::LuaVersion;
use crate::host::vm::Vm;
use crate::value::repr::{RawValue, tag};

/// The nodes in use, in order.
unsafe fn used(table: *mut Table) -> Vec<*mut Node> {
    // SAFETY: the caller's table is live.
    unsafe { Table::nodes(table).filter(|&node| (*node).tag != tag::NIL).collect() }
}

#[test]
fn a_dead_key_is_found_in_its_own_chain_only() {
    let vm = Vm::new(LuaVersion::Lua55);
    let l = vm.state();
    // SAFETY: the state is idle and nothing collects; the decoy differs from a dead key only in what is tested.
    unsafe {
        let heap = &raw mut (*l).heap;
        let table = Table::new(&mut *heap);
        for i in 0..8 {
            let key = RawValue::table(Table::new(&mut *heap));
            Table::set(table, &mut *heap, key, RawValue::int(i)).expect("a table is a key");
        }
        let nodes = used(table);
        let last = *nodes.last().expect("eight entries");
        let key = (*last).key();
        let chain = |node: *mut Node| Table::main_position(table, &*heap, (*node).key());
        let decoy = *nodes.iter().find(|&&node| chain(node) != chain(last)).expect("two chains");
        for node in [decoy, last] {
            (*node).tag = tag::NIL;
            Table::kill_key(node);
        }
        (*decoy).key_bits = key.bits;
        assert_eq!((*decoy).key_tag, tag::DEAD_KEY);
        assert!(
            matches!(Table::next(table, &*heap, key), Ok(None)),
            "nothing follows the last entry"
        );
    }
}
