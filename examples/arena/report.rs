//! What the players read: failed mods, the scoreboard.

use std::io::{self, Write};

use luna::ErrorKind;

use super::mods::{BUDGET, MEMORY, Mod};
use super::world::World;

/// Reports a mod's error: its name, where, what was expected, and how the script got there.
pub(super) fn failure(
    out: &mut impl Write,
    name: &str,
    at: &str,
    error: &luna::Error,
) -> io::Result<()> {
    writeln!(out, "mod '{name}' failed in {at} and is disabled:")?;
    details(out, error)
}

/// Reports that a mod's new code is not used.
pub(super) fn not_reloaded(
    out: &mut impl Write,
    name: &str,
    tick: u32,
    error: &luna::Error,
) -> io::Result<()> {
    writeln!(out, "tick {tick}: mod '{name}' cannot be reloaded and goes on as it was:")?;
    details(out, error)
}

/// Writes what is known of an error.
fn details(out: &mut impl Write, error: &luna::Error) -> io::Result<()> {
    let place = error.source_line().map(|(chunk, line)| format!("{}:{line}: ", &chunk[1..]));
    let message = error.message();
    match place {
        // Limits have no position of their own.
        Some(place) if !message.starts_with(&place) => writeln!(out, "  {place}{message}")?,
        _ => writeln!(out, "  {message}")?,
    }
    match error.kind() {
        ErrorKind::InstrBudget => {
            writeln!(out, "  expected: at most {BUDGET} instructions for each callback")?;
        }
        ErrorKind::MemoryCap => {
            writeln!(out, "  expected: at most {} MiB for the mod", MEMORY >> 20)?;
        }
        _ => {}
    }
    for line in error.traceback().unwrap_or_default().lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Writes how it ended.
pub(super) fn scoreboard(out: &mut impl Write, mods: &[Mod], world: &World) -> io::Result<()> {
    writeln!(out, "\nafter {} ticks", world.tick)?;
    writeln!(
        out,
        "{:<16} {:<8} {:>5} {:>7} {:>5}  mod",
        "title", "team", "alive", "health", "kills"
    )?;
    let mut rows = Vec::new();
    for played in mods {
        let (mut alive, mut health, mut kills) = (0_u32, 0.0, 0_u32);
        for unit in world.units.iter().filter(|unit| unit.team == played.config.team) {
            alive += u32::from(unit.alive());
            health += unit.health.max(0.0);
            kills += unit.kills;
        }
        rows.push((alive, health, kills, played));
    }
    rows.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(b.2.cmp(&a.2)));
    for (alive, health, kills, played) in rows {
        let (title, team) = (&played.config.title, format!("{:?}", played.config.team));
        let state = if played.enabled { "ok" } else { "disabled" };
        writeln!(out, "{title:<16} {team:<8} {alive:>5} {health:>7.1} {kills:>5}  {state}")?;
    }
    Ok(())
}
