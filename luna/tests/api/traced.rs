use std::cell::Cell;
use std::collections::HashMap;

use luna::{
    AnyUserdata, Function, Lua, LuaUserdata, Table, Trace, Traced, Userdata, UserdataMarker, Value,
    lua_methods,
};

use crate::check;

thread_local! {
    static LIVING: Cell<isize> = const { Cell::new(0) };
}

/// Counts itself.
struct Counted;

impl Counted {
    fn new() -> Counted {
        LIVING.set(LIVING.get() + 1);
        Counted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        LIVING.set(LIVING.get() - 1);
    }
}

#[derive(LuaUserdata)]
struct Node {
    pub next: Option<Traced<Userdata<Node>>>,
    pub any: Traced<Value>,
    handlers: Vec<Traced<Function>>,
    named: HashMap<String, Box<[Traced<Table>; 1]>>,
    #[lua(skip)]
    _counted: Counted,
}

#[lua_methods]
impl Node {
    fn new() -> Node {
        Node {
            next: None,
            any: Traced::new(Value::Nil),
            handlers: Vec::new(),
            named: HashMap::new(),
            _counted: Counted::new(),
        }
    }

    fn on(&mut self, handler: Function) {
        self.handlers.push(handler.into());
    }

    fn fire(&self) -> luna::Result<i64> {
        let mut sum = 0;
        for handler in &self.handlers {
            sum += handler.get()?.call::<i64>(())?;
        }
        Ok(sum)
    }

    fn name(&mut self, name: String, table: Table) {
        self.named.insert(name, Box::new([table.into()]));
    }

    fn named(&self, name: &str) -> luna::Result<Option<Table>> {
        self.named.get(name).map(|tables| tables[0].get()).transpose()
    }

    fn pop(&mut self) -> Option<Traced<Function>> {
        self.handlers.pop()
    }
}

/// What follows an order.
#[derive(LuaUserdata)]
enum Order {
    Wait,
    Follow(Traced<AnyUserdata>, Counted),
    Call { handler: Traced<Function>, _counted: Counted },
}

#[lua_methods]
impl Order {
    fn wait() -> Order {
        Order::Wait
    }

    fn follow(target: AnyUserdata) -> Order {
        Order::Follow(target.into(), Counted::new())
    }

    fn call(handler: Function) -> Order {
        Order::Call { handler: handler.into(), _counted: Counted::new() }
    }

    fn target(&self) -> luna::Result<Value> {
        match self {
            Order::Wait => Ok(Value::Nil),
            Order::Follow(target, _) => Ok(Value::Userdata(target.get()?)),
            Order::Call { handler, .. } => handler.get()?.call(()),
        }
    }
}

#[derive(LuaUserdata)]
struct Plain {
    pub hp: f64,
}

/// Handles in a type of its own.
struct Slots(Vec<Traced<Function>>);

impl Trace for Slots {
    fn trace(&self, marker: &mut UserdataMarker<'_>) {
        self.0.trace(marker);
    }
}

#[derive(LuaUserdata)]
struct Menu(#[lua(trace)] Slots, Counted);

#[lua_methods]
impl Menu {
    fn new() -> Menu {
        Menu(Slots(Vec::new()), Counted::new())
    }

    fn add(&mut self, entry: Function) {
        self.0.0.push(entry.into());
    }

    fn choose(&self, at: usize) -> luna::Result<Value> {
        self.0.0[at].get()?.call(())
    }
}

const _: () = assert!(Menu::TRACES && Node::TRACES && Order::TRACES && !Plain::TRACES);

fn with_classes(lua: &Lua) -> luna::Result<()> {
    LIVING.set(0);
    lua.set_class::<Node>("Node")?;
    lua.set_class::<Order>("Order")
}

#[test]
fn circles_through_fields_are_freed() {
    check(|lua| {
        with_classes(lua)?;
        lua.load(
            "for i = 1, 20 do
              local a, b = Node.new(), Node.new()
              a.next, b.next = b, a
              a:on(function() return b and 1 end)
              b:name('x', {a})
              a.any = {b}
              local order = Order.follow(a)
              local again
              again = Order.call(function() return again, order end)
              b.any = again
              Order.wait()
              if i == 10 then kept = a end
            end
            for i = 1, 3 do collectgarbage() end",
        )
        .exec()?;
        assert_eq!(LIVING.get(), 4);
        lua.load(
            "assert(kept.next.next == kept and kept:fire() == 1)
            assert(kept.next:named('x')[1] == kept and kept.any[1] == kept.next)
            assert(kept.next.any:target() == kept.next.any)
            kept = nil
            for i = 1, 3 do collectgarbage() end",
        )
        .exec()?;
        assert_eq!(LIVING.get(), 0);
        Ok(())
    });
}

#[test]
fn types_may_tell_of_their_handles_themselves() {
    check(|lua| {
        LIVING.set(0);
        lua.set_class::<Menu>("Menu")?;
        lua.load(
            "menu = Menu.new()
            do local own = menu menu:add(function() return own end) end
            collectgarbage() collectgarbage()
            assert(menu:choose(0) == menu)
            menu = nil
            collectgarbage() collectgarbage()",
        )
        .exec()?;
        assert_eq!(LIVING.get(), 0);
        Ok(())
    });
}

#[test]
fn values_live_as_long_as_their_userdata() {
    check(|lua| {
        with_classes(lua)?;
        lua.load(
            "node = Node.new()
            node:on(function() return 7 end)
            node:name('t', {'x'})
            node.any = 'a string of more than forty bytes, which is not shared with others'
            for i = 1, 5 do
              collectgarbage()
              local garbage = {} for j = 1, 500 do garbage[j] = {j} end
              assert(node:fire() == 7 and node:named('t')[1] == 'x' and #node.any > 40)
            end
            node.any = 5 assert(node.any == 5) node.any = nil assert(node.any == nil)
            node = nil collectgarbage()",
        )
        .exec()
    });
}

#[test]
fn a_traced_handle_outside_keeps_its_value() {
    check(|lua| {
        with_classes(lua)?;
        lua.load(
            "node = Node.new() node:on(function() return 7 end) collectgarbage() collectgarbage()",
        )
        .exec()?;
        let node: Userdata<Node> = lua.globals().get("node")?;
        let popped = node.borrow_mut()?.pop().unwrap();
        lua.load("node = nil collectgarbage() collectgarbage()").exec()?;
        assert_eq!(popped.get()?.call::<i64>(())?, 7);
        let copy = popped.clone();
        drop(popped);
        lua.load("collectgarbage() collectgarbage()").exec()?;
        assert_eq!(copy.get()?.call::<i64>(())?, 7);
        lua.globals().set("f", &copy)?;
        assert_eq!(lua.load("return f()").eval::<i64>()?, 7);
        let plain: Traced<Value> = lua.convert(3)?;
        assert_eq!(plain.get()?, Value::Integer(3));
        Ok(())
    });
    let lua = Lua::new();
    let traced = Traced::new(lua.create_table().unwrap());
    let other = Lua::new();
    let error = other.globals().set("t", &traced).unwrap_err();
    assert_eq!(error.message(), "the handle belongs to another Lua");
    drop(lua);
    assert_eq!(traced.get().unwrap_err().message(), "the Lua of this handle is closed");
}
