//! What mods may use, for editors.

use luna::{FieldInfo, Stubs, TypeInfo, TypeShape};

use super::ArenaError;
use super::mods::sandbox;
use super::unit::{Team, UnitKind};
use super::world::World;

/// What mods may use: `examples/mods/arena.d.lua` has it.
///
/// # Errors
/// The engine's own use of Lua failed.
pub fn stubs() -> Result<Stubs, ArenaError> {
    let squad = [
        ("kind", "String", "The kind, as the mod registers it."),
        ("count", "u32", "How many, 1 to 12."),
    ];
    let config = [
        ("title", "String", "The name on the scoreboard."),
        ("team", "Team", "The side it plays."),
        ("squad", "Vec<Squad>", "The units it brings."),
        (
            "aggression",
            "f64",
            "How readily its units attack, 0 to 1; 0.5 if `config.lua` says nothing.",
        ),
    ];
    let stubs = sandbox(0)?
        .stubs()?
        .class::<World>()
        .into_lua::<Team>()
        .from_lua::<UnitKind>()
        .described(table("Squad", "Units of one kind.", &squad))
        .described(table(
            "ModConfig",
            "What a mod says about itself in `config.lua`, with defaults filled in.",
            &config,
        ))
        .function("arena.unit", "Registers a kind of unit.", "fn(name: String, kind: UnitKind)")
        .function(
            "arena.behaviour",
            "Registers a behaviour: what a unit of a kind that names it does in each tick.",
            "fn(name: String, act: fn(world: World, unit: Unit))",
        )
        .function(
            "arena.on_spawn",
            "Sets what is called for each unit of the mod that is put on the plane.",
            "fn(handler: fn(world: World, unit: Unit))",
        )
        .function(
            "arena.on_tick",
            "Sets what is called in each tick, before the units act.",
            "fn(handler: fn(world: World))",
        )
        .function(
            "arena.on_hit",
            "Sets what is called when a unit of the mod is hit.",
            "fn(handler: fn(world: World, unit: Unit, damage: f64))",
        )
        .global("config", "The settings of the mod.", "ModConfig");
    Ok(stubs)
}

/// A type that serde reads from a table: names, types and documentation of its fields.
fn table(
    name: &'static str,
    docs: &'static str,
    fields: &[(&'static str, &'static str, &'static str)],
) -> TypeInfo {
    let field = |&(name, ty, docs)| FieldInfo {
        name,
        docs,
        ty,
        readable: true,
        writable: true,
        deprecated: None,
    };
    let shape = TypeShape::Table(fields.iter().map(field).collect());
    TypeInfo { name, path: name, docs, shape }
}
