//! The folder of wrong specs, as a person reads of them.

use super::terminal::render_terminal;
use super::testing::{assert_shown, load_bytes};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/tests/wrong");

#[test]
fn every_code_reads_well() {
    let mut codes: Vec<String> = fs_err::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "snapshots")
        .collect();
    codes.sort();
    for code in codes {
        let mut files: Vec<(String, Vec<u8>)> = fs_err::read_dir(format!("{FOLDER}/{code}"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (
                    entry.file_name().into_string().unwrap(),
                    fs_err::read(entry.path()).unwrap(),
                )
            })
            .collect();
        files.sort();
        let loaded = load_bytes(files);
        let text = render_terminal(&loaded.diagnostics, &loaded.sources, false, 80);
        assert!(text.contains(&code), "{text}");
        assert_shown("snapshots/wrong", &code, &text);
    }
}
