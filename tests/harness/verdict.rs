//! Results against a list of known failures.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The known failures of one suite: a name and a dialect to a reason.
#[derive(Debug)]
pub struct KnownFailures(BTreeMap<(String, String), String>);

impl KnownFailures {
    /// Reads lines of the form `name dialect reason`; empty ones and those with `#` do not count.
    ///
    /// # Panics
    ///
    /// When the file is missing or a line has no reason.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the list of known failures is readable");
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let entries = lines.map(|line| {
            let mut parts = line.splitn(3, ' ');
            let (Some(name), Some(dialect), Some(reason)) =
                (parts.next(), parts.next(), parts.next())
            else {
                panic!("not `name dialect reason`: {line}");
            };
            ((name.to_owned(), dialect.to_owned()), reason.to_owned())
        });
        Self(entries.collect())
    }

    /// Checks that exactly the listed runs failed.
    ///
    /// # Panics
    ///
    /// When a run failed and is not listed, or is listed and did not fail.
    pub fn judge(mut self, results: Vec<Verdict>) {
        let mut text = String::new();
        let (mut passed, mut known) = (0, 0);
        for Verdict { name, dialect, failure } in results {
            let listed = self.0.remove(&(name.clone(), dialect.clone()));
            match (failure, listed) {
                (None, None) => passed += 1,
                (Some(_), Some(_)) => known += 1,
                (Some(why), None) => {
                    writeln!(text, "{name} {dialect} fails: {why}").expect("a string grows")
                }
                (None, Some(_)) => {
                    writeln!(text, "{name} {dialect} passes but is listed as failing")
                        .expect("a string grows");
                }
            }
        }
        for (name, dialect) in self.0.into_keys() {
            writeln!(text, "{name} {dialect} is listed as failing but did not run")
                .expect("a string grows");
        }
        crate::report(&format!("{passed} passed, {known} known failures"));
        assert!(text.is_empty(), "\n{text}");
    }
}

/// The result of one run.
#[derive(Debug)]
pub struct Verdict {
    /// The case.
    pub name: String,
    /// The dialect it ran in.
    pub dialect: String,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// The first line that differs, with what was expected and what came.
#[must_use]
pub fn first_difference(expected: &[u8], actual: &[u8]) -> String {
    let mut wanted = expected.split(|byte| *byte == b'\n');
    let mut got = actual.split(|byte| *byte == b'\n');
    let show = |line: Option<&[u8]>| {
        line.map_or("(nothing)".into(), |line| String::from_utf8_lossy(line).into_owned())
    };
    for number in 1.. {
        let (left, right) = (wanted.next(), got.next());
        if left != right {
            return format!(
                "line {number}:\n  expected: {}\n  got:      {}",
                show(left),
                show(right)
            );
        }
        if left.is_none() {
            break;
        }
    }
    "no difference".to_owned()
}
