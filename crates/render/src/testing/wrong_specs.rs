//! Tests of the folder of wrong specs, rendered for the terminal.

use super::specs::{assert_shown, load_bytes};
use crate::diagnostics::{Diagnostics, Format};

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
        let mut loaded = load_bytes(files);
        // Few cases say how their tokens are rotated.
        if code != "SM0708" {
            loaded
                .diagnostics
                .retain(|found| found.code.as_str() != "SM0708");
        }
        let format = Format::Text {
            columns: 80,
            color: false,
        };
        let text = Diagnostics::of_files(&loaded, &model::Redactor::default())
            .render(format)
            .unwrap();
        let (text, _) = text.split_once("\nrun `steersman explain").unwrap();
        assert!(text.contains(&code), "{text}");
        assert_shown("snapshots/wrong", &code, text);
    }
}
