//! Which word was meant.

/// The choice closest to a misspelt word, if any is close enough to have been meant. Case does not count.
pub(crate) fn closest<'c>(wrong: &str, choices: &[&'c str]) -> Option<&'c str> {
    let wrong = wrong.to_lowercase();
    let limit = (wrong.chars().count() / 3).max(1);
    choices
        .iter()
        .map(|choice| (strsim::osa_distance(&wrong, &choice.to_lowercase()), *choice))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, choice)| choice)
}
