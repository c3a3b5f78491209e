//! What the compiler says to mistakes, and what it must accept. `TRYBUILD=overwrite` rewrites the messages.
//!
//! Each mistake has a file of its own in `derive`, `scope` or `lifetimes`, the compiler's answer beside it, and a twin of the same name
//! in the folder `ok` below, which compiles and differs only in the mistake.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of mistakes.
const FOLDERS: &[&str] = &["derive", "scope", "lifetimes"];

/// What is asked of the compiler's answers: a mistake in the test itself answers with one of these.
const UNRELATED: &[&str] = &["E0405", "E0412", "E0425", "E0432", "E0433", "E0601"];

/// The files of a folder with this extension, by name.
fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("a folder of this package is readable");
    let paths = entries.map(|entry| entry.expect("an entry is readable").path());
    let wanted: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    let stem = |path: &PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    wanted.iter().filter_map(stem).collect()
}

/// A file of this package.
fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// How many lines lie between the parts that two texts begin and end with.
fn changed_lines(a: &str, b: &str) -> usize {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
    let shorter = a.len().min(b.len());
    let same_before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let same_after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    a.len().max(b.len()) - (same_before + same_after).min(shorter)
}

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    for folder in FOLDERS {
        cases.compile_fail(format!("{folder}/*.rs"));
    }
}

#[test]
fn every_mistake_has_a_twin_that_compiles() {
    let compiled = text("pass/twins.rs");
    for folder in FOLDERS {
        let mistakes = names(folder, "rs");
        assert_eq!(mistakes, names(&format!("{folder}/ok"), "rs"), "{folder}");
        assert_eq!(mistakes, names(folder, "stderr"), "{folder}");
        for name in &mistakes {
            let path = format!("{folder}/ok/{name}.rs");
            assert!(compiled.contains(&format!("\"../{path}\"")), "pass/twins.rs misses {path}");
            let (wrong, right) = (text(&format!("{folder}/{name}.rs")), text(&path));
            let changed = changed_lines(&wrong, &right);
            assert!((1..=10).contains(&changed), "{path} differs in {changed} lines");
        }
    }
}

#[test]
fn every_message_is_about_the_mistake() {
    for folder in FOLDERS {
        for name in names(folder, "stderr") {
            let message = text(&format!("{folder}/{name}.stderr"));
            for code in UNRELATED {
                assert!(!message.contains(&format!("error[{code}]")), "{folder}/{name}: {message}");
            }
        }
    }
}
