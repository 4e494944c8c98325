//! Reads the file of `simulator --seed`.

use crate::failure::Failure;
use camino::Utf8Path;
use simulator::Seed;

/// Reads a seed. An error names the line and column.
pub(super) fn read(path: &Utf8Path) -> Result<Seed, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| Failure::File {
        message: format!("cannot read the seed {path}"),
        help: None,
        source: Some(Box::new(error)),
    })?;
    refuse_deep(path, &text)?;
    serde_yaml::from_str(&text).map_err(|error| {
        let place = error
            .location()
            .map(|place| format!(":{}:{}", place.line(), place.column()));
        Failure::File {
            message: format!("{path}{}: invalid seed", place.unwrap_or_default()),
            help: Some("docs/simulator.md shows the format of the file".to_owned()),
            source: Some(Box::new(error)),
        }
    })
}

/// Refuses what is too large or nested too deep, with the reader of specs: the time of the reader
/// with types grows with the square of the depth.
fn refuse_deep(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    let file = spec::SourceFile {
        path: path.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let loaded = spec::load(vec![file], &spec::Options::default());
    let mut found = loaded.diagnostics.iter();
    match found.find(|diagnostic| diagnostic.code == spec::Code::TooLarge) {
        None => Ok(()),
        Some(diagnostic) => Err(Failure::File {
            message: format!("{path}: invalid seed: {}", diagnostic.message),
            help: Some("docs/simulator.md shows the format of the file".to_owned()),
            source: None,
        }),
    }
}
