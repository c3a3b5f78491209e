//! Paths of the repository and the freshly built command.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of this package.
#[must_use]
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The root of the workspace.
#[must_use]
pub fn root() -> &'static Path {
    package().parent().expect("the package is a folder of the workspace")
}

/// Builds the `luna` command with the profile of the running test and gives its path.
///
/// # Panics
///
/// When the build fails.
#[must_use]
pub fn luna() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    let profile_folder = test.ancestors().nth(2).expect("a test lies in TARGET/PROFILE/deps");
    let mut target = profile_folder.parent().expect("a test lies in TARGET/PROFILE/deps");
    // With `--target` there is a folder of that name in between; Cargo's own notes lie in the outer one.
    let mut triple = None;
    if !target.join(".rustc_info.json").exists() {
        triple = target.file_name();
        target = target.parent().expect("a test lies in TARGET/TRIPLE/PROFILE/deps");
    }
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut command = Command::new(env!("CARGO"));
    command.arg("build");
    if let Some(triple) = triple {
        command.arg("--target").arg(triple);
    }
    let status = command
        .args(["--quiet", "--package", "luna", "--features", "cli", "--profile", profile])
        .arg("--target-dir")
        .arg(target)
        .current_dir(root())
        .status()
        .expect("cargo starts");
    assert!(status.success(), "the luna command does not build");
    profile_folder.join(format!("luna{}", std::env::consts::EXE_SUFFIX))
}

/// All files below `folder` whose name ends in `.extension`, sorted.
///
/// # Panics
///
/// When a folder cannot be read.
#[must_use]
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the repository is readable") {
            let path = entry.expect("a folder of the repository is readable").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    pending.push(path);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
