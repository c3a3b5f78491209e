//! The command: each case of `cli` does with `luna` what it does with the reference's `lua`.
//!
//! A case is a text: `dialects: ...`, then an argument a line, then a line `--` and the input. Its expected output is blessed as
//! that of the corpus is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use luna_tests::process::run_with_input;
use luna_tests::verdict::first_difference;
use luna_tests::{report, repository};

/// No case takes longer than this.
const LIMIT: Duration = Duration::from_secs(20);

/// The folder of the cases.
fn cases() -> PathBuf {
    repository::package().join("cli")
}

/// What a program does with a case: output, error output without the program's name, how it ended.
fn output(program: &str, own: &[String], case: &str) -> Vec<u8> {
    let (head, input) = case.split_once("\n--\n").unwrap_or((case.trim_end(), ""));
    let mut command = Command::new(program);
    command.args(own).args(head.lines().skip(1)).current_dir(cases());
    let outcome = run_with_input(&mut command, input.as_bytes(), LIMIT);
    let errors = String::from_utf8_lossy(&outcome.stderr).replace(program, "lua");
    // Both say who they are where that is asked for, each in its way.
    let errors = errors.replace(" [--lua=5.4|5.5] [limits]", "");
    let errors = match (errors.find("Available limits are:"), errors.find("exit status is 3.\n")) {
        (Some(from), Some(to)) => errors[..from].to_owned() + &errors[to + 18..],
        _ => errors,
    };
    let banner = [b"Lua 5.".as_slice(), b"luna "].iter().any(|b| outcome.stdout.starts_with(b));
    let end = outcome.stdout.iter().position(|&c| c == b'\n').map_or(0, |at| at + 1);
    let shown = if banner { &outcome.stdout[end..] } else { &outcome.stdout };
    [shown, b"\n-- errors\n", errors.as_bytes(), b"-- ", outcome.status.as_bytes(), b"\n"].concat()
}

/// Where the output for a dialect is kept.
fn golden(case: &Path, dialect: &str) -> PathBuf {
    case.with_extension(format!("{dialect}.out"))
}

#[test]
fn command_does_what_the_stock_one_does() {
    let bless = std::env::var_os("LUNA_BLESS").is_some();
    let luna = repository::luna();
    let mut failures = Vec::new();
    let mut count = 0;
    for path in repository::files(&cases(), "case") {
        let case = fs::read_to_string(&path).expect("a case is readable");
        let dialects = case.lines().next().and_then(|line| line.strip_prefix("dialects: "));
        for dialect in dialects.expect("a case starts with its dialects").split_whitespace() {
            count += 1;
            if bless {
                let variable = format!("LUNA_PUC{}", dialect.replace('.', ""));
                let reference =
                    std::env::var(&variable).expect("the variable names an interpreter");
                fs::write(golden(&path, dialect), output(&reference, &[], &case))
                    .expect("the cases are writable");
                continue;
            }
            let expected = fs::read(golden(&path, dialect)).expect("a case has its output");
            let own = [format!("--lua={dialect}")];
            let actual = output(&luna.to_string_lossy(), &own, &case);
            if expected != actual {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                failures
                    .push(format!("{name} {dialect}: {}", first_difference(&expected, &actual)));
            }
        }
    }
    report(&format!("{count} runs of the command"));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs a chunk under limits: output, error output, status.
fn limited(limits: &[&str], chunk: &str) -> (String, String, String) {
    let mut command = Command::new(repository::luna());
    let outcome = run_with_input(command.args(limits).arg("-"), chunk.as_bytes(), LIMIT);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&outcome.stdout), text(&outcome.stderr), outcome.status)
}

#[test]
fn limits_end_a_script_with_a_status_of_their_own() {
    let endless = "print('starts') while true do pcall(function() while true do end end) end";
    for (limits, chunk, message) in [
        (&["--budget", "100000"][..], endless, "instruction budget exceeded"),
        (&["--budget=100000"], endless, "instruction budget exceeded"),
        (&["--deadline", "100"], endless, "deadline exceeded"),
        (&["--sandbox", "--deadline=100"], endless, "deadline exceeded"),
        (
            &["--memory", "10000000"],
            "print('starts') local t = {} while true do pcall(function() t[#t + 1] = {} end) end",
            "memory cap exceeded",
        ),
    ] {
        let (out, errors, status) = limited(limits, chunk);
        assert_eq!(out, "starts\n", "{limits:?}");
        assert!(errors.contains(&format!(": {message}\n")), "{limits:?}: {errors}");
        assert_eq!(status, "exit status: 3", "{limits:?}");
    }
    let all = &["--sandbox", "--budget", "1000000", "--memory", "100000000", "--deadline", "9000"];
    let (out, errors, status) = limited(all, "print('done') error('mine', 0)");
    assert_eq!((out.as_str(), status.as_str()), ("done\n", "exit status: 1"));
    assert!(errors.contains(": mine\n"), "{errors}");
}

#[test]
fn the_sandbox_leads_nowhere() {
    let chunk = "
        for _, name in ipairs { 'io', 'os', 'package', 'require', 'debug', 'dofile', 'loadfile' } do
            assert(_G[name] == nil, name)
        end
        assert(not load(string.dump(function() end)))
        assert(getmetatable('').__index == string)
        print(load('return 1 + 1')())";
    let (out, errors, status) = limited(&["--sandbox"], chunk);
    assert_eq!((out.as_str(), errors.as_str(), status.as_str()), ("2\n", "", "exit status: 0"));
    let (_, errors, status) = limited(&["--sandbox", "-l", "os"], "");
    assert_eq!(status, "exit status: 1", "{errors}");
}

#[test]
fn limits_that_make_no_sense_are_refused() {
    for (limits, message) in [
        (&["--budget", "many"][..], "'--budget' needs a whole number, got 'many'"),
        (&["--memory=-1"], "'--memory' needs a whole number, got '-1'"),
        (&["--deadline="], "'--deadline' needs a whole number, got ''"),
        (&["--lua=4.0"], "unknown dialect '4.0' (5.4 or 5.5 expected)"),
        (&["--sandboxed"], "unrecognized option '--sandboxed'"),
    ] {
        let (_, errors, status) = limited(limits, "");
        assert!(errors.contains(message), "{limits:?}: {errors}");
        assert_eq!(status, "exit status: 1", "{limits:?}");
    }
}
