//! Writing the files of an adopted spec.

use crate::adopt::{AdoptedFile, MAIN};
use crate::failure::Failure;
use crate::output::Output;
use camino::{Utf8Path, Utf8PathBuf};
use fs_err::OpenOptions;
use std::io::{ErrorKind, Write};

/// Writes all files, or none where one of them is there already.
///
/// # Errors
/// Files that are there, unless `force` says that they may go, and files that
/// cannot be written.
pub(super) fn write(
    folder: &Utf8Path,
    files: &[AdoptedFile],
    force: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let paths: Vec<(Utf8PathBuf, &AdoptedFile)> = files
        .iter()
        .map(|file| (folder.join(&file.name), file))
        .collect();
    if !force {
        let there: Vec<&str> = paths
            .iter()
            .filter(|(path, _)| path.exists())
            .map(|(path, _)| path.as_str())
            .collect();
        if !there.is_empty() {
            return Err(taken(&there.join(", ")));
        }
    }
    fs_err::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (path, file) in &paths {
        let mut options = OpenOptions::new();
        options.write(true);
        if force {
            options.create(true).truncate(true);
        } else {
            // Somebody may have made it since it was looked for.
            options.create_new(true);
        }
        options
            .open(path)
            .and_then(|mut opened| opened.write_all(file.text.as_bytes()))
            .map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => taken(path.as_str()),
                _ => failed(path, error),
            })?;
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    output.talk(&format!("wrote {} to {folder}", names.join(", ")));
    debug_assert!(names.first() == Some(&MAIN));
    Ok(())
}

fn taken(paths: &str) -> Failure {
    Failure::File {
        message: format!("{paths} would be overwritten"),
        help: Some("choose another folder, or pass --force".to_owned()),
        source: None,
    }
}

fn failed(path: &Utf8Path, error: std::io::Error) -> Failure {
    Failure::File {
        message: format!("cannot write {path}"),
        help: None,
        source: Some(Box::new(error)),
    }
}
