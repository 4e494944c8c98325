//! The output gate as a property: for any text, in a name or a message, nothing that
//! a reader does not see and nothing that a CI system obeys gets through.

use crate::plan_document::PlanDocument;
use crate::terminal::{self, Layout};
use crate::testing::{account, plan};
use crate::view::PlanView;
use crate::{account_list, gate, gate_plain, html, json_text, markdown, outcome_text};
use model::{
    Action, Address, BlockedReason, Outcome, Plan, Stage, StepOutcome, StepResult, StoreSpec,
    Unmanaged, Who,
};
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

/// What is wrong with a printed text. Written anew, so that it does not share the
/// mistakes of the gate.
fn complaint(text: &str) -> Option<String> {
    let text = without_colors(text);
    for character in text.chars() {
        let invisible = matches!(
            u32::from(character),
            0..=8 | 0xb..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4
                | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
                | 0x2800 | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
                | 0xe0000..=0xe0fff
        );
        if invisible {
            return Some(format!("{:x} in {text:?}", u32::from(character)));
        }
    }
    text.split('\n')
        .find(|line| {
            line.trim_start().starts_with("::")
                || ["##[", "##vso[", "section_start:", "section_end:"]
                    .iter()
                    .any(|mark| line.contains(mark))
        })
        .map(|line| format!("{line:?}"))
}

/// The text without `ESC [ … m`, as a CI system shows it.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|character: char| !(character.is_ascii_digit() || character == ';'));
        rest = match end {
            Some(end) if after[end..].starts_with('m') => &after[end + 1..],
            _ => {
                plain.push('\u{1b}');
                after
            }
        };
    }
    plain + rest
}

/// A plan with a text in every place that a tenant, a file or a store can fill.
fn plan_of(text: &str) -> Plan {
    let mut plan = plan(
        vec![account(
            text,
            Stage::Invited,
            Some(Who::AccountHolder(text.into())),
        )],
        Some(BlockedReason::NotRegistered),
    );
    plan.tenant = text.to_owned();
    plan.user = text.to_owned();
    plan.blocked[0].message = text.to_owned();
    plan.blocked[0].remedy = text.to_owned();
    plan.unmanaged = vec![Unmanaged {
        address: Address::Account(text.into()),
        name: text.to_owned(),
        source: Some(text.into()),
    }];
    let program = || vec![text.to_owned(), "{key}".to_owned()];
    plan.stores = BTreeMap::from([
        (
            text.into(),
            StoreSpec::Age {
                directory: text.to_owned(),
                recipients: vec![text.to_owned()],
                identity_file: String::new(),
            },
        ),
        (
            "own".into(),
            StoreSpec::Command {
                put: program(),
                get: program(),
                delete: Some(program()),
                not_found: None,
                environment: [text.to_owned()].into(),
            },
        ),
    ]);
    plan
}

fn outcome_of(text: &str) -> Outcome {
    let step = |result| StepOutcome {
        address: Address::Token(text.into(), text.into()),
        action: Action::Create,
        result,
    };
    Outcome {
        steps: vec![
            step(StepResult::Failed {
                error: text.to_owned(),
                help: Some(text.to_owned()),
            }),
            step(StepResult::Done {
                note: Some(text.to_owned()),
            }),
        ],
        notices: vec![text.to_owned()],
        interrupted: false,
    }
}

/// Everything that is printed or written of a text, as it leaves the program.
fn printed(text: &str) -> Vec<(&'static str, String)> {
    let plan = plan_of(text);
    let view = PlanView::new(&plan, &BTreeMap::new(), None, |_| Some(text.to_owned()));
    let terminal = terminal::plan_and_waiting(&view, Layout::terminal(80, true));
    let file = terminal::plan_and_waiting(&view, Layout::file(true));
    vec![
        ("terminal", gate(&terminal).into_owned()),
        ("text file", gate_plain(&file).into_owned()),
        (
            "markdown",
            gate_plain(&markdown::render(&view, 65536)).into_owned(),
        ),
        (
            "html",
            gate_plain(&html::render(&view).unwrap()).into_owned(),
        ),
        ("json", PlanDocument::of(&plan).text().unwrap()),
        (
            "outcome",
            gate(&outcome_text(&outcome_of(text))).into_owned(),
        ),
        (
            "accounts",
            gate(&account_list(&plan, Some(80))).into_owned(),
        ),
    ]
}

proptest! {
    #[test]
    fn security_m2_m4_nothing_hidden_and_no_command_leaves_the_program(text in hostile()) {
        prop_assert_eq!(complaint(&gate(&text)), None);
        for (what, printed) in printed(&text) {
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
    let view = PlanView::new(&plan, &BTreeMap::new(), None, |_| None);
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
