//! The output gate as a property: for any text, in a name or a message, nothing that
//! a reader does not see and nothing that a CI system obeys gets through.

use super::hostile_text::{complaint, outcome_of, plan_of, printed};
use crate::terminal::{self, Layout};
use crate::view::PlanView;
use crate::{gate, gate_plain, html, json_text, markdown, outcome_text};
use model::Redactor;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Any text, with what an attacker would write more often than by chance.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{0,8}",
        prop::sample::select(vec![
            "\n",
            "\r",
            "\r\n",
            "::",
            "##[",
            "##vso[",
            "##",
            "[",
            "section_start:1:x",
            "\u{1b}[",
            "\u{1b}]52;c;",
            "\u{1b}[31m",
            "\u{1b}[0m",
            "31m",
            "\u{7}",
            "\u{202e}",
            "\u{200b}",
            "\u{fe0f}",
            "\u{e0041}",
            "\u{9b}",
            " ",
            "\t",
            "/merge",
            "`",
            "```",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn security_m2_m4_nothing_hidden_and_no_command_leaves_the_program(text in hostile()) {
        prop_assert_eq!(complaint(&gate(&text)), None);
        for (what, printed) in printed(&text, 80, &Redactor::default()) {
            prop_assert_eq!(complaint(&printed), None, "{}", what);
        }
    }

    #[test]
    fn the_gate_changes_nothing_twice_and_no_value_of_json(text in hostile()) {
        let once = gate(&text).into_owned();
        prop_assert_eq!(gate(&once), once.as_str());
        let json = json_text(&text).unwrap();
        prop_assert_eq!(gate(&json), json.as_str());
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn what_passed_unchanged_has_no_need_of_the_gate(text in "[ -~\n]{0,40}") {
        prop_assume!(complaint(&text).is_none() && !text.contains("##"));
        prop_assert_eq!(gate(&text), text.as_str());
    }
}

/// The program's own text and colors are not taken for an attack.
#[test]
fn what_the_renderers_write_themselves_passes_unchanged() {
    let plan = plan_of("audit01");
    let view = PlanView::new(
        &plan,
        &BTreeMap::new(),
        None,
        |_| Vec::new(),
        &Redactor::default(),
    );
    let text = terminal::plan_and_waiting(&view, Layout::terminal(80, true));
    assert!(text.contains("\u{1b}["));
    assert_eq!(gate(&text), text);
    let text = outcome_text(&outcome_of("audit01"));
    assert_eq!(gate(&text), text);
    let page = html::render(&view).unwrap();
    assert_eq!(gate_plain(&page), page);
    let comment = markdown::render(&view, 65536);
    assert_eq!(gate_plain(&comment), comment);
}
