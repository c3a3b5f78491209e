//! Which name was meant.

/// The name closest to a misspelt one, if any is close enough to have been meant.
pub(crate) fn closest<'n>(wrong: &str, names: &'n [String]) -> Option<&'n str> {
    let limit = (wrong.chars().count() / 3).max(1);
    names
        .iter()
        .map(|name| (distance(wrong, name, limit), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name.as_str())
}

/// Edits between two words; those longer than a name has any business to be are not compared.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    const LONGEST: usize = 64;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit || a.len().max(b.len()) > LONGEST {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn close_names_are_found() {
        let names: Vec<String> = ["hp", "name", "position"].map(str::to_owned).into();
        assert_eq!(closest("hpp", &names), Some("hp"));
        assert_eq!(closest("positon", &names), Some("position"));
        assert_eq!(closest("damage", &names), None);
    }
}
