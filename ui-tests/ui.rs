//! What the compiler says to mistakes, and what it must accept. `TRYBUILD=overwrite` rewrites the messages.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    for folder in ["derive", "scope", "lifetimes"] {
        cases.compile_fail(format!("{folder}/*.rs"));
    }
}
