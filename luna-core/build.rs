//! Chooses the dispatch back end.

fn main() {
    let optimised = std::env::var("OPT_LEVEL").is_ok_and(|level| level != "0");
    let arch = std::env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let forced_loop = std::env::var_os("CARGO_FEATURE_LOOP_DISPATCH").is_some();
    // AddressSanitizer keeps redzones in the frames of handlers, which no tail call can then replace.
    let sanitized = std::env::var_os("CARGO_CFG_ASAN").is_some();
    // Tail calls are the optimiser's favour: without it every dispatched instruction would take native stack.
    if optimised && !forced_loop && !sanitized && (arch == "x86_64" || arch == "aarch64") {
        println!("cargo::rustc-cfg=tail_dispatch");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
