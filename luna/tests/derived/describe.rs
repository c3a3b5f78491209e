//! What tools learn of classes.

use luna::{ClassInfo, Function, FunctionKind, IntoLua, Lua, LuaUserdata, MetaMethod, lua_methods};

/// A base.
#[derive(LuaUserdata)]
struct Thing {
    /// Its number.
    pub id: u32,
}

/// A unit of the game.
///
/// It fights.
#[derive(Clone, LuaUserdata)]
#[lua(name = "Unit", impls(Debug, PartialEq), methods(combat), new)]
#[derive(Debug, PartialEq)]
struct Soldier {
    /// How much it can take.
    pub hp: f64,
    #[lua(readonly, deprecated = "read 'hp'")]
    pub tags: Vec<Option<String>>,
}

#[lua_methods]
impl Soldier {
    /// The most it can take.
    const MAX: f64 = 10.0;

    #[lua(pure)]
    fn strength(&self, other: &Soldier) -> f64 {
        self.hp / other.hp
    }

    /// Heals it.
    #[lua(defaults(by = 1.0))]
    fn heal(&mut self, lua: &Lua, by: f64, note: Option<&str>) -> f64 {
        let _ = (lua, note);
        self.hp += by;
        self.hp
    }

    #[lua(ctor)]
    fn parse(text: &str) -> Result<Self, std::num::ParseFloatError> {
        Ok(Soldier { hp: text.parse()?, tags: Vec::new() })
    }

    #[lua(meta = Add)]
    fn plus(&self, other: &Soldier) -> f64 {
        self.hp + other.hp
    }
}

#[lua_methods(combat)]
impl Soldier {
    #[lua(variadic, nil_err)]
    fn hit(targets: Vec<u8>) -> Result<usize, String> {
        Ok(targets.len())
    }
}

#[derive(LuaUserdata)]
#[lua(extends = Thing)]
struct Chest {
    #[lua(base)]
    thing: Thing,
}

#[test]
fn classes_are_described_as_they_are_written() {
    let unit = ClassInfo::of::<Soldier>();
    assert_eq!((unit.name, unit.docs), ("Unit", "A unit of the game.\n\nIt fights."));
    let field = unit.fields[0];
    assert_eq!((field.name, field.docs, field.ty), ("hp", "How much it can take.", "f64"));
    assert!(field.readable && field.writable);
    let field = unit.fields[1];
    assert_eq!((field.ty, field.deprecated), ("Vec<Option<String>>", Some("read 'hp'")));
    assert!(field.readable && !field.writable);
    let constant = unit.constants[0];
    assert_eq!((constant.name, constant.ty), ("MAX", "f64"));
    assert_eq!(constant.docs, "The most it can take.");

    let found = |name| unit.functions.iter().find(|f| f.name == name).expect("a function");
    let heal = found("heal");
    assert_eq!((heal.kind, heal.docs), (FunctionKind::Method, "Heals it."));
    let params: Vec<_> = heal.params.iter().map(|p| (p.name, p.ty, p.default)).collect();
    assert_eq!(params, [("by", "f64", Some("1.0")), ("note", "Option<&str>", None)]);
    assert_eq!(heal.result, "f64");
    assert!(found("strength").pure && !heal.pure);
    let parse = found("new");
    assert_eq!((parse.kind, parse.params.len()), (FunctionKind::Constructor, 2));
    assert_eq!(found("Add").kind, FunctionKind::Meta);
    let hit = found("hit");
    assert!(hit.variadic && hit.nil_err && !hit.named);
    assert_eq!(hit.result, "Result<usize, String>");
    let events: Vec<_> = unit.operators.iter().map(|operator| operator.event).collect();
    assert_eq!(events, [MetaMethod::ToString, MetaMethod::Eq]);
}

#[test]
fn natives_know_what_their_source_says() -> luna::Result<()> {
    let lua = Lua::new();
    let class = lua.class_table::<Soldier>()?;
    let source = |name: &str| {
        let function: Function = class.get(name)?;
        lua.with_vm(|vm| {
            let native = IntoLua::into_value(function, vm);
            vm.descriptor(native).source
        })
    };
    let (strength, heal, hit) = (source("strength")?, source("heal")?, source("hit")?);
    assert!(strength.pure && !heal.pure && !hit.pure);
    assert_eq!((heal.receivers, heal.params[1].name), (1, "note"));
    assert!(hit.receivers == 0 && hit.variadic);
    Ok(())
}

#[test]
fn classes_in_use_are_listed_by_name() -> luna::Result<()> {
    let lua = Lua::new();
    lua.set_class::<Soldier>("Unit")?;
    lua.set_class::<Chest>("Chest")?;
    let classes = lua.describe_classes()?;
    let names: Vec<_> = classes.iter().map(|class| (class.name, class.bases.clone())).collect();
    assert_eq!(names, [("Chest", vec!["Thing"]), ("Unit", vec![])]);
    Ok(())
}
