//! Classes of types that are declared elsewhere.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use luna::{AnyUserdata, Foreign, Function, Lua, LuaUserdata, MetaMethod};

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

/// As if it were declared elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
struct Money(i64);

impl Money {
    fn set(&mut self, amount: i64) {
        self.0 = amount;
    }

    fn spend(&mut self) {
        self.0 = 0;
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}$", self.0)
    }
}

impl std::ops::Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0 + other.0)
    }
}

impl std::ops::Add<i64> for Money {
    type Output = Money;
    fn add(self, other: i64) -> Money {
        Money(self.0 + other)
    }
}

impl std::ops::Mul<Money> for i64 {
    type Output = Money;
    fn mul(self, other: Money) -> Money {
        Money(self * other.0)
    }
}

impl std::ops::Div for Money {
    type Output = f64;
    fn div(self, other: Money) -> f64 {
        self.0 as f64 / other.0 as f64
    }
}

impl std::ops::Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}

impl PartialEq<Duration> for Money {
    fn eq(&self, other: &Duration) -> bool {
        u64::try_from(self.0) == Ok(other.as_secs())
    }
}

impl PartialEq<i64> for Money {
    fn eq(&self, other: &i64) -> bool {
        self.0 == *other
    }
}

impl PartialOrd<i64> for Money {
    fn partial_cmp(&self, other: &i64) -> Option<std::cmp::Ordering> {
        self.0.partial_cmp(other)
    }
}

#[test]
fn operators_come_from_rust_traits() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<Duration>(|t| {
        t.add_constructor("new", |seconds: u64| Foreign(Duration::from_secs(seconds)));
    })?;
    lua.register_type::<Money>(|t| {
        t.add_constructor("new", |amount: i64| Foreign(Money(amount)));
        t.impl_display();
        t.impl_partial_eq();
        t.impl_partial_eq_to::<Foreign<Duration>>();
        t.impl_partial_ord();
        t.impl_partial_ord_to::<i64>();
        t.impl_add::<Foreign<Money>>();
        t.impl_add::<i64>();
        t.impl_mul_reversed::<i64>();
        t.impl_div::<Foreign<Money>>();
        t.impl_neg();
        t.impl_clone();
        t.impl_default();
    })?;
    lua.set_class::<Foreign<Money>>("Money")?;
    lua.set_class::<Foreign<Duration>>("Duration")?;
    check(
        &lua,
        &[
            ("tostring(Money.new(2) + Money.new(3))", "5$"),
            ("tostring(Money.new(2) + 3)", "5$"),
            ("tostring(3 * Money.new(2))", "6$"),
            ("math.type(Money.new(3) / Money.new(2))", "float"),
            ("tostring(-Money.new(2))", "-2$"),
            ("Money.new(2) == Money.new(2)", "true"),
            ("Money.new(2) == Money.new(3)", "false"),
            ("Money.new(2) == Duration.new(2)", "true"),
            ("Duration.new(3) == Money.new(2)", "false"),
            ("Money.new(2) < Money.new(3) and Money.new(2) <= 2 and 1 < Money.new(2)", "true"),
            ("3 < Money.new(2)", "false"),
            ("Money.new(2):clone() + Money.default() == Money.new(2)", "true"),
            (
                "Money.new(2) + 'x'",
                "t:1: bad argument #2 to '__add' (Money or number expected, got string)",
            ),
            (
                "Money.new(2) * 3",
                "t:1: bad argument #2 to '__mul' (Money stands only on the right of this operator)",
            ),
        ],
    )
}

#[test]
fn elements_are_read_and_written_by_key() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<Vec<i64>>(|t| {
        t.name("List");
        t.add_constructor("new", || Foreign(vec![1_i64, 2, 3]));
        t.add_getter("size", |list| list.len());
        t.impl_index::<usize>();
        t.impl_index_mut::<usize>();
    })?;
    lua.set_class::<Foreign<Vec<i64>>>("List")?;
    check(
        &lua,
        &[
            ("local l = List.new() l[1] = 9 return l[1] + l[3] + l.size", "15"),
            ("List.new()[0]", "t:1: bad argument #2 to '__index' (positions count from 1)"),
            (
                "List.new()[1] = 'x'",
                "t:1: bad argument #3 to '__newindex' (number expected, got string)",
            ),
        ],
    )
}

#[test]
fn classes_are_named_strict_and_frozen_where_they_are_registered() -> luna::Result<()> {
    let lua = Lua::new();
    lua.register_type::<Money>(|t| {
        t.name("Coin").strict().frozen();
        t.add_constructor("new", |amount: i64| Foreign(Money(amount)));
        t.add_getter("amount", |money| money.0);
        t.add_typed("with", |a: &Foreign<Money>, f: Function| f.call::<i64>(a.0.0));
    })?;
    lua.set_class::<Foreign<Money>>("Coin")?;
    let spend = lua.create_function(|money: &mut Foreign<Money>| money.0.0 = 0)?;
    lua.globals().set("spend", spend)?;
    lua.globals().set("coin", Foreign(Money(5)))?;
    let frozen = "cannot borrow Coin mutably in 'spend': the type is frozen";
    check(
        &lua,
        &[
            ("coin.amount + Coin.new(1).amount", "6"),
            ("coin.amuont", "t:1: Coin has no field 'amuont' (did you mean 'amount'?)"),
            ("coin.amount = 1", "t:1: field 'amount' of Coin is read-only"),
            ("spend(coin)", &format!("t:1: {frozen}")),
            ("spend(Coin.new(1))", &format!("t:1: {frozen}")),
            ("spend(1)", "t:1: bad argument #1 to 'spend' (Coin expected, got number)"),
            ("coin:with(function(n) return n + coin.amount end)", "10"),
        ],
    )?;
    let coin: AnyUserdata = lua.globals().get("coin")?;
    let guard = coin.borrow::<Foreign<Money>>()?;
    let errors = [
        coin.borrow_mut::<Foreign<Money>>().err(),
        coin.take::<Foreign<Money>>().err(),
        coin.destroy().err(),
    ];
    for error in errors {
        let error = error.expect("what is frozen stays");
        assert!(error.message().contains("frozen"), "{error}");
    }
    drop(guard);
    assert_eq!(coin.borrow::<Foreign<Money>>()?.0, Money(5));

    // Another state knows nothing of that.
    let other = Lua::new();
    other.register_type::<Money>(|t| {
        t.add_method_mut("spend", |_, money, ()| {
            money.spend();
            Ok(())
        })
    })?;
    other.globals().set("money", Foreign(Money(5)))?;
    check(
        &other,
        &[
            ("money:spend() return money.amount", "nil"),
            ("money.spend(1)", "t:1: bad argument #1 to 'spend' (Money expected, got number)"),
        ],
    )
}

#[test]
fn a_registration_that_contradicts_itself_is_refused() {
    let lua = Lua::new();
    let refused = |register: fn(&mut luna::TypeBuilder<'_, '_, Money>)| {
        let error = lua.register_type::<Money>(register).unwrap_err();
        error.message().to_owned()
    };
    let message = refused(|t| {
        t.add_setter("amount", |money, amount: i64| {
            money.set(amount);
            Ok(())
        });
        t.frozen();
    });
    assert_eq!(message, "Money is frozen, but 'amount' changes it");
    let message = refused(|t| {
        t.add_getter("amount", |money| money.0);
        t.doc("How much.");
    });
    assert_eq!(message, "Money: what is said of an item stands before it");
    let message = refused(|t| {
        t.pure();
        t.add_method_mut("spend", |_, money, ()| {
            money.spend();
            Ok(())
        });
    });
    assert_eq!(message, "Money: 'spend' is pure, but changes an argument");
    let message = refused(|t| {
        t.extends(|_| unreachable!(), |_| -> &mut Foreign<Duration> { unreachable!() });
    });
    assert_eq!(message, "Money: the base Duration is not registered");
    // What was refused leaves nothing behind.
    lua.register_type::<Money>(|t| t.add_getter("amount", |money| money.0)).unwrap();
    lua.globals().set("money", Foreign(Money(5))).unwrap();
    assert_eq!(lua.load("money.amount").eval::<i64>().unwrap(), 5);
}

/// A part that is a class by derive.
#[derive(LuaUserdata)]
#[lua(new)]
struct Tag {
    pub text: String,
}

struct Entity {
    id: u32,
}

struct Unit {
    entity: Entity,
    tag: Tag,
}

struct Hero {
    unit: Unit,
    fame: u32,
}

#[derive(LuaUserdata)]
#[lua(extends = Foreign<Entity>)]
struct Tree {
    #[lua(base)]
    entity: Foreign<Entity>,
}

fn lua_with_units() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.register_type::<Entity>(|t| {
        t.add_constructor("new", |id: u32| Foreign(Entity { id }));
        t.add_getter("id", |entity| entity.id);
        t.add_setter("id", |entity, id: u32| {
            entity.id = id;
            Ok(())
        });
        t.add_typed("older", |a: &Foreign<Entity>, b: &Foreign<Entity>| a.id < b.id);
        t.add_method("name", |_, entity, ()| Ok(format!("entity {}", entity.id)));
        t.add_meta_method(MetaMethod::Len, |_, entity, ()| Ok(entity.id));
    })?;
    lua.register_type::<Unit>(|t| {
        t.extends(
            |unit| Foreign::from_ref(&unit.entity),
            |unit| Foreign::from_mut(&mut unit.entity),
        );
        t.extends(|unit| &unit.tag, |unit| &mut unit.tag);
        t.add_constructor("new", |id: u32| {
            let tag = Tag { text: "orc".to_owned() };
            Foreign(Unit { entity: Entity { id }, tag })
        });
        t.add_method("name", |_, unit, ()| Ok(format!("unit {}", unit.entity.id)));
    })?;
    lua.register_type::<Hero>(|t| {
        t.extends(|hero| Foreign::from_ref(&hero.unit), |hero| Foreign::from_mut(&mut hero.unit));
        // What a base has is named once more: that is another base, not that one.
        t.extends(|hero| &hero.unit.tag, |hero| &mut hero.unit.tag);
        t.add_constructor("new", |id: u32| {
            let tag = Tag { text: "elf".to_owned() };
            Foreign(Hero { unit: Unit { entity: Entity { id }, tag }, fame: 3 })
        });
        t.add_getter("fame", |hero| hero.fame);
    })?;
    lua.set_class::<Foreign<Entity>>("Entity")?;
    lua.set_class::<Foreign<Unit>>("Unit")?;
    lua.set_class::<Foreign<Hero>>("Hero")?;
    lua.globals().set("tree", Tree { entity: Foreign(Entity { id: 1 }) })?;
    Ok(lua)
}

#[test]
fn bases_are_reached_through_a_projection() -> luna::Result<()> {
    let lua = lua_with_units()?;
    let id_of = lua.create_function(|entity: &Foreign<Entity>| entity.id)?;
    lua.globals().set("id_of", id_of)?;
    let rename = lua.create_function(|tag: &mut Tag| tag.text.push('!'))?;
    lua.globals().set("rename", rename)?;
    check(
        &lua,
        &[
            ("Unit.new(3).id + #Unit.new(4)", "7"),
            ("local u = Unit.new(3) u.id = 5 return u.id", "5"),
            ("Unit.new(3):older(Entity.new(4))", "true"),
            ("Entity.new(3):older(Unit.new(2))", "false"),
            ("id_of(Hero.new(9)) + id_of(tree)", "10"),
            ("Hero.new(9):name()", "unit 9"),
            ("Unit.new(3):name() .. ', ' .. Hero.new(4):name()", "unit 3, unit 4"),
            ("local u = Unit.new(3) rename(u) return u.text", "orc!"),
            (
                "local h = Hero.new(3) rename(h) h.text = h.text .. '?' return h.text .. h.fame",
                "elf!?3",
            ),
            ("tree:name() .. #tree", "entity 11"),
            (
                "Hero.new(1):older(1)",
                "t:1: bad argument #1 to 'older' (Entity expected, got number)",
            ),
            (
                "Entity.new(1).name(Tag)",
                "t:1: bad argument #1 to 'name' (Entity expected, got nil)",
            ),
            ("Unit.older == Entity.older and Unit.new ~= Entity.new", "true"),
        ],
    )
}

/// As if it were declared elsewhere.
#[derive(Clone, Debug, PartialEq)]
enum Light {
    Red,
    Green,
}

/// A state with classes of which much is said.
fn lua_with_lights() -> luna::Result<Lua> {
    let lua = Lua::new();
    lua.register_type::<Light>(|t| {
        t.class_doc("A light.");
        t.add_variants([("Red", Light::Red), ("Green", Light::Green)]);
        t.doc("Waits.")
            .params(&[("seconds", "f64"), ("note", "Option<&str>")])
            .result("f64")
            .pure();
        t.add_method("wait", |_, _, (seconds, _): (f64, Option<String>)| Ok(seconds));
        t.deprecated("call 'wait'");
        t.add_method("pause", |_, _, ()| Ok(1));
        t.deprecated("");
        t.add_typed("rest", |_: &Foreign<Light>, times: u8| times);
        t.add_meta_method_mut(MetaMethod::Call, |_, light, ()| {
            *light = Light::Green;
            Ok(())
        });
        t.params(&[("a", "Foreign<Light>"), ("b", "Foreign<Light>")]);
        t.add_meta_function(MetaMethod::Concat, |_, (a, b): (Foreign<Light>, Foreign<Light>)| {
            Ok(format!("{:?}{:?}", a.0, b.0))
        });
    })?;
    lua.register_type::<Money>(|t| {
        t.params(&[("amount", "i64")]);
        t.add_constructor("new", |amount: i64| Foreign(Money(amount)));
        t.add_getter("amount", |money| money.0);
        let check = |amount: &i64| if *amount < 0 { Err("it is a debt") } else { Ok(()) };
        t.params(&[("amount", "i64")]);
        t.add_validated_setter("amount", check, |money, amount| money.0 = amount);
    })?;
    lua.set_class::<Foreign<Light>>("Light")?;
    lua.set_class::<Foreign<Money>>("Money")?;
    Ok(lua)
}

#[test]
fn what_is_said_of_items_counts() -> luna::Result<()> {
    let lua = lua_with_lights()?;
    check(
        &lua,
        &[
            ("Light.Red.variant .. Light.Green.variant", "RedGreen"),
            (
                "Light.Red()",
                "t:1: cannot borrow Light mutably in '__call': it is a constant, which all share",
            ),
            ("Light.Red .. Light.Green", "RedGreen"),
            (
                "Light.Red .. 1",
                "t:1: bad argument #2 to '__concat' (b: Light expected, got number)",
            ),
            (
                "Light.Red:wait('x')",
                "t:1: bad argument #1 to 'wait' (seconds: number expected, got string)",
            ),
            (
                "Light.Red:wait(1, {})",
                "t:1: bad argument #2 to 'wait' (note: string expected, got table)",
            ),
            ("Money.new({})", "t:1: bad argument #1 to 'new' (amount: number expected, got table)"),
            ("local m = Money.new(1) m.amount = 2 return m.amount", "2"),
            ("Money.new(1).amount = -1", "t:1: field 'amount' of Money: it is a debt"),
            (
                "Money.new(1).amount = 'x'",
                "t:1: field 'amount' of Money: number expected, got string",
            ),
            ("warn('@on') return Light.Red:pause() + Light.Red:pause() + Light.Red:rest(4)", "6"),
        ],
    )?;
    let log = lua.with_vm(|vm| vm.warn_log_take())?;
    let log: Vec<_> = log.iter().map(|line| String::from_utf8_lossy(line)).collect();
    assert_eq!(
        log,
        ["'pause' of Light is deprecated: call 'wait'", "'rest' of Light is deprecated"]
    );
    Ok(())
}

#[test]
fn what_is_said_of_items_is_in_the_stubs() -> luna::Result<()> {
    let lua = lua_with_lights()?;
    let text = lua.stubs()?.luals();
    for line in [
        "---A light.",
        "---Waits.",
        "---@param seconds number",
        "---@param note? string",
        "---@return number",
        "function Light:wait(seconds, note) end",
        "---@deprecated",
        "---@param arg1 integer",
        "function Light:rest(arg1) end",
        "---@field Red Light",
        "---@operator concat(Light): any",
        "---@param amount integer",
        "---@return Money",
        "function Money.new(amount) end",
        "---@field amount integer",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    Ok(())
}
