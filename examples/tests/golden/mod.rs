//! Expected texts in files beside the tests; `LUNA_BLESS=1` writes them anew.

use std::fs;
use std::path::Path;

/// Compares a text with the golden file `name`.
///
/// # Panics
/// They differ.
pub(crate) fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(format!("{name}.txt"));
    if std::env::var_os("LUNA_BLESS").is_some() {
        let folder = path.parent().expect("a golden lies in a folder");
        fs::create_dir_all(folder).expect("the golden can be written");
        fs::write(&path, text).expect("the golden can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{} differs; LUNA_BLESS=1 writes it anew", path.display());
}
