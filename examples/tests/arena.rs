//! The arena as its players see it.

use std::fs;
use std::path::{Path, PathBuf};

use luna_examples::arena::{self, Settings};

/// The mods that come with the arena.
fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("mods")
}

/// An empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target directory is writable");
    folder
}

/// A match's report, or why there was none.
fn play(mods: PathBuf, seed: u64) -> Result<String, String> {
    let mut out = Vec::new();
    match arena::run(&Settings { ticks: 150, seed, mods }, &mut out) {
        Ok(()) => Ok(String::from_utf8(out).expect("reports are text")),
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn same_seed_same_bytes() {
    let first = play(shipped(), 7).unwrap();
    assert_eq!(first, play(shipped(), 7).unwrap());
    assert_ne!(first, play(shipped(), 8).unwrap());
    assert!(first.contains(" fells "), "{first}");
    assert!(!first.contains("disabled"), "{first}");
}

#[test]
fn failing_mod_is_disabled_and_the_match_goes_on() {
    let mods = folder("failing");
    for (name, source) in [
        ("good", fs::read_to_string(shipped().join("wolves/main.lua")).unwrap()),
        (
            "late",
            "function on_tick(unit, tick)\n  if tick == 3 then unit.nothing.at = 1 end\nend"
                .to_owned(),
        ),
        ("wrong", "function on_tick(".to_owned()),
    ] {
        fs::create_dir(mods.join(name)).unwrap();
        fs::write(mods.join(name).join("main.lua"), source).unwrap();
    }
    let report = play(mods, 1).unwrap();
    for expected in [
        "mod 'late' failed in on_tick and is disabled:\n  late/main.lua:2: ",
        "\n  stack traceback:\n",
        "mod 'wrong' failed in main.lua and is disabled:\n  wrong/main.lua:1: ",
        " fells late ",
    ] {
        assert!(report.contains(expected), "{expected:?} in {report}");
    }
    assert_eq!(report.matches("mod 'late'").count(), 1, "{report}");
}

#[test]
fn unusable_mods_folders_are_named() {
    let empty = folder("empty");
    let missing = empty.join("missing");
    for path in [&empty, &missing] {
        let error = play(path.clone(), 1).unwrap_err();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        assert!(error.contains("expected a folder of mods"), "{error}");
    }
    fs::create_dir(empty.join("half")).unwrap();
    let error = play(empty, 1).unwrap_err();
    assert!(error.contains("main.lua") && error.contains("mod 'half'"), "{error}");
}
