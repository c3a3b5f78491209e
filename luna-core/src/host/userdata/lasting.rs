//! What lives as long as the process: one copy of each.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use super::describe::ParamInfo;

/// All copies of a kind.
type Copies<T> = Mutex<Option<HashSet<&'static T>>>;

/// The copy of a value, made by `leak` if there is none yet.
fn copy<T: Eq + Hash + ?Sized>(
    copies: &Copies<T>,
    value: &T,
    leak: fn(&T) -> &'static T,
) -> &'static T {
    let mut copies = copies.lock().unwrap_or_else(PoisonError::into_inner);
    let copies = copies.get_or_insert_default();
    if let Some(known) = copies.get(value) {
        return known;
    }
    let lasting = leak(value);
    copies.insert(lasting);
    lasting
}

/// A text that lives as long as the process.
#[must_use]
pub fn lasting(text: &str) -> &'static str {
    static TEXTS: Copies<str> = Mutex::new(None);
    copy(&TEXTS, text, |text| Box::leak(text.to_owned().into_boxed_str()))
}

/// Names that live as long as the process.
#[must_use]
pub fn lasting_names(names: &[&'static str]) -> &'static [&'static str] {
    static NAMES: Copies<[&str]> = Mutex::new(None);
    copy(&NAMES, names, |names| Box::leak(names.into()))
}

/// Parameters that live as long as the process.
#[must_use]
pub fn lasting_params(params: &[ParamInfo]) -> &'static [ParamInfo] {
    static PARAMS: Copies<[ParamInfo]> = Mutex::new(None);
    copy(&PARAMS, params, |params| Box::leak(params.into()))
}
