//! Random programs do under luna what they do under the reference interpreters, which `LUNA_PUC54` and `LUNA_PUC55` name.
//!
//! `LUNA_DIFFERENTIAL=n` runs n programs more, from seeds that follow those that always run. What once differed is in
//! `differential_seeds.txt`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use luna_tests::process::{map_parallel, run};
use luna_tests::program::program;
use luna_tests::verdict::first_difference;
use luna_tests::{report, repository};

/// No program takes longer than this.
const LIMIT: Duration = Duration::from_secs(10);

/// Seeds that always run.
const SEEDS: u64 = 150;

/// The seeds of programs that once differed.
fn recorded() -> Vec<u64> {
    let path = repository::package().join("differential_seeds.txt");
    let text = fs::read_to_string(path).expect("the list is readable");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.trim().parse().expect("a seed is a number")).collect()
}

/// Whether a byte can stand in an address.
fn hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

/// An output without what differs from run to run: the program's name, addresses, the sign of what is no number.
fn normal(output: &[u8], program: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(output).replace(&format!("{program}: "), "");
    let text = text.replace("-nan", "nan");
    let mut parts = text.split("0x");
    let mut normal = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(|byte| hexadecimal(*byte)).count();
        let shown = if digits >= 8 && !part.starts_with("7fffffffffffffff") {
            "ADDRESS"
        } else {
            &part[..digits]
        };
        normal.push_str("0x");
        normal.push_str(shown);
        normal.push_str(&part[digits..]);
    }
    normal.into_bytes()
}

/// What a program prints under an interpreter.
fn output(program: &Path, option: Option<String>, script: &Path) -> Vec<u8> {
    let mut command = Command::new(program);
    command.args(option).arg(script.file_name().expect("a script is a file"));
    let folder = script.parent().expect("a script lies in a folder");
    let outcome = run(command.current_dir(folder), LIMIT);
    let mut text = outcome.stdout;
    text.extend_from_slice(&outcome.stderr);
    if outcome.timed_out {
        text.extend_from_slice(b"the time limit");
    }
    normal(&text, &program.to_string_lossy())
}

/// How luna differs from the reference in the program of a seed.
fn difference(
    seed: u64,
    luna: &Path,
    reference: &Path,
    dialect: &str,
    folder: &Path,
) -> Option<String> {
    let script = folder.join(format!("{dialect}_{seed}.lua"));
    fs::write(&script, program(seed)).expect("the target folder is writable");
    let expected = output(reference, None, &script);
    let actual = output(luna, Some(format!("--lua={dialect}")), &script);
    let why = (expected != actual).then(|| {
        format!(
            "seed {seed} {dialect}, {}: {}",
            script.display(),
            first_difference(&expected, &actual)
        )
    });
    if why.is_none() {
        fs::remove_file(&script).expect("what was written can be removed");
    }
    why
}

#[test]
fn random_programs_do_what_they_do_under_the_reference() {
    let more = std::env::var("LUNA_DIFFERENTIAL").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let seeds: Vec<u64> = recorded().into_iter().chain(1..=SEEDS + more).collect();
    let luna = repository::luna();
    let folder = luna.parent().expect("a program lies in a folder").join("differential");
    fs::create_dir_all(&folder).expect("the target folder is writable");
    let mut wrong = Vec::new();
    for dialect in ["5.4", "5.5"] {
        let variable = format!("LUNA_PUC{}", dialect.replace('.', ""));
        let Some(reference) = std::env::var_os(&variable) else {
            report(&format!("SKIPPED: {variable} names no interpreter"));
            continue;
        };
        let run = |seed: &u64| difference(*seed, &luna, Path::new(&reference), dialect, &folder);
        wrong.extend(map_parallel(&seeds, run).into_iter().flatten());
        report(&format!("{dialect}: {} programs compared", seeds.len()));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
