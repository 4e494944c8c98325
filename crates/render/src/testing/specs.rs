//! Specs and snapshots for the tests of diagnostics.

use spec::{Loaded, Options, SourceFile, Variables};

/// Reads these files.
pub(crate) fn load(files: &[(&str, &str)]) -> Loaded {
    load_bytes(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    )
}

/// Reads these files.
pub(super) fn load_bytes(files: Vec<(String, Vec<u8>)>) -> Loaded {
    let files = files
        .into_iter()
        .map(|(path, bytes)| SourceFile {
            path: path.into(),
            bytes,
        })
        .collect();
    spec::load(
        files,
        &Options {
            variables: Variables::new([("SAIL_CLIENT_SECRET", "secret")]),
            ..Options::default()
        },
    )
}

/// Compares with the snapshot of this name.
#[track_caller]
pub(crate) fn assert_shown(folder: &str, name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}
