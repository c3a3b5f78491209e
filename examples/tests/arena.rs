//! The arena as its players see it: reports and messages are goldens in `tests/arena`.

mod golden;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use luna_examples::arena::{self, Settings};

/// A folder that comes with the arena.
fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target directory is writable");
    folder
}

/// A match's report, or why there was none.
fn play(mods: Vec<PathBuf>, seed: u64) -> Result<String, String> {
    let mut out = Vec::new();
    let settings = Settings { ticks: 60, seed, mods, picture: None, config: None, watch: false };
    match arena::run(&settings, &mut out, |_| ()) {
        Ok(()) => Ok(String::from_utf8(out).expect("reports are text")),
        Err(error) => Err(error.to_string()),
    }
}

/// What a plain mod's `main.lua` has.
const IDLE: &str =
    "arena.unit('idler', { behaviour = 'idle' })\narena.behaviour('idle', function() end)\n";
/// A plain mod's `config.lua`.
const PLAIN: &str =
    "return { title = 'Plain', team = 'red', squad = { { kind = 'idler', count = 1 } } }";

/// The report of a match of one mod called `test` against an idle one.
fn report(test: &str, config: &str, main: &str) -> String {
    let mods = folder(test);
    for (name, config, main) in
        [("idle", PLAIN.replace("red", "blue").as_str(), IDLE), ("test", config, main)]
    {
        fs::create_dir(mods.join(name)).expect("the folder is writable");
        fs::write(mods.join(name).join("config.lua"), config).expect("the folder is writable");
        fs::write(mods.join(name).join("main.lua"), main).expect("the folder is writable");
    }
    play(vec![mods], 1).expect("the folder has mods")
}

/// The report of a mod whose behaviour is `body`.
fn behaviour(test: &str, body: &str) -> String {
    let main = format!(
        "arena.unit('idler', {{ behaviour = 'act' }})\n\narena.behaviour('act', function(world, unit)\n  {body}\nend)\n"
    );
    report(test, PLAIN, &main)
}

#[test]
fn shipped_mods_play_to_the_same_report() {
    let first = play(vec![shipped("mods")], 7).unwrap();
    assert_eq!(first, play(vec![shipped("mods")], 7).unwrap(), "same seed, same bytes");
    assert_ne!(first, play(vec![shipped("mods")], 8).unwrap(), "another seed, another match");
    golden::check("arena/shipped", &first);
}

#[test]
fn rogue_mods_are_reported_and_disabled_and_the_match_goes_on() {
    let report = play(vec![shipped("mods"), shipped("rogues")], 1).unwrap();
    golden::check("arena/rogues", &report);
}

#[test]
fn what_mods_do_wrong_is_told() {
    for (name, body) in [
        ("wrong_argument", "world:move_to(unit, 3)"),
        ("missing_argument", "world:strike(unit)"),
        ("misspelt_field", "if unit.heallth > 3 then return end"),
        ("misspelt_method", "world:move_too(unit, unit.position)"),
        ("written_field", "unit.health = 1000"),
        ("endless_loop", "while true do end"),
        ("memory", "kept = kept or {} kept[#kept + 1] = ('x'):rep(400000) .. #kept"),
        ("foreign_unit", "world:move_to(world:unit(0), unit.position)"),
        ("error_object", "error({ code = 7 })"),
        ("kept_world", "kept = kept or world; kept:units()"),
    ] {
        golden::check(&format!("arena/{name}"), &behaviour(name, body));
    }
}

#[test]
fn what_mods_say_wrong_is_told() {
    let swap = |from: &str, to: &str| PLAIN.replace(from, to);
    for (name, config, main) in [
        ("syntax_error", PLAIN.to_owned(), "arena.behaviour('idle' function() end)"),
        ("missing_config_field", swap("team = 'red', ", ""), IDLE),
        ("misspelt_config_field", swap("title", "titel"), IDLE),
        ("config_value", swap("count = 1", "\ncount = 40"), IDLE),
        ("config_variant", swap("'red'", "'rot'"), IDLE),
        ("config_syntax", swap("{ kind", "{{ kind"), IDLE),
        ("taken_team", swap("'red'", "'blue'"), IDLE),
        ("unknown_kind", swap("'idler'", "'idle'"), IDLE),
        ("unknown_behaviour", PLAIN.to_owned(), "arena.unit('idler', { behaviour = 'rest' })"),
        (
            "registration_field",
            PLAIN.to_owned(),
            "arena.unit('idler', { speed = 'fast', behaviour = 'x' })",
        ),
        ("registration_missing", PLAIN.to_owned(), "arena.unit('idler', {})"),
        ("registration_handler", PLAIN.to_owned(), "arena.on_tick('tick')"),
        ("sandbox", PLAIN.to_owned(), "os.exit()"),
    ] {
        golden::check(&format!("arena/{name}"), &report(name, &config, main));
    }
}

#[test]
fn unusable_mods_folders_are_named() {
    let empty = folder("empty");
    let tell = |path: &Path| {
        let told = match play(vec![path.to_owned()], 1) {
            Ok(report) => report,
            Err(error) => error + "\n",
        };
        told.replace(&empty.display().to_string(), "MODS")
    };
    golden::check("arena/no_mods_folder", &tell(&empty.join("missing")));
    golden::check("arena/empty_mods_folder", &tell(&empty));
    fs::create_dir(empty.join("half")).unwrap();
    golden::check("arena/without_config", &tell(&empty));
    fs::write(empty.join("half/config.lua"), PLAIN).unwrap();
    golden::check("arena/without_main", &tell(&empty));
}

/// Plays a match of a mod against an idle one, and gives the mod another `main.lua` after some ticks.
fn changed_under_way(test: &str, watch: bool, mains: &[(u32, &str)]) -> String {
    let mods = folder(test);
    let write = |name: &str, file: &str, text: &str| {
        let folder = mods.join(name);
        fs::create_dir_all(&folder).expect("the folder is writable");
        fs::write(folder.join(file), text).expect("the folder is writable");
    };
    write("idle", "config.lua", &PLAIN.replace("red", "blue"));
    write("idle", "main.lua", IDLE);
    write("test", "config.lua", PLAIN);
    write("test", "main.lua", mains[0].1);
    let mut out = Vec::new();
    let settings = Settings {
        ticks: 12,
        seed: 1,
        mods: vec![mods.clone()],
        picture: None,
        config: None,
        watch,
    };
    let progress = |tick: u32| {
        let Some((_, main)) = mains[1..].iter().find(|(at, _)| *at == tick) else { return };
        write("test", "main.lua", main);
        // Ticks may be faster than the clock of the file system.
        let later = SystemTime::now() + Duration::from_secs(tick.into());
        let file = fs::File::options().append(true).open(mods.join("test/main.lua"));
        file.and_then(|file| file.set_modified(later)).expect("the file is there");
    };
    arena::run(&settings, &mut out, progress).expect("the folder has mods");
    String::from_utf8(out).expect("reports are text")
}

/// A mod that counts the ticks and says so at the fifth.
const COUNTING: &str = "
local seen, me = 0, nil
arena.unit('idler', { behaviour = 'idle' })
arena.on_spawn(function(world, unit) me = unit.id end)
arena.on_tick(function(world)
  seen = seen + 1
  SAY
end)
arena.behaviour('idle', function() end)
";

#[test]
fn watched_mods_go_on_with_new_code_and_what_they_know() {
    let first = COUNTING.replace("SAY", "");
    let second =
        COUNTING.replace("SAY", "if seen == 10 then error('seen ' .. seen .. ' by ' .. me) end");
    let mains = [(0, first.as_str()), (4, "arena.on_tick(function("), (6, &second), (10, &first)];
    golden::check("arena/watched", &changed_under_way("watched", true, &mains));
    let unwatched = changed_under_way("unwatched", false, &mains);
    assert!(!unwatched.contains("reloaded") && !unwatched.contains("disabled"), "{unwatched}");
}

#[test]
fn picture_and_settings_are_kept() {
    let target = folder("kept");
    let (picture, config) = (target.join("arena.png"), target.join("arena.lua"));
    let settings = Settings {
        ticks: 20,
        seed: 3,
        mods: vec![shipped("mods")],
        picture: Some(picture.clone()),
        config: Some(config.clone()),
        watch: false,
    };
    arena::run(&settings, &mut Vec::new(), |_| ()).unwrap();
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    let lua = luna::Lua::new();
    let read: arena::MatchConfig = lua.load_config(&config).unwrap();
    assert_eq!((read.ticks, read.seed, read.mods.len()), (20, 3, 4));
    let again = luna::serde::to_source(&read).unwrap();
    assert_eq!(again, fs::read_to_string(&config).unwrap(), "what is read is written alike");
}

#[test]
fn stubs_are_those_that_come_with_the_mods() {
    let stubs = arena::stubs().unwrap();
    let path = shipped("mods/arena.d.lua");
    if std::env::var_os("LUNA_BLESS").is_some() {
        stubs.write_to(&path).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(stubs.luals(), kept, "cargo run --example arena -- --stubs writes them anew");
    // What they declare is Lua.
    luna::Lua::new().load(kept.as_str()).exec().unwrap();
}
