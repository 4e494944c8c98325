//! What a terminal or a CI system would make of a text: written anew, and not by
//! the rules of the program under test.

use tests::{Run, World};

/// Text that someone who names an account, a token or a file would try.
pub(crate) const HOSTILE: [&str; 9] = [
    "\u{1b}]52;c;cm0gLXJm\u{7}",
    "\u{1b}]8;;https://evil.example\u{1b}\\click",
    "\u{1b}[2J\u{1b}[8mgone",
    "a\n::add-mask::b",
    "::error::forged",
    "##vso[task.setvariable variable=x]y",
    "##[group]z",
    "section_start:1:x\r\u{1b}[0K",
    "admin\u{202e}nimda\u{200b}\u{3164}\u{180e}\u{fe0f}\u{e0041}\u{9b}31m",
];

/// What is wrong with a text that somebody reads.
pub(crate) fn complaint(text: &str) -> Option<String> {
    if let Some(hidden) = text.chars().find(|character| is_hidden(*character)) {
        return Some(format!("the character {:x}", u32::from(hidden)));
    }
    text.lines()
        .find(|line| {
            line.trim_start().starts_with("::")
                || line.contains("##[")
                || line.contains("##vso[")
                || line.contains("section_start:")
                || line.contains("section_end:")
        })
        .map(|line| format!("the line {line:?}"))
}

fn is_hidden(character: char) -> bool {
    const RANGES: [(u32, u32); 20] = [
        (0x00, 0x08),
        (0x0b, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x115f, 0x1160),
        (0x17b4, 0x17b5),
        (0x180b, 0x180f),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xfe00, 0xfe0f),
        (0xfeff, 0xfeff),
        (0xffa0, 0xffa0),
        (0xfff0, 0xfffb),
        (0xe0000, 0xe0fff),
        (0xfdd0, 0xfdef),
    ];
    let number = u32::from(character);
    RANGES
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&number))
}

/// Sees that a run has printed nothing that a terminal or a CI system obeys.
#[track_caller]
pub(crate) fn is_inert(run: Run) -> Run {
    for text in [&run.stdout, &run.stderr] {
        if let Some(complaint) = complaint(text) {
            panic!("{complaint} in\n{text:?}");
        }
    }
    run
}

/// Sees that a file has nothing of the kind either.
#[track_caller]
pub(crate) fn is_inert_file(world: &World, path: &str) -> String {
    let text = world.read(path);
    if let Some(complaint) = complaint(&text) {
        panic!("{complaint} in {path}\n{text:?}");
    }
    text
}

#[test]
fn every_hostile_text_is_noticed() {
    for text in HOSTILE {
        assert!(complaint(text).is_some(), "{text:?}");
    }
    assert_eq!(complaint("plain text\n\t## a::b é"), None);
}
