//! Classes of types that are declared elsewhere.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use luna::{Foreign, Lua, MetaMethod};

use crate::check;

#[test]
fn foreign_types_have_all_that_derived_ones_have() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<VecDeque<i64>>(|t| {
        t.add_function("new", |_, ()| Ok(Foreign(VecDeque::<i64>::new())));
        t.add_method_mut("push", |_, queue, value: i64| {
            queue.push_back(value);
            Ok(queue.len())
        });
        t.add_method("at", |_, queue, i: usize| Ok(queue.get(i).copied()));
        t.add_getter("first", |queue| queue.front().copied());
        t.add_setter("first", |queue, value: i64| {
            let first = queue.front_mut().ok_or_else(|| luna::Error::new("it is empty"))?;
            *first = value;
            Ok(())
        });
        t.add_typed("join", |a: &mut Foreign<VecDeque<i64>>, b: &Foreign<VecDeque<i64>>| {
            a.extend(b.iter());
        });
        t.add_meta_method(MetaMethod::Len, |_, queue, ()| Ok(queue.len()));
        t.add_constant("MAX", 5);
        t.make_callable();
    })?;
    lua.set_class::<Foreign<VecDeque<i64>>>("Queue")?;
    check(
        &lua,
        &[
            ("local q = Queue() q:push(7) q:push(8) return q.first + q:at(1) + #q", "17"),
            ("local q = Queue() q:push(7) q.first = 1 return q.first + q.MAX", "6"),
            ("Queue().first = 1", "t:1: it is empty"),
            ("local q, r = Queue(), Queue() r:push(3) q:join(r) return q.first", "3"),
            ("Queue().join(1)", "t:1: bad argument #1 to 'join' (VecDeque expected, got number)"),
            ("Queue():push('x')", "t:1: bad argument #1 to 'push' (number expected, got string)"),
        ],
    )?;
    let error = lua.register_type::<VecDeque<i64>>(|_| ()).unwrap_err();
    assert_eq!(error.message(), "VecDeque is registered already, or there is a value of it");
    Ok(())
}

#[test]
fn foreign_values_go_both_ways() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<Duration>(|t| t.add_getter("seconds", Duration::as_secs_f64))?;
    let double = lua.create_function(|d: Foreign<Duration>| Foreign(d.0 * 2))?;
    let twice: Foreign<Duration> = double.call(Foreign(Duration::from_secs(2)))?;
    assert_eq!(twice.as_secs(), 4);
    // A type without methods is a value that Lua only hands on.
    let ends = lua.create_function(|range: &Foreign<Range<u8>>| (range.start, range.end))?;
    assert_eq!(ends.call::<(u8, u8)>(Foreign(1_u8..4))?, (1, 4));
    Ok(())
}

/// A part that is not always there.
struct Crate(Vec<Foreign<Duration>>);

#[test]
fn a_panic_on_the_way_to_a_part_ends_the_borrow() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<Duration>(|t| t.add_getter("seconds", Duration::as_secs_f64))?;
    lua.register_type::<Crate>(|t| {
        t.add_part("first", |c| &c.0[0], |c| &mut c.0[0]);
        t.add_method_mut("fill", |_, c, ()| {
            c.0.push(Foreign(Duration::from_secs(2)));
            Ok(())
        });
        t.add_method_mut("clear", |_, c, ()| {
            c.0.clear();
            Ok(())
        });
    })?;
    lua.globals().set("c", Foreign(Crate(Vec::new())))?;
    check(
        &lua,
        &[
            ("c:fill() first = c.first return first.seconds", "2.0"),
            // The address of the part is found anew each time.
            ("for i = 1, 100 do c:fill() end return first.seconds", "2.0"),
            ("c:clear() return pcall(function() return first.seconds end)", "false"),
            ("c:fill() return first.seconds", "2.0"),
        ],
    )
}
