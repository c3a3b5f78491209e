//! The corpus reaches everything: each instruction, library function, event and error message is met by a case, or listed in
//! `unreached.txt` with the reason why no script can meet it.

use std::collections::BTreeMap;
use std::fs;

use luna_core::LuaVersion;
use luna_tests::case::Case;
use luna_tests::observation::{Reached, Seen, run};
use luna_tests::{messages, report, repository};

/// The dialects and their names in headers.
fn dialects() -> [(&'static str, LuaVersion); 2] {
    [("5.4", LuaVersion::Lua54), ("5.5", LuaVersion::Lua55)]
}

/// What is listed as out of reach: kind, dialect (`-` for messages) and name, to the reason.
struct Unreached(BTreeMap<(String, String, String), String>);

impl Unreached {
    /// Reads lines of the form `kind dialect name | reason`.
    fn read() -> Self {
        let path = repository::package().join("unreached.txt");
        let text = fs::read_to_string(path).expect("the list is readable");
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let entry = |line: &str| {
            let (what, reason) = line.rsplit_once(" | ")?;
            let mut words = what.splitn(3, ' ');
            let key = (words.next()?.into(), words.next()?.into(), words.next()?.into());
            Some((key, reason.to_owned()))
        };
        Self(
            lines
                .map(|line| {
                    entry(line)
                        .unwrap_or_else(|| panic!("not `kind dialect name | reason`: {line}"))
                })
                .collect(),
        )
    }

    /// Whether something is listed; it is struck from the list.
    fn take(&mut self, kind: &str, dialect: &str, name: &str) -> bool {
        self.0.remove(&(kind.to_owned(), dialect.to_owned(), name.to_owned())).is_some()
    }

    /// What was listed and not asked for.
    fn rest(self, kinds: &[&str], wrong: &mut Vec<String>) {
        for (kind, dialect, name) in self.0.into_keys() {
            if kinds.contains(&&*kind) {
                wrong.push(format!(
                    "{kind} {dialect} {name} is listed as unreached but is reached, or is not there"
                ));
            }
        }
    }
}

/// Compares what was reached with the list.
fn judge(kind: &str, dialect: &str, seen: &Seen, list: &mut Unreached, wrong: &mut Vec<String>) {
    let mut met = 0;
    for (name, reached) in seen {
        if *reached {
            met += 1;
        } else if !list.take(kind, dialect, name) {
            wrong.push(format!("{kind} {dialect} {name} is reached by no case"));
        }
    }
    report(&format!("{dialect}: {met} of {} {kind}s reached", seen.len()));
}

#[test]
fn every_op_function_and_event_is_reached() {
    let mut list = Unreached::read();
    let mut wrong = Vec::new();
    let cases = Case::all();
    for (name, version) in dialects() {
        let mut reached = Reached::default();
        for case in cases.iter().filter(|case| case.dialects.iter().any(|own| own == name)) {
            let folder = case.path.parent().expect("a case lies in a folder");
            std::env::set_current_dir(folder).expect("a folder of the repository can be entered");
            run(case, version, &mut reached);
        }
        judge("op", name, &reached.ops, &mut list, &mut wrong);
        judge("function", name, &reached.functions, &mut list, &mut wrong);
        judge("event", name, &reached.events, &mut list, &mut wrong);
    }
    list.rest(&["op", "function", "event"], &mut wrong);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_error_message_is_reached() {
    let mut list = Unreached::read();
    let mut wrong = Vec::new();
    let mut outputs = String::new();
    for folder in ["cases", "cli"] {
        for path in repository::files(&repository::package().join(folder), "out") {
            let bytes = fs::read(path).expect("an expected output is readable");
            outputs.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    let templates = messages::templates();
    let mut met = 0;
    for template in &templates {
        if outputs.lines().any(|line| template.is_in(line)) {
            met += 1;
        } else if !list.take("message", "-", &template.text) {
            wrong.push(format!(
                "message - {} ({}) is reached by no case",
                template.text, template.path
            ));
        }
    }
    report(&format!("{met} of {} messages reached", templates.len()));
    list.rest(&["message"], &mut wrong);
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_not_reached_is_named() {
    let list = || Unreached([(("op".into(), "5.4".into(), "B".into()), "why".into())].into());
    let seen = |b| Seen::from([("A".to_owned(), true), ("B".to_owned(), b), ("C".to_owned(), b)]);
    let mut wrong = Vec::new();
    let mut listed = list();
    judge("op", "5.4", &seen(false), &mut listed, &mut wrong);
    listed.rest(&["op"], &mut wrong);
    assert_eq!(wrong, ["op 5.4 C is reached by no case"]);
    wrong.clear();
    let mut listed = list();
    judge("op", "5.4", &seen(true), &mut listed, &mut wrong);
    listed.rest(&["op"], &mut wrong);
    assert_eq!(wrong.len(), 1, "a needless entry is named too: {wrong:?}");
}

#[test]
fn messages_are_found_by_their_fixed_parts() {
    let template = messages::Template::new("bad size ({n}) of '{what}'", "");
    assert!(template.is_in("t:1: bad size (17) of 'x'"));
    assert!(!template.is_in("t:1: of 'x' bad size (17)"));
}
