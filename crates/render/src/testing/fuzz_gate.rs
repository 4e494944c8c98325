//! Fuzz target: the output gate, for any text in any place.

use super::hostile_text::{OUTPUTS, Printer, complaint};
use crate::{gate, gate_plain, json_text};
use model::Redactor;

/// Whatever the text, nothing hidden and no command of a CI system leaves the
/// program in any output, the gate changes nothing twice, and JSON keeps its value.
///
/// # Panics
/// Where that does not hold.
pub fn output_gate(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    for passed in [gate(&text), gate_plain(&text)] {
        assert_eq!(complaint(&passed), None);
    }
    let once = gate(&text).into_owned();
    assert_eq!(gate(&once), once);
    let json = json_text(&*text).unwrap_or_default();
    assert_eq!(gate(&json), json);
    assert_eq!(
        serde_json::from_str::<String>(&json).ok().as_deref(),
        Some(&*text)
    );
    // All outputs at once take a thousand times as long as the gate itself, so the first
    // byte chooses one.
    if let Some((which, rest)) = input.split_first()
        && rest.len() <= 1024
        && let Some((what, print)) = OUTPUTS.get(usize::from(*which) % OUTPUTS.len())
    {
        let text = String::from_utf8_lossy(rest);
        let printed = print(&Printer::new(&text, 80, &Redactor::default()));
        assert_eq!(complaint(&printed), None, "{what}");
    }
}
