//! Note about YAML files without the key `steersman`, of which nothing is read.

use crate::output::Output;
use render::counted;
use spec::{Loaded, NotRead, NotReadReason};
use std::fmt::Write as _;

/// How many of them are named.
const MOST: usize = 5;

/// Says once which files are not read although they may be meant for the spec.
pub(crate) fn show(loaded: &Loaded, output: &mut Output) {
    if let Some(note) = note(&loaded.not_read) {
        output.talk(&note);
    }
}

/// The note; none where there are no such files.
fn note(files: &[NotRead]) -> Option<String> {
    if files.is_empty() {
        return None;
    }
    let (verb, they, each) = match files {
        [_] => ("is", "it has", "the file"),
        _ => ("are", "they have", "each file"),
    };
    let mut text = format!(
        "note: {} {verb} not read, because {they} no top-level key `steersman`",
        counted(files.len(), "YAML file")
    );
    for NotRead { file, line, reason } in files.iter().take(MOST) {
        let _ = write!(text, "\n  --> {file}:{line}: {}", words(*reason));
    }
    if let Some(more) = files.len().checked_sub(MOST).filter(|more| *more > 0) {
        let _ = write!(text, "\n  and {more} more; `--format json` has all");
    }
    let _ = write!(
        text,
        "\n  help: if {each} is part of the spec, write `steersman: v1` at its top, and its keys beside it, not below `spec`; if not, name it in .steersmanignore"
    );
    Some(text)
}

fn words(reason: NotReadReason) -> &'static str {
    match reason {
        NotReadReason::SpecKeys => "has keys of a spec file",
        NotReadReason::Kubernetes => {
            "has the Kubernetes keys `apiVersion` and `kind`, which a spec file does not have"
        }
        NotReadReason::BesideSpec => "is beside a spec file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_files_are_named() {
        assert_eq!(note(&[]), None);
        let file = |index: usize| NotRead {
            file: format!("f{index}.yaml").into(),
            line: index,
            reason: NotReadReason::BesideSpec,
        };
        let one = note(&[file(1)]).unwrap();
        assert!(one.starts_with("note: 1 YAML file is not read, because it has no"));
        assert!(one.contains("--> f1.yaml:1: is beside a spec file"));
        let many: Vec<NotRead> = (1..=7).map(file).collect();
        let many = note(&many).unwrap();
        assert!(many.starts_with("note: 7 YAML files are not read"));
        assert!(many.contains("f5.yaml") && !many.contains("f6.yaml"));
        assert!(many.contains("and 2 more"));
    }
}
