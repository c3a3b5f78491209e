//! The corpus: each case of `cases` prints what the reference interpreter prints.
//!
//! `LUNA_BLESS=1 LUNA_PUC54=path LUNA_PUC55=path` writes the expected output anew, with the
//! reference interpreters.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

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

/// One script of the corpus.
struct Case {
    path: PathBuf,
    /// `folder/file.lua`.
    name: String,
    dialects: Vec<String>,
}

impl Case {
    fn read(path: PathBuf) -> Self {
        let source = fs::read(&path).expect("a case is readable");
        let source = String::from_utf8_lossy(&source);
        let header = source.lines().next().and_then(|line| line.strip_prefix("-- dialects: "));
        let header = header
            .unwrap_or_else(|| panic!("{} does not start with `-- dialects: `", path.display()));
        let dialects = header.split_whitespace().map(str::to_owned).collect();
        let name =
            path.strip_prefix(cases()).expect("a case lies below the cases").to_string_lossy();
        let name = name.replace(std::path::MAIN_SEPARATOR, "/");
        Self { path, name, dialects }
    }

    /// Where the output that only `dialect` gives is kept.
    fn own_golden(&self, dialect: &str) -> PathBuf {
        self.path.with_extension(format!("{dialect}.out"))
    }

    fn golden(&self, dialect: &str) -> PathBuf {
        let own = self.own_golden(dialect);
        if own.exists() { own } else { self.path.with_extension("out") }
    }

    /// The standard output, then the error text without the name of the program.
    fn output(&self, command: &mut Command, program: &str) -> (Outcome, Vec<u8>) {
        let folder = self.path.parent().expect("a case lies in a folder");
        let file = self.path.file_name().expect("a case is a file");
        let outcome = run(command.arg(file).current_dir(folder), LIMIT);
        let mut text = outcome.stdout.clone();
        let prefix = format!("{program}: ");
        let stderr =
            if cfg!(asan) { without_warnings(&outcome.stderr) } else { outcome.stderr.clone() };
        text.extend_from_slice(stderr.strip_prefix(prefix.as_bytes()).unwrap_or(&stderr));
        (outcome, text)
    }

    fn check(&self, luna: &Path, dialect: &str) -> Verdict {
        let expected = fs::read(self.golden(dialect))
            .unwrap_or_else(|_| panic!("{} has no expected output", self.name));
        let (outcome, actual) = self
            .output(Command::new(luna).arg(format!("--lua={dialect}")), &luna.to_string_lossy());
        let failure = if outcome.timed_out {
            Some("the time limit".to_owned())
        } else {
            (expected != actual)
                .then(|| format!("{} ({})", first_difference(&expected, &actual), outcome.status))
        };
        Verdict { name: self.name.clone(), dialect: dialect.to_owned(), failure }
    }

    fn bless(&self) {
        let mut shared: Option<Vec<u8>> = None;
        for dialect in &self.dialects {
            let variable = format!("LUNA_PUC{}", dialect.replace('.', ""));
            let program = std::env::var(&variable)
                .unwrap_or_else(|_| panic!("{variable} names no interpreter"));
            let (_, text) = self.output(&mut Command::new(&program), &program);
            let own = self.own_golden(dialect);
            match &shared {
                None => {
                    fs::write(self.path.with_extension("out"), &text)
                        .expect("the cases are writable");
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
}

/// Without what AddressSanitizer says of an allocation that it refuses, as any allocator may.
fn without_warnings(stderr: &[u8]) -> Vec<u8> {
    const WARNING: &[u8] = b"WARNING: AddressSanitizer failed to allocate";
    let lines = stderr.split_inclusive(|&byte| byte == b'\n');
    lines
        .filter(|line| !line.windows(WARNING.len()).any(|part| part == WARNING))
        .flatten()
        .copied()
        .collect()
}

/// The folder of the corpus, or of the copy of it that `LUNA_CASES` names.
fn cases() -> PathBuf {
    std::env::var_os("LUNA_CASES")
        .map_or_else(|| repository::package().join("cases"), PathBuf::from)
}

#[test]
fn corpus_prints_what_the_reference_prints() {
    let cases: Vec<Case> = repository::files(&cases(), "lua").into_iter().map(Case::read).collect();
    if std::env::var_os("LUNA_BLESS").is_some() {
        map_parallel(&cases, Case::bless);
        report(&format!("wrote the output of {} cases", cases.len()));
        return;
    }
    let luna = repository::luna();
    let runs: Vec<_> = cases
        .iter()
        .flat_map(|case| case.dialects.iter().map(move |dialect| (case, dialect)))
        .collect();
    let results = map_parallel(&runs, |(case, dialect)| case.check(&luna, dialect));
    KnownFailures::read(&repository::package().join("known_failures.txt")).judge(results);
}
