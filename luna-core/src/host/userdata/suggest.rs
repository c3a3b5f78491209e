//! Which name was meant.

/// The name closest to a misspelt one, if any is close enough to have been meant.
///
/// ```
/// let names = ["width".to_owned(), "height".to_owned()];
/// assert_eq!(luna_core::closest_name("widht", &names), Some("width"));
/// assert_eq!(luna_core::closest_name("colour", &names), None);
/// ```
#[must_use]
pub fn closest_name<'n>(wrong: &str, names: &'n [String]) -> Option<&'n str> {
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
    // Three rows of the table of distances between prefixes: two changed letters that stand side by side look back by two.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        (before, last) = (last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::closest_name;

    #[test]
    fn close_names_are_found() {
        let names: Vec<String> = ["hp", "name", "position"].map(str::to_owned).into();
        assert_eq!(closest_name("hpp", &names), Some("hp"));
        assert_eq!(closest_name("positon", &names), Some("position"));
        assert_eq!(closest_name("damage", &names), None);
    }
}
