//! Writes the files of an adopted spec.

use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::whole_file::{self, Readers};
use adopt::{AdoptedFile, MAIN};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err::OpenOptions;
use std::borrow::Cow;
use std::io::{ErrorKind, Write};

/// The files, with the secrets of this run redacted in comments. Elsewhere nothing is
/// redacted, because `[secret]` would be applied.
///
/// # Errors
/// A secret that is not in a comment.
pub(super) fn without_secrets(files: &[AdoptedFile]) -> Result<Vec<AdoptedFile>, Failure> {
    files
        .iter()
        .map(|AdoptedFile { name, text }| {
            let mut clean = String::with_capacity(text.len());
            for (number, line) in text.split_inclusive('\n').enumerate() {
                let redacted = redactor().redact_layout(line);
                if matches!(redacted, Cow::Owned(_)) && !line.trim_start().starts_with('#') {
                    return Err(Failure::NotPermitted {
                        message: format!(
                            "cannot write {name}: line {} repeats a secret of this run; nothing was written",
                            number + 1
                        ),
                        help: "replace that secret in ISC, because others can read it there; remove it from the text that repeats it, and adopt again".to_owned(),
                    });
                }
                clean.push_str(&redacted);
            }
            Ok(AdoptedFile {
                name: name.clone(),
                text: clean,
            })
        })
        .collect()
}

/// Writes all files, or none where one of them exists.
///
/// # Errors
/// Existing files, unless `force` allows to overwrite them, and files that cannot
/// be written.
pub(super) fn write(
    folder: &Utf8Path,
    files: &[AdoptedFile],
    force: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    if let Some(link) =
        applier::link_on_the_way(folder.as_std_path()).map_err(|error| failed(folder, error))?
    {
        return Err(Failure::File {
            message: format!("{} is a link; nothing was written", link.display()),
            help: Some(
                "steersman does not write through links: choose another folder, or remove the link"
                    .to_owned(),
            ),
            source: None,
        });
    }
    let paths: Vec<(Utf8PathBuf, &AdoptedFile)> = files
        .iter()
        .map(|file| (folder.join(&file.name), file))
        .collect();
    if !force {
        let existing: Vec<&str> = paths
            .iter()
            .filter(|(path, _)| path.exists())
            .map(|(path, _)| path.as_str())
            .collect();
        if !existing.is_empty() {
            return Err(taken(&existing.join(", ")));
        }
    }
    fs_err::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (path, file) in &paths {
        if force {
            whole_file::write(path, file.text.as_bytes(), Readers::Anybody)?;
            continue;
        }
        // Another process may have created it after the check.
        OpenOptions::new()
            .write(true)
            .create_new(true)
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
        message: format!("{paths} would be overwritten; no existing file was changed"),
        help: Some("choose another folder, or add `--force` to overwrite".to_owned()),
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
