//! Which name was meant.

/// What a message says behind a misspelt name: which other was meant, or nothing if none is close enough.
///
/// ```
/// let names = ["width", "height"];
/// assert_eq!(luna_core::did_you_mean("widht", &names), " (did you mean 'width'?)");
/// assert_eq!(luna_core::did_you_mean("colour", &names), "");
/// ```
#[must_use]
pub fn did_you_mean(wrong: &str, names: &[impl AsRef<str>]) -> String {
    let meant = closest_name(wrong, names.iter().map(AsRef::as_ref));
    meant.map_or_else(String::new, |name| format!(" (did you mean '{name}'?)"))
}

/// The name closest to a misspelt one, if any is close enough to have been meant.
fn closest_name<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (wrong.chars().count() / 3).max(1);
    names
        .map(|name| (distance(wrong, name, limit), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
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
        let closest = |wrong| closest_name(wrong, ["hp", "name", "position"].into_iter());
        assert_eq!(closest("hpp"), Some("hp"));
        assert_eq!(closest("positon"), Some("position"));
        assert_eq!(closest("damage"), None);
    }
}
