//! The repository as the checks see it: its files and its dependency graph.

use cargo_metadata::{Metadata, MetadataCommand};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the repository.
pub(crate) struct TextFile {
    /// Relative to the top, with `/` between the components.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The top of the repository.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file, by its path from the top.
pub(crate) fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(top().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// The paths of all files that are in Git or about to be: what `.gitignore`
/// names is left out, files that are deleted but not committed as well.
pub(crate) fn files() -> Result<Vec<String>, String> {
    let listing = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(top())
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    if !listing.status.success() {
        return Err(format!(
            "git ls-files: {}",
            String::from_utf8_lossy(&listing.stderr)
        ));
    }
    let names = String::from_utf8(listing.stdout).map_err(|error| error.to_string())?;
    let mut paths: Vec<String> = names
        .split_terminator('\0')
        .filter(|path| top().join(path).exists())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// All Rust files of the repository with their text.
pub(crate) fn rust_files() -> Result<Vec<TextFile>, String> {
    files()?
        .into_iter()
        .filter(|path| {
            Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "rs")
        })
        .map(|path| {
            Ok(TextFile {
                text: read(&path)?,
                path,
            })
        })
        .collect()
}

/// The dependency graph for the platform that the tests were built for, which
/// is complete without the network because the build has just used it.
pub(crate) fn metadata() -> Result<Metadata, String> {
    MetadataCommand::new()
        .manifest_path(top().join("Cargo.toml"))
        .other_options([
            "--offline".to_owned(),
            "--filter-platform".to_owned(),
            host()?,
        ])
        .exec()
        .map_err(|error| format!("cargo metadata (try `cargo fetch` first): {error}"))
}

/// The triple of the platform that rustc builds for.
fn host() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc -vV: {error}"))?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc -vV names no host".to_owned())
}
