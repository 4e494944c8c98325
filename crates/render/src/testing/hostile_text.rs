//! A text in every place that a tenant, a file or a store can fill, and what is wrong
//! with what is printed of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

use crate::plan_document::PlanDocument;
use crate::terminal::{self, Layout};
use crate::testing::{account, plan};
use crate::view::PlanView;
use crate::{account_list, gate, gate_plain, html, markdown, outcome_text};
use model::{
    Action, Address, BlockedReason, Outcome, Plan, Stage, StepOutcome, StepResult, StoreSpec,
    Unmanaged, Who,
};
use std::collections::BTreeMap;

/// What is wrong with a printed text. Written anew, so that it does not share the
/// mistakes of the gate.
pub(crate) fn complaint(text: &str) -> Option<String> {
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
            let begin = line.trim_start();
            let word = begin.split_whitespace().next().unwrap_or_default();
            begin.starts_with("::")
                || word.strip_prefix('/').is_some_and(|word| {
                    word.starts_with(char::is_alphabetic)
                        && word
                            .chars()
                            .all(|c| c.is_alphanumeric() || "-_".contains(c))
                })
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
pub(crate) fn plan_of(text: &str) -> Plan {
    let mut plan = plan(
        vec![account(
            text,
            Stage::Invited,
            Some(Who::AccountHolder(text.into())),
        )],
        Some(BlockedReason::NotRegistered),
    );
    text.clone_into(&mut plan.tenant);
    text.clone_into(&mut plan.user);
    text.clone_into(&mut plan.blocked[0].message);
    text.clone_into(&mut plan.blocked[0].remedy);
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

pub(crate) fn outcome_of(text: &str) -> Outcome {
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
pub(crate) fn printed(text: &str) -> Vec<(&'static str, String)> {
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
