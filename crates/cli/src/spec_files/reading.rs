//! Entry points: the files of a spec, and files that were named themselves.

use super::found::Found;
use super::{contents, links};
use crate::failure::Failure;
use camino::Utf8PathBuf;

/// Reads all files of the paths: each file, and every `*.yaml` and `*.yml` below
/// each folder that is a spec, sorted, once. Names that begin with a dot are
/// skipped, because folders such as `.github/workflows` contain other YAML.
///
/// # Errors
/// A path that is missing, a folder without a spec, a file that cannot be read, is
/// none, or is a link that leads elsewhere; too many files.
pub(crate) fn read(paths: &[Utf8PathBuf]) -> Result<Vec<spec::SourceFile>, Failure> {
    Found::below(paths)?.read()
}

/// Reads files that were named themselves, in their order.
///
/// # Errors
/// A file that cannot be read, or is none.
pub(crate) fn read_named(paths: &[Utf8PathBuf]) -> Result<Vec<spec::SourceFile>, Failure> {
    paths
        .iter()
        .map(|path| {
            let real = links::file(path)?;
            let bytes = contents::read(path, &real)?;
            Ok(spec::SourceFile {
                path: path.clone(),
                bytes,
            })
        })
        .collect()
}
