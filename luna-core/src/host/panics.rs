//! Panics of host code: their text, and drops that must not let them out.

use std::any::Any;
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Drops a value of host code; a panic of its own goes no further than its text.
pub(crate) fn drop_caught<T>(value: T) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(move || drop(value))).map_err(panic_text)
}

/// The text of a panic, whose payload is dropped.
pub(crate) fn panic_text(payload: Box<dyn Any + Send>) -> String {
    let text = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "<non-string panic>".to_owned(),
    };
    // One whose drop panics as well is given up.
    let _ = catch_unwind(AssertUnwindSafe(move || drop(payload))).map_err(forget);
    text
}
