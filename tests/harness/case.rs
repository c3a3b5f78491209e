//! The corpus: scripts with the output that the reference interpreters give.

use std::fs;
use std::path::PathBuf;

use crate::repository;

/// One script of the corpus.
#[derive(Debug)]
pub struct Case {
    /// The script.
    pub path: PathBuf,
    /// `folder/file.lua`.
    pub name: String,
    /// The dialects it is for.
    pub dialects: Vec<String>,
}

impl Case {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        repository::files(&folder(), "lua").into_iter().map(Self::read).collect()
    }

    fn read(path: PathBuf) -> Self {
        let source = fs::read(&path).expect("a case is readable");
        let source = String::from_utf8_lossy(&source);
        let header = source.lines().next().and_then(|line| line.strip_prefix("-- dialects: "));
        let header = header
            .unwrap_or_else(|| panic!("{} does not start with `-- dialects: `", path.display()));
        let dialects = header.split_whitespace().map(str::to_owned).collect();
        let name =
            path.strip_prefix(folder()).expect("a case lies below the cases").to_string_lossy();
        let name = name.replace(std::path::MAIN_SEPARATOR, "/");
        Self { path, name, dialects }
    }

    /// Where the output that only `dialect` gives is kept.
    #[must_use]
    pub fn own_golden(&self, dialect: &str) -> PathBuf {
        self.path.with_extension(format!("{dialect}.out"))
    }

    /// Where the output expected in `dialect` is kept.
    #[must_use]
    pub fn golden(&self, dialect: &str) -> PathBuf {
        let own = self.own_golden(dialect);
        if own.exists() { own } else { self.path.with_extension("out") }
    }
}

/// The folder of the corpus, or of the copy of it that `LUNA_CASES` names.
fn folder() -> PathBuf {
    std::env::var_os("LUNA_CASES")
        .map_or_else(|| repository::package().join("cases"), PathBuf::from)
}
