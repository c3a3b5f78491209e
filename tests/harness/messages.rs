//! The texts of error messages in the source, as patterns for the messages of a run.

use std::collections::BTreeMap;
use std::fs;

use crate::repository;

/// The stages that raise errors for scripts to see. What is said to damaged binary chunks of our own form has tests of its own, the
/// references having no word on it.
const STAGES: &[&str] = &["compile", "dialect", "stdlib", "syntax", "vm"];

/// A message of the source: its text, and what is certain of it.
#[derive(Debug)]
pub struct Template {
    /// As it stands in the source.
    pub text: String,
    /// Where it stands.
    pub path: String,
    parts: Vec<String>,
}

impl Template {
    /// The message with this text: what stands in braces differs from time to time.
    #[must_use]
    pub fn new(text: &str, path: &str) -> Self {
        let mut parts = vec![String::new()];
        let mut depth = 0;
        for c in text.chars() {
            match c {
                '{' => {
                    depth += 1;
                    parts.push(String::new());
                }
                '}' => depth -= 1,
                _ if depth > 0 => {}
                c => parts.last_mut().expect("there is a first part").push(c),
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        Self { text: text.to_owned(), path: path.to_owned(), parts }
    }

    /// Whether a line of output contains the message.
    #[must_use]
    pub fn is_in(&self, line: &str) -> bool {
        let mut rest = line;
        self.parts.iter().all(|part| match rest.find(&**part) {
            Some(at) => {
                rest = &rest[at + part.len()..];
                true
            }
            None => false,
        })
    }
}

/// All messages: the string literals that read like one.
///
/// # Panics
///
/// When the source cannot be read.
#[must_use]
pub fn templates() -> Vec<Template> {
    let source = repository::root().join("luna-core/src");
    let mut found = BTreeMap::new();
    for stage in STAGES {
        for path in repository::files(&source.join(stage), "rs") {
            if path.ends_with("tests.rs")
                || path.ends_with("op.rs")
                || path.ends_with("listing/mod.rs")
            {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source is readable text");
            let name = path.strip_prefix(&source).unwrap_or(&path).to_string_lossy().into_owned();
            for literal in literals(&text) {
                if reads_like_a_message(&literal) {
                    found.entry(literal).or_insert(name.clone());
                }
            }
        }
    }
    found.into_iter().map(|(text, path)| Template::new(&text, &path)).collect()
}

/// Two words at least, the first of which begins like one.
fn reads_like_a_message(text: &str) -> bool {
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    words.count() >= 2
        && !text.contains('\r')
        && text.starts_with(|c: char| c.is_alphanumeric() || "\'<{%[".contains(c))
}

/// The string literals of a source that a script can come to see: not those of comments, attributes, assertions and tests.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut skipping = 0;
    for line in source.lines() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        let silent = ["reason =", "expect(", "assert", "unreachable!", "panic!", "note =", "#["];
        if silent.iter().any(|word| code.contains(word)) {
            // A call that goes on in the next lines is as silent.
            skipping = if code.ends_with('(') || code.ends_with(',') { 2 } else { 0 };
            continue;
        }
        if skipping > 0 {
            skipping -= 1;
            continue;
        }
        found.extend(literals_of_line(code));
    }
    found
}

/// The string literals of a line.
fn literals_of_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => break,
            '\'' => {
                // A character literal may be a quote; a lifetime is not closed.
                let mut ahead = chars.clone();
                let first = ahead.next();
                if first == Some('\\') {
                    ahead.next();
                }
                if ahead.next() == Some('\'') {
                    chars = ahead;
                }
            }
            '"' => {
                let mut literal = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => literal.extend(unescaped(chars.next())),
                        c => literal.push(c),
                    }
                }
                found.push(literal);
            }
            _ => {}
        }
    }
    found
}

/// What an escape stands for, of those that messages have.
fn unescaped(c: Option<char>) -> Option<char> {
    match c {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        other => other,
    }
}
