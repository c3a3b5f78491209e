//! The official test suites, file by file, in their portable mode.
//!
//! `LUNA_OFFICIAL` names a folder with `lua-5.4.8-tests` and `lua-5.5.1-tests`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use luna_tests::process::{map_parallel, run};
use luna_tests::verdict::{KnownFailures, Verdict};
use luna_tests::{report, repository};

/// A guard against files that never end.
const LIMIT: Duration = Duration::from_secs(100);

/// What the suites read to leave out what is not portable.
const PORTABLE: &str = "_U=true _soft=true _port=true _nomsg=true _no32=true _noposix=true _nolonglong=true \
                        _noformatA=true T=nil Message=function() end";

/// One file of a suite.
struct Run {
    suite: PathBuf,
    dialect: &'static str,
    file: String,
}

/// The files of a suite; `heavy.lua` wants all the memory of the machine.
fn runs(suites: &Path, suite: &str, dialect: &'static str) -> Vec<Run> {
    let suite = suites.join(suite);
    let entries =
        fs::read_dir(&suite).unwrap_or_else(|error| panic!("{}: {error}", suite.display()));
    let names = entries.map(|entry| {
        entry.expect("a suite is readable").file_name().to_string_lossy().into_owned()
    });
    let mut names: Vec<_> =
        names.filter(|name| name.ends_with(".lua") && name != "heavy.lua").collect();
    names.sort();
    names.into_iter().map(|file| Run { suite: suite.clone(), dialect, file }).collect()
}

/// Copies a folder with all it holds.
fn copy(from: &Path, to: &Path) {
    let mut pending = vec![(from.to_path_buf(), to.to_path_buf())];
    while let Some((from, to)) = pending.pop() {
        fs::create_dir_all(&to).expect("the temporary folder is writable");
        for entry in fs::read_dir(&from).expect("a suite is readable") {
            let entry = entry.expect("a suite is readable");
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                pending.push((entry.path(), target));
            } else {
                fs::copy(entry.path(), target).expect("the temporary folder is writable");
            }
        }
    }
}

/// Runs one file in a copy of its suite, as it leaves files behind.
fn check(luna: &Path, case: &Run) -> Verdict {
    let Run { suite, dialect, file } = case;
    let folder = std::env::temp_dir().join(format!("luna-{}-{dialect}-{file}", std::process::id()));
    copy(suite, &folder);
    let mut command = Command::new(luna);
    command.arg(format!("--lua={dialect}")).env("LUA_PATH", "?;./?.lua").current_dir(&folder);
    match file.as_str() {
        "all.lua" => command.args(["-e", "_U=true _soft=true", file]),
        // It yields, so it cannot be the main chunk of the command.
        "big.lua" => command.args(["-e", &format!("{PORTABLE} dofile('big.lua')")]),
        _ => command.args(["-e", PORTABLE, file]),
    };
    let outcome = run(&mut command, LIMIT);
    fs::remove_dir_all(&folder).expect("the temporary folder is writable");
    let error = String::from_utf8_lossy(&outcome.stderr).into_owned();
    let error = error
        .lines()
        .find(|line| line.starts_with("luna: "))
        .or(error.lines().last())
        .unwrap_or_default();
    let failure = (!outcome.success).then(|| {
        if outcome.timed_out {
            "the time limit".to_owned()
        } else {
            format!("{} {error}", outcome.status)
        }
    });
    Verdict { name: file.clone(), dialect: (*dialect).to_owned(), failure }
}

#[test]
fn official_suites_pass() {
    let Some(suites) = std::env::var_os("LUNA_OFFICIAL").map(PathBuf::from) else {
        report("skipped: LUNA_OFFICIAL is not set");
        return;
    };
    let luna = repository::luna();
    let mut all = runs(&suites, "lua-5.4.8-tests", "5.4");
    all.extend(runs(&suites, "lua-5.5.1-tests", "5.5"));
    let results = map_parallel(&all, |case| check(&luna, case));
    KnownFailures::read(&repository::package().join("official_known_failures.txt")).judge(results);
}
