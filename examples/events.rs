//! Event handlers in Lua: a script subscribes, Rust fires, and lends what the handlers may change.

#![expect(clippy::print_stdout, reason = "what an example is for")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use luna::{Function, Lua, LuaUserdata, lua_methods};

/// What an event's handlers see and may change.
#[derive(Debug, LuaUserdata)]
#[lua(strict)]
struct Damage {
    /// Health that will be lost.
    pub amount: f64,
    #[lua(readonly)]
    pub kind: String,
}

#[lua_methods]
impl Damage {
    fn cancel(&mut self) {
        self.amount = 0.0;
    }
}

/// Handlers by the name of their event.
type Handlers = Rc<RefCell<BTreeMap<String, Vec<Function>>>>;

/// Calls all handlers of an event; one that fails does not keep the others from being called.
fn fire(lua: &Lua, handlers: &Handlers, event: &str, damage: &mut Damage) -> luna::Result<()> {
    let functions = handlers.borrow().get(event).cloned().unwrap_or_default();
    lua.scope(|scope| {
        let lent = scope.create_userdata_ref_mut(damage)?;
        for function in functions {
            if let Err(error) = function.call::<()>(&lent) {
                println!("a handler of '{event}' failed: {error}");
            }
        }
        Ok(())
    })
}

/// The script of somebody else.
const SCRIPT: &str = r#"
on("damage", function(damage)
  if damage.kind == "fire" then damage.amount = damage.amount * 2 end
end)
on("damage", function(damage)
  if damage.kind == "poison" then damage:cancel() end
end)
on("damage", function(damage)
  if damage.amount > 50 then damage.amuont = 50 end
end)
"#;

fn main() -> luna::Result<()> {
    let lua = Lua::new();
    let handlers = Handlers::default();
    let registry = Rc::clone(&handlers);
    let on = lua.create_function(move |event: String, handler: Function| {
        registry.borrow_mut().entry(event).or_default().push(handler);
    })?;
    lua.globals().set("on", on)?;
    lua.load(SCRIPT).name("@shield.lua").exec()?;
    for (kind, amount) in [("fire", 20.0), ("poison", 10.0), ("fire", 30.0)] {
        let mut damage = Damage { amount, kind: kind.to_owned() };
        fire(&lua, &handlers, "damage", &mut damage)?;
        println!("{amount} by {kind} becomes {}", damage.amount);
    }
    Ok(())
}
