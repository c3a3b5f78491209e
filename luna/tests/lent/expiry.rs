//! The end of the scope: nothing is there any more, whoever kept what.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use luna::{
    AnyUserdata, Function, Lent, Lua, LuaUserdata, UserdataRef, UserdataRefMut, lua_methods,
};

use crate::{View, World, message};

const EXPIRED: &str = "View has expired: the scope it was lent to has ended";

#[test]
fn every_way_from_lua_has_expired() -> luna::Result<()> {
    let lua = Lua::new();
    let mut world = World::default();
    let kept = lua.scope(|scope| {
        let view = scope.create_lent(View::of(&mut world))?;
        lua.globals().set("v", &view)?;
        lua.load("spawn = v.spawn").exec()?;
        Ok(view)
    })?;
    for source in [
        "v:count()",
        "v:spawn('x')",
        "return v.ticks",
        "v.ticks = 1",
        "return #v",
        "spawn(v, 'x')",
        "v:compare(v)",
    ] {
        assert_eq!(
            message(lua.load(source).name("=t").exec()),
            format!("t:1: {EXPIRED}"),
            "{source}"
        );
    }
    // What needs no value is still there.
    lua.load("assert(v.MOST == 100 and v.longest{ 'a' } == 1)").exec()?;
    assert!(kept.is::<Lent<View<'_>>>());
    Ok(())
}

#[test]
fn every_way_from_the_host_has_expired() -> luna::Result<()> {
    let lua = Lua::new();
    let [mut first, mut second, mut third, mut fourth] = [(); 4].map(|()| World::default());
    type Kept =
        (AnyUserdata, UserdataRef<Lent<View<'static>>>, UserdataRefMut<Lent<View<'static>>>);
    let ((any, shared, mut exclusive), mut ticket): (Kept, Lent<View<'static>>) =
        lua.scope(|scope| {
            let any = scope.create_lent(View::of(&mut first))?;
            let shared = scope.create_lent(View::of(&mut second))?.borrow()?;
            let exclusive = scope.create_lent(View::of(&mut third))?.borrow_mut()?;
            let ticket = scope.create_lent(View::of(&mut fourth))?.take()?;
            Ok(((any, shared, exclusive), ticket))
        })?;
    assert_eq!(message(any.with_lent::<View<'_>, _>(|_| ())), EXPIRED);
    assert_eq!(message(any.with_lent_mut::<View<'_>, _>(|_| ())), EXPIRED);
    assert_eq!(message(shared.with(|_| ())), EXPIRED);
    assert_eq!(message(exclusive.with(|_| ())), EXPIRED);
    assert_eq!(message(exclusive.with_mut(|_| ())), EXPIRED);
    drop([first, second, third, fourth]);
    assert_eq!(message(ticket.with(|_| ())), EXPIRED);
    assert_eq!(message(ticket.with_mut(|_| ())), EXPIRED);
    // The guards outlive the state.
    drop(lua);
    assert_eq!(message(shared.with(|_| ())), EXPIRED);
    Ok(())
}

#[test]
fn what_the_host_keeps_expires_too() -> luna::Result<()> {
    let lua = Lua::new();
    let (mut world, mut other) = (World::default(), World::default());
    let mut view = View::of(&mut world);
    let still = View::of(&mut other);
    lua.scope(|scope| {
        lua.globals().set("v", scope.create_lent_mut(&mut view)?)?;
        lua.globals().set("s", scope.create_lent_ref(&still)?)
    })?;
    view.ticks = 3;
    assert_eq!((view.ticks, still.ticks), (3, 0));
    drop((world, other));
    for source in ["v:spawn('x')", "return v.ticks", "return s.ticks", "s:spawn('x')"] {
        assert_eq!(
            message(lua.load(source).name("=t").exec()),
            format!("t:1: {EXPIRED}"),
            "{source}"
        );
    }
    Ok(())
}

#[test]
fn swapped_tickets_end_with_their_own_scopes() -> luna::Result<()> {
    let lua = Lua::new();
    let swap = |a: &mut Lent<View<'static>>, b: &mut Lent<View<'static>>| std::mem::swap(a, b);
    let swap: Function = lua.create_function(swap)?;
    let mut outer = World::default();
    lua.scope(|scope| {
        let long = scope.create_lent(View { world: &mut outer, ticks: 1 })?;
        let mut inner = World { units: vec!["orc".to_owned()] };
        let short = lua.scope(|scope| {
            let short = scope.create_lent(View { world: &mut inner, ticks: 2 })?;
            swap.call::<()>((&long, &short))?;
            assert_eq!(long.with_lent::<View<'_>, _>(|view| view.ticks)?, 2);
            assert_eq!(short.with_lent::<View<'_>, _>(|view| view.ticks)?, 1);
            Ok(short)
        })?;
        drop(inner);
        assert_eq!(message(long.with_lent::<View<'_>, _>(|view| view.ticks)), EXPIRED);
        // The object of the inner scope has the ticket of the outer one.
        short.with_lent_mut::<View<'_>, _>(|view| view.spawn("elf"))?;
        lua.globals().set("short", &short)?;
        lua.load("assert(short:count() == 1)").exec()
    })?;
    assert_eq!(message(lua.load("short:count()").name("=t").exec()), format!("t:1: {EXPIRED}"));
    assert_eq!(outer.units, ["elf"]);
    Ok(())
}

/// A value that notes its end.
#[derive(LuaUserdata)]
struct Noted<'n> {
    name: &'static str,
    log: &'n RefCell<Vec<String>>,
    lua: Lua,
    panics: bool,
}

#[lua_methods]
impl Noted<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn replace(&mut self, name: &str) {
        let old = std::mem::replace(&mut self.name, "new");
        self.log.borrow_mut().push(format!("{old} to {name}"));
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        // A script that looks for the value meanwhile does not find it.
        let found = self.lua.load(format!("return pcall(kept.{0}.name, kept.{0})", self.name));
        let (found, _) = found.eval::<(bool, String)>().expect("the script runs");
        self.log.borrow_mut().push(format!("{} {found}", self.name));
        assert!(!self.panics, "{} panics", self.name);
    }
}

#[test]
fn a_value_is_dropped_once_when_the_scope_ends() -> luna::Result<()> {
    let lua = Lua::new();
    let log = RefCell::default();
    lua.load("kept = {}").exec()?;
    lua.scope(|scope| {
        for name in ["a", "b"] {
            let noted = Noted { name, log: &log, lua: lua.clone(), panics: false };
            let noted = scope.create_lent(noted)?;
            lua.load("local noted = ... kept[noted:name()] = noted").call::<()>(&noted)?;
        }
        // Neither a collection nor the end of its userdata ends the value.
        let noted = Noted { name: "c", log: &log, lua: lua.clone(), panics: false };
        let noted = scope.create_lent(noted)?;
        noted.destroy()?;
        lua.load("kept.c = ...").call::<()>(noted)?;
        lua.collect_garbage()?;
        log.borrow_mut().push("end".to_owned());
        Ok(())
    })?;
    assert_eq!(*log.borrow(), ["end", "c false", "b false", "a false"]);
    lua.load("kept = nil").exec()?;
    lua.collect_garbage()?;
    assert_eq!(log.borrow().len(), 4);
    Ok(())
}

#[test]
fn a_panic_in_one_drop_does_not_keep_the_others() -> luna::Result<()> {
    let lua = Lua::new();
    let log = RefCell::default();
    lua.load("kept = {}").exec()?;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        lua.scope(|scope| {
            for (name, panics) in [("a", false), ("b", true), ("c", false)] {
                let noted = Noted { name, log: &log, lua: lua.clone(), panics };
                lua.load("local noted = ... kept[noted:name()] = noted")
                    .call::<()>(scope.create_lent(noted)?)?;
            }
            Ok(())
        })
    }));
    let payload = panicked.expect_err("the panic comes out");
    assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("b panics"));
    assert_eq!(*log.borrow(), ["c false", "b false", "a false"]);
    assert!(lua.load("kept.a:name()").exec().is_err());
    Ok(())
}

#[test]
fn a_panic_in_the_scope_ends_its_loans() -> luna::Result<()> {
    let lua = Lua::new();
    let log = RefCell::default();
    lua.load("kept = {}").exec()?;
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        lua.scope(|scope| -> luna::Result<()> {
            let noted = Noted { name: "a", log: &log, lua: lua.clone(), panics: true };
            lua.load("kept.a = ...").call::<()>(scope.create_lent(noted)?)?;
            panic!("scope");
        })
    }));
    // A second panic while the first unwinds does not abort.
    assert_eq!(panicked.expect_err("it panics").downcast_ref::<&str>(), Some(&"scope"));
    assert_eq!(*log.borrow(), ["a false"]);
    Ok(())
}

#[test]
fn a_value_may_be_exchanged_inside() -> luna::Result<()> {
    let lua = Lua::new();
    let log = RefCell::default();
    lua.load("kept = {}").exec()?;
    lua.scope(|scope| {
        let noted = Noted { name: "a", log: &log, lua: lua.clone(), panics: false };
        lua.load("kept.new = ... kept.new:replace('b') assert(kept.new:name() == 'new')")
            .call::<()>(scope.create_lent(noted)?)
    })?;
    assert_eq!(*log.borrow(), ["a to b", "new false"]);
    Ok(())
}

/// A value that does something when it is dropped.
#[derive(LuaUserdata)]
struct Last<'s>(Box<dyn FnMut() + 's>);

impl Drop for Last<'_> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn what_a_drop_lends_ends_too() -> luna::Result<()> {
    let lua = Lua::new();
    let log = RefCell::default();
    lua.load("kept = {}").exec()?;
    lua.scope(|scope| {
        let (lua, log) = (&lua, &log);
        let late = move || {
            let noted = Noted { name: "late", log, lua: lua.clone(), panics: false };
            let noted = scope.create_lent(noted).expect("the scope still lends");
            let source = "kept.late = ... assert(kept.late:name() == 'late')";
            lua.load(source).call::<()>(noted).expect("what is lent late is there");
        };
        scope.create_lent(Last(Box::new(late)))?;
        Ok(())
    })?;
    assert_eq!(*log.borrow(), ["late false"]);
    Ok(())
}
