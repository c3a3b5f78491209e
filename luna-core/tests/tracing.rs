//! What userdata refers to: marked by the collector, kept as long as the userdata, freed with it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use luna_core::runtime::{Gc, Table, Value};
use luna_core::version::LuaVersion;
use luna_core::vm::{
    GcMode, Handle, LuaUserdata, SharedVm, TracedHandle, Unavailable, UserdataMarker,
    UserdataMethods, UserdataRefMut, Vm,
};

/// Holds a table by its plain handle.
struct Holder(Cell<Option<Gc<Table>>>);

impl LuaUserdata for Holder {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_method("hold", |_, holder, table: Gc<Table>| {
            holder.0.set(Some(table));
            Ok(())
        });
        methods.add_method("held", |_, holder, ()| Ok(holder.0.get()));
        methods.add_method_mut("within", |vm, holder, run: Value| {
            let held = holder.0.get();
            vm.call_value(run, &[])?;
            Ok(held.is_some_and(|table| vm.is_live(Value::Table(table))))
        });
        methods.add_method("change_within", |vm, holder, run: Value| {
            let new = vm.new_table().build();
            holder.0.set(Some(new));
            vm.call_value(run, &[])?;
            Ok(vm.is_live(Value::Table(new)))
        });
    }

    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        if let Some(table) = self.0.get() {
            marker.mark(table);
        }
    }
}

fn with_holder() -> Vm {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_userdata("holder", Holder(Cell::new(None))).expect("nothing refuses it");
    vm
}

#[test]
fn what_is_marked_stays() {
    let mut vm = with_holder();
    let held = vm
        .eval(
            "holder:hold {'x'}
            for i = 1, 5 do collectgarbage() end
            local garbage = {} for i = 1, 2000 do garbage[i] = {i} end
            return holder:held()[1]",
        )
        .unwrap();
    assert_eq!(vm.str_bytes(held[0]), Some(&b"x"[..]));
}

#[test]
fn what_changes_between_steps_stays() {
    for mode in [GcMode::Incremental, GcMode::Generational] {
        let mut vm = with_holder();
        vm.set_gc_mode(mode);
        // Cycles of many steps, each of which meets a change somewhere; with a collection at every safe point there are no steps.
        let (heap, rounds) = if cfg!(gc_zeal) { (10, 10) } else { (10_000, 100) };
        let source = format!(
            "local heap = {{}} for i = 1, {heap} do heap[i] = {{i}} end
        local function hold(i) holder:hold {{i}} end
        local function held() return holder:held()[1] end
        for i = 1, {rounds} do
          hold(i)
          for j = 1, {heap} / 10 + i do local garbage = {{j}} end
          assert(held() == i)
        end"
        );
        vm.eval(&source).unwrap();
    }
}

#[test]
fn borrows_do_not_let_go() {
    let mut vm = with_holder();
    let alive = vm
        .eval(
            "local function collect() collectgarbage() collectgarbage() end
            holder:hold {1}
            return holder:within(collect), holder:change_within(collect), holder:within(collect)",
        )
        .unwrap();
    assert!(alive.iter().all(|value| value.truthy()), "{alive:?}");
}

#[test]
fn stale_handles_are_ignored() {
    let mut vm = with_holder();
    let mut other = Vm::new(LuaVersion::Lua55);
    let foreign = other.new_table().build();
    let holder = vm.get_global("holder");
    vm.borrow_userdata::<Holder>(holder).unwrap().0.set(Some(foreign));
    vm.collect_garbage();
    drop(other);
    vm.collect_garbage();
    assert!(!vm.is_live(Value::Table(foreign)));
}

/// Panics when it is asked.
struct Broken;

impl LuaUserdata for Broken {
    fn trace(&self, _: &mut UserdataMarker<'_>) {
        panic!("no idea");
    }
}

#[test]
fn a_panic_is_a_warning() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_userdata("broken", Broken).unwrap();
    vm.collect_garbage();
    let log = vm.warn_log_take();
    assert!(log.contains(&b"error in trace of Broken (no idea)".to_vec()), "{log:?}");
    assert!(vm.eval("return 1").is_ok());
}

/// A buffer outside the heap.
struct Buffer(Vec<u8>);

impl LuaUserdata for Buffer {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_typed("grow", |buffer: &mut Buffer, by: usize| {
            buffer.0.resize(buffer.0.len() + by, 0);
        });
    }

    fn external_bytes(&self) -> usize {
        self.0.capacity()
    }
}

#[test]
fn external_bytes_count() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.register_userdata::<Buffer>().unwrap();
    let before = vm.memory_used();
    let buffer = vm.create_userdata(Buffer(vec![0; 1 << 20]));
    assert!((1 << 20..(1 << 20) + 1000).contains(&(vm.memory_used() - before)));
    vm.set_global("b", buffer).unwrap();
    vm.eval("b:grow(1 << 20)").unwrap();
    assert!(vm.memory_used() - before >= 2 << 20);
    vm.set_memory_cap(Some(vm.memory_used() + (1 << 20)));
    let error = vm.eval("b:grow(4 << 20) return {}").unwrap_err();
    assert_eq!(vm.error_text(&error), "memory cap exceeded");
    vm.set_memory_cap(None);
    vm.destroy_userdata(buffer).unwrap();
    assert!(vm.memory_used() - before < 1 << 16);
}

thread_local! {
    static LIVING: Cell<isize> = const { Cell::new(0) };
}

/// Refers to values by traced handles.
struct Node(RefCell<Option<TracedHandle>>);

impl Node {
    fn new(handle: Option<TracedHandle>) -> Node {
        LIVING.set(LIVING.get() + 1);
        Node(RefCell::new(handle))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        LIVING.set(LIVING.get() - 1);
    }
}

impl LuaUserdata for Node {
    fn add_methods<M: UserdataMethods<Self>>(methods: &mut M) {
        methods.add_function("new", |vm, ()| Ok(vm.create_userdata(Node::new(None))));
        methods.add_method("link", |vm, node, to: Value| {
            let handle = Handle::new(vm, to);
            *node.0.borrow_mut() = Some(handle.into());
            Ok(())
        });
        methods.add_method_mut("touch", |_, _, ()| Ok(()));
        methods.add_method("linked", |vm, node, ()| {
            Ok(node.0.borrow().as_ref().and_then(|handle| handle.value_in(vm).ok()))
        });
    }

    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        if let Ok(handle) = self.0.try_borrow()
            && let Some(handle) = &*handle
        {
            handle.trace(marker);
        }
    }
}

#[test]
fn cycles_are_freed() {
    for mode in [GcMode::Incremental, GcMode::Generational] {
        LIVING.set(0);
        let mut vm = Vm::new(LuaVersion::Lua55);
        vm.set_gc_mode(mode);
        vm.set_class::<Node>("Node").unwrap();
        vm.eval(
            "for i = 1, 100 do
          local node = Node.new()
          node:link(function() return node end)
          node:touch()
          if i == 50 then kept = node end
        end
        collectgarbage() collectgarbage() collectgarbage()
        assert(kept:linked()() == kept)",
        )
        .unwrap();
        assert_eq!(LIVING.get(), 1);
        vm.eval("kept = nil collectgarbage() collectgarbage()").unwrap();
        assert_eq!(LIVING.get(), 0);
        assert_eq!(vm.handle_table().count(), 0);
    }
}

#[test]
fn what_is_taken_out_of_a_global_userdata_stays() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let value = Value::Table(vm.new_table().build());
    let handle = Handle::new(&mut vm, value);
    vm.set_userdata("node", Node::new(Some(handle.into()))).unwrap();
    vm.collect_garbage();
    let taken = vm.userdata_borrow_mut::<Node>("node").unwrap().0.take().unwrap();
    vm.collect_garbage();
    vm.collect_garbage();
    assert!(taken.value_in(&vm).is_ok());
}

#[test]
fn traced_handles_outside_of_userdata_are_safe() {
    let shared = SharedVm::new(Vm::new(LuaVersion::Lua55));
    let table = Rc::clone(shared.table());
    let (taken, stolen) = table
        .with(|vm| {
            let nodes = [(); 2].map(|()| {
                let value = Value::Table(vm.new_table().build());
                let handle = Handle::new(vm, value);
                let node = vm.create_userdata(Node::new(Some(handle.into())));
                Handle::new(vm, node)
            });
            vm.collect_garbage();
            let [first, second] = [0, 1].map(|i: usize| nodes[i].value_in(vm).unwrap());
            let taken = vm.take_userdata::<Node>(first).unwrap().0.take().unwrap();
            let node = vm.borrow_userdata::<Node>(second).unwrap();
            let stolen = node.0.borrow_mut().take().unwrap();
            drop(node);
            vm.collect_garbage();
            vm.collect_garbage();
            (taken, stolen)
        })
        .unwrap();
    // The one that was moved out with its value is pinned again; the collector has last seen the other in its userdata.
    assert!(taken.get().is_ok());
    assert!(matches!(stolen.get(), Err(Unavailable::Expired)));
    let copy = stolen.clone();
    drop(shared);
    assert!(matches!(taken.get(), Err(Unavailable::Gone)));
    assert!(matches!(stolen.get(), Err(Unavailable::Gone)));
    assert!(matches!(copy.get(), Err(Unavailable::Gone)));
}

/// Uses everything it can reach while it is asked.
struct Hostile {
    handle: Handle,
    asked: Rc<Cell<usize>>,
}

impl LuaUserdata for Hostile {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        let busy = self.handle.with(|_, _| ()) == Err(Unavailable::Busy);
        drop(self.handle.clone());
        let known = self.handle.peek().is_some_and(|value| marker.mark_value(value));
        self.asked.set(self.asked.get() + usize::from(busy && known));
    }
}

#[test]
fn the_vm_is_busy_while_it_asks() {
    let shared = SharedVm::new(Vm::new(LuaVersion::Lua55));
    let asked = Rc::new(Cell::new(0));
    shared
        .table()
        .with(|vm| {
            let value = Value::Table(vm.new_table().build());
            let hostile = Hostile { handle: Handle::new(vm, value), asked: Rc::clone(&asked) };
            vm.set_userdata("hostile", hostile).unwrap();
            vm.collect_garbage();
        })
        .unwrap();
    assert!(asked.get() > 0);
    assert!(shared.table().with(|_| ()).is_ok());
}

/// Lets go of another object's borrow while it is asked, and says nonsense.
struct Nasty(RefCell<Option<UserdataRefMut<Holder>>>);

impl LuaUserdata for Nasty {
    fn trace(&self, _: &mut UserdataMarker<'_>) {
        self.0.take();
    }

    fn external_bytes(&self) -> usize {
        assert!(self.0.borrow().is_none(), "not now");
        usize::MAX
    }
}

#[test]
fn a_payload_may_let_go_of_a_guard_while_it_is_asked() {
    let mut vm = with_holder();
    vm.eval("holder:hold {1}").unwrap();
    let holder = vm.get_global("holder");
    let guard = vm.borrow_userdata_mut::<Holder>(holder).unwrap();
    let before = vm.memory_used();
    let nasty = vm.create_userdata(Nasty(RefCell::new(Some(guard))));
    vm.set_global("nasty", nasty).unwrap();
    assert!(vm.memory_used() - before < 1 << 16, "what panics is charged as nothing");
    vm.collect_garbage();
    vm.collect_garbage();
    assert!(vm.memory_used() > 1 << 40);
    assert!(vm.eval("return holder:held()[1]").is_ok());
    assert_eq!(vm.warn_log_take().len(), 1);
    vm.destroy_userdata(nasty).unwrap();
    vm.eval("nasty = nil collectgarbage() collectgarbage()").unwrap();
    assert!(vm.memory_used() < 1 << 20);
}

#[test]
fn what_was_there_when_a_borrow_began_stays_until_it_ends() {
    let mut vm = with_holder();
    vm.eval("holder:hold {1}").unwrap();
    let holder = vm.get_global("holder");
    let guard = vm.borrow_userdata_mut::<Holder>(holder).unwrap();
    let held = guard.0.get().unwrap();
    guard.0.set(None);
    vm.eval("holder = nil collectgarbage() collectgarbage()").unwrap();
    assert!(vm.is_live(Value::Table(held)));
    drop(guard);
    vm.collect_garbage();
    assert!(!vm.is_live(Value::Table(held)));
}
