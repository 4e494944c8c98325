//! What a fuzz target does with a file of a spec.

use spec::{Loaded, Options, SourceFile, Variables};

/// Reads a text as the one file of a spec.
pub(crate) fn load(text: impl Into<Vec<u8>>) -> Loaded {
    let variables = Variables::new([("NAME", "value"), ("EMPTY", ""), ("ODD", "${NAME}: [x")]);
    let file = SourceFile {
        path: "fuzz.yaml".into(),
        bytes: text.into(),
    };
    spec::load(
        vec![file],
        &Options {
            variables,
            ..Options::default()
        },
    )
}

/// A spec or a problem, and every place within the file.
pub(crate) fn check(loaded: &Loaded, length: usize) {
    let (errors, _) = loaded.counts();
    assert_eq!(loaded.spec.is_some(), errors == 0 && loaded.omitted == 0);
    for label in loaded
        .diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.labels)
    {
        assert!(
            label.span.start <= label.span.end && label.span.end <= length,
            "{label:?}"
        );
        assert!(label.line >= 1 && label.column >= 1, "{label:?}");
    }
}
