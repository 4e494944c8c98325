//! Finds and reads the YAML files of a spec.

use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeSet;

/// Reads all files of the paths: each file, and every `*.yaml` and `*.yml` below
/// each folder, sorted, once. Names that begin with a dot are skipped, because
/// folders such as `.github/workflows` contain other YAML.
///
/// # Errors
/// A path that is missing, a folder without YAML, a file that cannot be read.
pub(crate) fn read(paths: &[Utf8PathBuf]) -> Result<Vec<spec::SourceFile>, Failure> {
    let mut files = BTreeSet::new();
    for path in paths {
        let metadata = fs_err::metadata(path).map_err(|error| Failure::File {
            message: format!("cannot read {path}"),
            help: Some("enter a file, or a folder with *.yaml or *.yml files".to_owned()),
            source: Some(Box::new(plain(&error))),
        })?;
        if metadata.is_dir() {
            let before = files.len();
            collect(path, &mut files)?;
            if files.len() == before {
                return Err(Failure::File {
                    message: format!("the folder {path} has no *.yaml or *.yml file"),
                    help: Some(
                        "enter the folder of the spec, or run `steersman init` to create one"
                            .to_owned(),
                    ),
                    source: None,
                });
            }
        } else {
            files.insert(path.clone());
        }
    }
    files
        .into_iter()
        .map(|path| {
            let bytes = fs_err::read(&path).map_err(|error| unreadable(&path, &error))?;
            Ok(spec::SourceFile { path, bytes })
        })
        .collect()
}

fn collect(folder: &Utf8Path, files: &mut BTreeSet<Utf8PathBuf>) -> Result<(), Failure> {
    let entries = folder
        .read_dir_utf8()
        .map_err(|error| unreadable(folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        if entry.file_name().starts_with('.') {
            continue;
        }
        let path = clean(entry.path());
        // The target of a link decides. A broken link is an error when it is read.
        if path.is_dir() {
            collect(&path, files)?;
        } else if matches!(path.extension(), Some("yaml" | "yml")) {
            files.insert(path);
        }
    }
    Ok(())
}

/// The path without a leading `./`.
fn clean(path: &Utf8Path) -> Utf8PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

fn unreadable(path: &Utf8Path, error: &std::io::Error) -> Failure {
    Failure::File {
        message: format!("cannot read {path}"),
        help: None,
        source: Some(Box::new(plain(error))),
    }
}

/// The system's error without the file name, which the message has.
fn plain(error: &std::io::Error) -> std::io::Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => std::io::Error::other("no such file or folder"),
        kind => std::io::Error::from(kind),
    }
}
