//! The corpus: each case of `cases` prints what the reference interpreter prints.
//!
//! `LUNA_BLESS=1 LUNA_PUC54=path LUNA_PUC55=path` writes the expected output anew, with the
//! reference interpreters.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use luna_tests::case::Case;
use luna_tests::process::{Outcome, map_parallel, run};
use luna_tests::verdict::{KnownFailures, Verdict, first_difference};
use luna_tests::{report, repository};

/// No case takes longer than this.
const LIMIT: Duration = Duration::from_secs(if cfg!(any(gc_zeal, stack_zeal, asan)) {
    // These builds look at the whole heap, or move it, again and again.
    120
} else {
    20
});

/// The standard output, then the error text without the name of the program.
fn output(case: &Case, command: &mut Command, program: &str) -> (Outcome, Vec<u8>) {
    let folder = case.path.parent().expect("a case lies in a folder");
    let file = case.path.file_name().expect("a case is a file");
    let outcome = run(command.arg(file).current_dir(folder), LIMIT);
    let mut text = outcome.stdout.clone();
    let prefix = format!("{program}: ");
    text.extend_from_slice(
        outcome.stderr.strip_prefix(prefix.as_bytes()).unwrap_or(&outcome.stderr),
    );
    (outcome, text)
}

fn check(case: &Case, luna: &Path, dialect: &str) -> Verdict {
    let expected = fs::read(case.golden(dialect))
        .unwrap_or_else(|_| panic!("{} has no expected output", case.name));
    let (outcome, actual) =
        output(case, Command::new(luna).arg(format!("--lua={dialect}")), &luna.to_string_lossy());
    let failure = if outcome.timed_out {
        Some("the time limit".to_owned())
    } else {
        (expected != actual)
            .then(|| format!("{} ({})", first_difference(&expected, &actual), outcome.status))
    };
    Verdict { name: case.name.clone(), dialect: dialect.to_owned(), failure }
}

fn bless(case: &Case) {
    let mut shared: Option<Vec<u8>> = None;
    for dialect in &case.dialects {
        let variable = format!("LUNA_PUC{}", dialect.replace('.', ""));
        let program =
            std::env::var(&variable).unwrap_or_else(|_| panic!("{variable} names no interpreter"));
        let (outcome, text) = output(case, &mut Command::new(&program), &program);
        assert!(!outcome.timed_out, "{} takes the reference too long", case.name);
        let own = case.own_golden(dialect);
        match &shared {
            None => {
                fs::write(case.path.with_extension("out"), &text).expect("the cases are writable");
                shared = Some(text);
            }
            Some(shared) if *shared != text => {
                fs::write(own, &text).expect("the cases are writable")
            }
            Some(_) if own.exists() => fs::remove_file(own).expect("the cases are writable"),
            Some(_) => {}
        }
    }
}

#[test]
fn corpus_prints_what_the_reference_prints() {
    let cases = Case::all();
    if std::env::var_os("LUNA_BLESS").is_some() {
        map_parallel(&cases, bless);
        report(&format!("wrote the output of {} cases", cases.len()));
        return;
    }
    let luna = repository::luna();
    let runs: Vec<_> = cases
        .iter()
        .flat_map(|case| case.dialects.iter().map(move |dialect| (case, dialect)))
        .collect();
    let results = map_parallel(&runs, |(case, dialect)| check(case, &luna, dialect));
    KnownFailures::read(&repository::package().join("known_failures.txt")).judge(results);
}
