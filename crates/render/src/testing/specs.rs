//! Specs and snapshots for the tests of diagnostics.

use spec::{LeftOut, Loaded, Options, SourceFile, Variables};

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
    // The file that an ignore rule leaves out.
    let (left_out, files) = files
        .into_iter()
        .map(|(path, bytes)| SourceFile {
            path: path.into(),
            bytes,
        })
        .partition::<Vec<_>, _>(|file| file.path == "left-out.yaml");
    // The file of the tenant that has another one beside it.
    let has_others = files.iter().any(|file| file.path == "tenant.yaml");
    let rule = |file| LeftOut {
        file,
        rule: ".gitignore:1".to_owned(),
    };
    spec::load(
        files,
        &Options {
            left_out: left_out.into_iter().map(rule).collect(),
            other_tenants: has_others
                .then(|| "tenants/test.yaml".to_owned())
                .into_iter()
                .collect(),
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
