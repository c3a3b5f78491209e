//! Bases and parts of types that are registered by a closure.

use luna::{Foreign, Function, Lua};

#[derive(Clone, Copy)]
struct Base(i32);

struct Pair {
    first: Foreign<Base>,
    second: Foreign<Base>,
}

/// A state that knows `Base`.
fn lua_with_base() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.register_type::<Base>(|t| t.add_getter("n", |base| base.0))?;
    Ok(lua)
}

fn pair() -> Foreign<Pair> {
    Foreign(Pair { first: Foreign(Base(1)), second: Foreign(Base(2)) })
}

#[test]
fn each_state_has_bases_of_its_own() -> luna::Result<()> {
    let (one, two) = (lua_with_base()?, lua_with_base()?);
    one.register_type::<Pair>(|t| t.extends(|p| &p.first, |p| &mut p.first))?;
    one.globals().set("p", pair())?;
    assert_eq!(one.load("p.n").eval::<i32>()?, 1);
    two.register_type::<Pair>(|t| t.extends(|p| &p.second, |p| &mut p.second))?;
    two.globals().set("p", pair())?;
    assert_eq!(one.load("p.n").eval::<i32>()?, 1);
    assert_eq!(two.load("p.n").eval::<i32>()?, 2);
    Ok(())
}

#[test]
fn a_refused_registration_names_no_base() -> luna::Result<()> {
    let (plain, refused) = (lua_with_base()?, lua_with_base()?);
    plain.register_type::<Pair>(|_| {})?;
    let n: Function = plain.create_function(|base: &Foreign<Base>| base.0.0)?;
    let expected = "bad argument #1 to '?' (Base expected, got Pair)";
    assert_eq!(n.call::<i32>(pair()).unwrap_err().message(), expected);
    let registered = refused.register_type::<Pair>(|t| {
        t.extends(|p| &p.first, |p| &mut p.first);
        t.doc("of nothing");
    });
    assert!(registered.is_err());
    assert_eq!(n.call::<i32>(pair()).unwrap_err().message(), expected);
    Ok(())
}

#[test]
fn bases_that_two_states_name_in_a_circle_end() -> luna::Result<()> {
    struct A;
    struct B;
    struct Other;
    fn b_of(_: &A) -> &Foreign<B> {
        const { &Foreign(B) }
    }
    fn a_of(_: &B) -> &Foreign<A> {
        const { &Foreign(A) }
    }
    let (one, two) = (Lua::new(), Lua::new());
    one.register_type::<B>(|_| {})?;
    one.register_type::<A>(|t| t.extends(b_of, |_| Box::leak(Box::new(Foreign(B)))))?;
    two.register_type::<A>(|_| {})?;
    two.register_type::<B>(|t| t.extends(a_of, |_| Box::leak(Box::new(Foreign(A)))))?;
    let f = one.create_function(|_: &Foreign<Other>| {})?;
    let error = f.call::<()>(Foreign(A)).unwrap_err();
    assert_eq!(error.message(), "bad argument #1 to '?' (Other expected, got A)");
    Ok(())
}

#[test]
fn parts_of_ones_own_type_have_an_end() -> luna::Result<()> {
    let lua = Lua::builder().memory_cap(4 << 20).build();
    lua.register_type::<Base>(|t| {
        t.add_getter("n", |base| base.0);
        t.add_part("me", |base| Foreign::from_ref(base), |base| Foreign::from_mut(base));
    })?;
    lua.globals().set("o", Foreign(Base(3)))?;
    assert_eq!(
        lua.load("local p = o for i = 1, 99 do p = p.me end return p.me.n").eval::<i32>()?,
        3
    );
    let error = lua.load("local p = o while true do p = p.me end").name("=t").exec().unwrap_err();
    assert_eq!(error.message(), "t:1: parts of Base nest too deep");
    // What they take counts.
    let before = lua.memory_used()?;
    lua.load("kept = {} local p = o for i = 1, 100 do p = p.me kept[i] = p end").exec()?;
    assert!(lua.memory_used()? - before > 100 * 50 * size_of::<usize>());
    Ok(())
}
