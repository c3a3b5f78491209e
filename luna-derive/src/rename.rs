//! `rename_all`: how Rust names become Lua names.

/// The rules by the name they are asked for.
pub(crate) const RULES: &[&str] =
    &["snake_case", "camelCase", "PascalCase", "SCREAMING_SNAKE_CASE", "kebab-case", "lowercase"];

/// A name by a rule; unchanged without one.
pub(crate) fn rename(name: &str, rule: Option<&str>) -> String {
    let Some(rule) = rule else { return name.to_owned() };
    let words = words(name);
    match rule {
        "snake_case" => words.join("_"),
        "kebab-case" => words.join("-"),
        "lowercase" => words.concat(),
        "SCREAMING_SNAKE_CASE" => words.join("_").to_uppercase(),
        "PascalCase" => words.iter().map(|word| capitalized(word)).collect(),
        _ => {
            let rest = words.iter().skip(1).map(|word| capitalized(word));
            words.first().cloned().into_iter().chain(rest).collect()
        }
    }
}

/// The words of a name, in lower case: split at underscores and where upper case begins.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c == '_' {
            words.push(String::new());
            after_lower = false;
            continue;
        }
        if (c.is_uppercase() && after_lower) || words.is_empty() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        after_lower = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A word with a capital.
fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
