//! Mechanical rules about the source text.

use std::collections::BTreeMap;
use std::fs;

use luna_tests::repository;

/// The longest a file may be.
const MAX_LINES: usize = 800;

/// How often one SAFETY text may stand outside the modules with numbered invariants.
const MAX_SAFETY: usize = 3;

/// Files that break a rule: path, rule, reason.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("tests/tidy.rs", "words", "it spells the words it looks for")];

/// Modules written without `unsafe`.
const SAFE: &[&str] = &[
    "luna-core/src/syntax/",
    "luna-core/src/compile/",
    "luna-core/src/dialect/",
    "luna-core/src/stdlib/",
    "luna-core/src/bytecode/",
    "luna-derive/",
];

/// Modules whose comments cite invariants stated once, so that texts recur.
const NUMBERED: &[&str] =
    &["luna-core/src/vm/", "luna-core/src/value/table/", "luna-core/src/heap/"];

/// Modules whose comments each name a numbered invariant, and what it means there.
const CITING: &[&str] = &["luna-core/src/host/"];

/// Folders whose code works on what a script gives it.
const SCRIPTED: &[&str] = &[
    "luna-core/src/syntax/",
    "luna-core/src/compile/",
    "luna-core/src/stdlib/",
    "luna-core/src/bytecode/",
    "luna-core/src/vm/",
];

/// What starts a list or text outside the heap. A script's heap pays for it if it grows on a `Meter` or is a `Buffer`.
const LIST_STARTS: &[&str] = &[
    "Vec::new()",
    "Vec::with_capacity(",
    "vec![",
    "String::new()",
    "String::with_capacity(",
    ".to_vec()",
    ".concat()",
    ").collect()",
    "collect::<Vec",
];

/// How many such places a file has, and why no script makes them take memory that its heap does not pay for.
#[rustfmt::skip]
const LISTS: &[(&str, usize, &str)] = &[
    ("bytecode/dump.rs", 3, "shorter than the prototype, which is on the heap"),
    ("bytecode/listing/mod.rs", 2, "for hosts, not for scripts"),
    ("bytecode/undump/mod.rs", 4, "paid to the meter before they are made; messages are short"),
    ("bytecode/verify/words.rs", 1, "a bit for each instruction that was paid for"),
    ("bytecode/verify/flow.rs", 1, "less than the instructions, which were paid for"),
    ("compile/label.rs", 1, "a message about two names"),
    ("compile/mod.rs", 11, "grow on the meter or are paid before; a message about a name"),
    ("stdlib/base.rs", 1, "a message about an option"),
    ("stdlib/chunk.rs", 4, "a path or mode once more; messages"),
    ("stdlib/debug.rs", 3, "a message once more; the letters of a mask"),
    ("stdlib/io/file.rs", 2, "one number; as many formats as arguments"),
    ("stdlib/io/mod.rs", 1, "a message about a path"),
    ("stdlib/io/read.rs", 1, "a numeral has a length limit"),
    ("stdlib/io/stream.rs", 2, "a block of fixed size each, and what one call writes"),
    ("stdlib/os/date.rs", 1, "a message about a conversion"),
    ("stdlib/os/mod.rs", 1, "a message about a path"),
    ("stdlib/package.rs", 4, "a path of the environment; messages about names"),
    ("stdlib/string/mod.rs", 1, "as many bytes as there are arguments"),
    ("stdlib/string/spec.rs", 4, "messages about a conversion, whose length has a limit"),
    ("stdlib/table/sort.rs", 4, "the elements once more, asked for before; a list of logarithmic length"),
    ("stdlib/utf8.rs", 1, "a few bytes for each argument"),
    ("syntax/error.rs", 2, "a message"),
    ("syntax/fields.rs", 2, "for hosts, not for scripts"),
    ("syntax/lexer.rs", 3, "grows on the meter; messages about a token"),
    ("syntax/literal.rs", 1, "a message about a literal"),
    ("syntax/parser/expr.rs", 3, "grow on the meter"),
    ("syntax/parser/mod.rs", 4, "grow on the meter"),
    ("syntax/parser/stmt.rs", 8, "grow on the meter; a message about a name"),
    ("syntax/source.rs", 4, "what is shown of a chunk's name has a length limit"),
    ("syntax/strings.rs", 4, "grow on the meter"),
    ("vm/close.rs", 2, "a message about a name"),
    ("vm/coerce.rs", 1, "a number's text"),
    ("vm/error.rs", 2, "a message once more"),
    ("vm/index.rs", 1, "a message about a name"),
    ("vm/inspect.rs", 21, "names for messages"),
    ("vm/traceback.rs", 1, "a fixed number of levels, each with a name or two"),
    ("vm/warning.rs", 3, "messages; the log keeps a fixed number of bytes of a fixed number of them"),
];

/// A file of the repository.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Lines without comments that stand alone.
    fn code(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }

    fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Whether it only holds tests.
    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

/// All Rust files.
fn sources() -> Vec<Source> {
    let root = repository::root();
    let read = |path: std::path::PathBuf| {
        let name = path.strip_prefix(root).expect("a source lies below the root").to_string_lossy();
        let name = name.replace(std::path::MAIN_SEPARATOR, "/");
        Source { path: name, text: fs::read_to_string(path).expect("a source is readable text") }
    };
    repository::files(root, "rs").into_iter().map(read).collect()
}

/// Fails for each file that breaks `rule` and is no exception, and for needless exceptions.
fn enforce(rule: &str, check: impl Fn(&Source) -> Option<String>) {
    let mut wrong = Vec::new();
    for source in sources() {
        let excepted =
            EXCEPTIONS.iter().any(|(path, name, _)| *path == source.path && *name == rule);
        match (check(&source), excepted) {
            (Some(what), false) => wrong.push(format!("{}: {what}", source.path)),
            (None, true) => {
                wrong.push(format!("{}: the exception for {rule} is not needed", source.path))
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{rule}:\n{}", wrong.join("\n"));
}

/// Whether `word` stands in `line` with no letter or digit beside it.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

/// Whether `line` numbers a piece of work, as in "phase 1".
fn numbers_work(line: &str) -> bool {
    let line = line.to_lowercase();
    let mut words = line.split(|c: char| !c.is_alphanumeric()).peekable();
    while let Some(word) = words.next() {
        let numbered =
            words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        if matches!(word, "phase" | "milestone" | "sprint") && numbered {
            return true;
        }
    }
    false
}

#[test]
fn files_are_short() {
    enforce("lines", |source| {
        let lines = source.text.lines().count();
        (lines > MAX_LINES).then(|| format!("{lines} lines"))
    });
}

#[test]
fn no_word_about_work_or_machines() {
    enforce("words", |source| {
        let banned = |line: &&str| {
            has_word(line, "TODO")
                || has_word(line, "FIXME")
                || line.contains("/work/")
                || line.contains("/root/")
                || numbers_work(line)
        };
        source.text.lines().find(banned).map(str::to_owned)
    });
}

#[test]
fn only_the_dialect_knows_versions() {
    enforce("versions", |source| {
        let exempt = source.path.starts_with("luna-core/src/dialect/") || source.is_test();
        if !source.path.starts_with("luna-core/src/") || exempt {
            return None;
        }
        // Tests at the end of a file may name the dialect they run in.
        let code = source.code().take_while(|line| line.trim() != "#[cfg(test)]");
        let named = |line: &&str| {
            line.contains("LuaVersion::Lua") || has_word(line, "Lua54") || has_word(line, "Lua55")
        };
        code.into_iter().find(|line| named(line)).map(str::to_owned)
    });
}

#[test]
fn safe_modules_have_no_unsafe() {
    enforce("unsafe", |source| {
        let found =
            source.is_below(SAFE).then(|| source.code().find(|line| has_word(line, "unsafe")));
        found.flatten().map(str::to_owned)
    });
}

/// Whether a text names an invariant: a letter and a digit.
fn cites(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        matches!(word.as_bytes(), [letter, digit] if letter.is_ascii_uppercase() && digit.is_ascii_digit())
    })
}

#[test]
fn safety_texts_name_their_invariant() {
    enforce("safety", |source| {
        let bare = |line: &&str| {
            let text = line.trim().strip_prefix("// SAFETY: ");
            // A planted fault has no argument, and says so.
            text.is_some_and(|text| !cites(text) && !text.starts_with("none: "))
        };
        let found = source.is_below(CITING).then(|| source.text.lines().find(bare));
        found.flatten().map(str::to_owned)
    });
}

#[test]
fn safety_texts_are_arguments() {
    let mut counts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| !source.is_below(NUMBERED) && !source.is_test())
    {
        for line in source.text.lines() {
            if let Some(text) = line.trim().strip_prefix("// SAFETY: ") {
                counts.entry(text.to_owned()).or_default().push(source.path.clone());
            }
        }
    }
    counts.retain(|_, places| places.len() > MAX_SAFETY);
    assert!(counts.is_empty(), "{counts:#?}");
}

#[test]
fn scripts_pay_for_lists() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.is_below(SCRIPTED) && !source.is_test()) {
        let code = source.code().take_while(|line| line.trim() != "#[cfg(test)]");
        let starts =
            |line: &str| LIST_STARTS.iter().map(|s| line.matches(s).count()).sum::<usize>();
        let found: usize = code.map(starts).sum();
        let path = source.path.trim_start_matches("luna-core/src/");
        let known = LISTS.iter().find(|(file, ..)| *file == path).map_or(0, |(_, count, _)| *count);
        if found != known {
            wrong.push(format!(
                "{path}: {found} lists or texts outside the heap, {known} argued in LISTS"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_names_cases_that_exist() {
    let root = repository::root();
    let readme = fs::read_to_string(root.join("README.md")).expect("there is a README");
    let table =
        readme.split("## What cannot go wrong").nth(1).and_then(|rest| rest.split("\n## ").next());
    let table = table.expect("the README lists the guarantees");
    let named: Vec<&str> =
        table.split('`').skip(1).step_by(2).filter(|name| name.contains('/')).collect();
    for name in &named {
        let path = if name.ends_with(".rs") {
            root.join(name)
        } else {
            root.join(format!("ui-tests/{name}.rs"))
        };
        assert!(path.is_file(), "{name} is in the README and nowhere else");
    }
    for folder in ["scope", "lifetimes"] {
        for case in repository::files(&root.join("ui-tests").join(folder), "rs") {
            let name =
                format!("{folder}/{}", case.file_stem().unwrap_or_default().to_string_lossy());
            let is_twin = case.parent().is_some_and(|parent| parent.ends_with("ok"));
            assert!(is_twin || named.contains(&name.as_str()), "the README does not name {name}");
        }
    }
}
