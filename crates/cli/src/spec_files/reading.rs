//! Entry points: the files of a spec, and files that were named themselves.

use super::found::Found;
use super::left_out::LeftOutSpecs;
use super::{contents, links};
use crate::failure::Failure;
use camino::Utf8PathBuf;
use std::io::Read as _;

/// Reads all files of the paths: each file, and every `*.yaml` and `*.yml` below
/// each folder that is a spec, sorted, once. Names that begin with a dot are
/// skipped, because folders such as `.github/workflows` contain other YAML.
///
/// # Errors
/// A path that is missing, a folder without a spec, a file that cannot be read, is
/// none, or is a link that leads elsewhere; too many files.
pub(crate) fn read(paths: &[Utf8PathBuf]) -> Result<Vec<spec::SourceFile>, Failure> {
    Ok(Found::below(paths)?.read()?.0)
}

/// The files of a spec, and the spec files that ignore rules leave out.
pub(crate) struct SpecFiles {
    pub(crate) files: Vec<spec::SourceFile>,
    pub(crate) left_out: LeftOutSpecs,
    /// YAML files without the key `steersman` that may be meant for the spec.
    pub(crate) not_read: Vec<spec::NotRead>,
}

/// Reads the files as [`read`] does, and looks at what ignore rules leave out.
///
/// # Errors
/// The same; a policy that a rule of this machine alone leaves out.
pub(crate) fn read_spec(paths: &[Utf8PathBuf]) -> Result<SpecFiles, Failure> {
    let mut found = Found::below(paths)?;
    let left_out = found.left_out()?;
    let (files, not_read) = found.read()?;
    Ok(SpecFiles {
        files,
        left_out,
        not_read,
    })
}

/// The path that is standard input.
const STANDARD_INPUT: &str = "-";

/// Reads the files of the paths, and standard input for the path `-`.
///
/// # Errors
/// As for files; standard input that cannot be read, or that is named twice.
pub(crate) fn read_with_standard_input(paths: &[Utf8PathBuf]) -> Result<SpecFiles, Failure> {
    let (input, paths): (Vec<Utf8PathBuf>, Vec<Utf8PathBuf>) = paths
        .iter()
        .cloned()
        .partition(|path| path == STANDARD_INPUT);
    if input.len() > 1 {
        return Err(Failure::Usage {
            message: "the path `-` is given twice".to_owned(),
            help: "standard input is one file; name it once".to_owned(),
        });
    }
    let mut read = if paths.is_empty() && !input.is_empty() {
        SpecFiles {
            files: Vec::new(),
            left_out: LeftOutSpecs::default(),
            not_read: Vec::new(),
        }
    } else {
        read_spec(&paths)?
    };
    if !input.is_empty() {
        let limit = u64::try_from(spec::MOST_BYTES).unwrap_or(u64::MAX);
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::File {
                message: "cannot read standard input".to_owned(),
                help: None,
                source: Some(Box::new(error)),
            })?;
        read.files.push(spec::SourceFile {
            path: STANDARD_INPUT.into(),
            bytes,
        });
    }
    Ok(read)
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
