//! A text in every place that a tenant, a file or a store can fill, and what is wrong
//! with what is printed of it.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

use crate::diagnostics::{Diagnostics, Format};
use crate::plan_document::PlanDocument;
use crate::terminal::{self, Layout};
use crate::testing::{account, plan, step};
use crate::view::PlanView;
use crate::{Report, gate, gate_plain, html, markdown, outcome_text, status_text};
use model::{
    Action, Address, BlockedReason, Fields, Outcome, Plan, Problem, ProblemEffect, Redactor, Stage,
    Step, StepOutcome, StepResult, StoreSpec, Unmanaged, Who,
};
use serde_json::json;
use spec::{Loaded, Options, SourceFile};
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
    let fields = |value: &str| {
        Some(Fields::from_iter([
            ("deliver".to_owned(), json!(format!("local:{value}"))),
            (format!("mappings.{text}"), json!(value)),
            (text.to_owned(), json!([value, text])),
            (
                "purpose".to_owned(),
                json!(format!("of {value} and more than that, and more")),
            ),
        ]))
    };
    plan.steps = vec![
        Step {
            before: fields("what was before"),
            after: fields(text),
            action: Action::Update,
            ..step(Address::Token(text.into(), text.into()))
        },
        Step {
            after: fields(text),
            destructive: true,
            ..step(Address::Source(text.into()))
        },
    ];
    plan.problems = vec![problem(text)];
    plan.unmanaged = vec![Unmanaged {
        address: Address::Account(text.into()),
        name: text.to_owned(),
        source: Some(text.into()),
        holds: Some(model::Holding {
            user_levels: Some([text.into()].into()),
            tokens: Some(vec![model::HeldToken {
                name: text.into(),
                expires: None,
            }]),
        }),
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
                get: Some(program()),
                delete: Some(program()),
                not_found: None,
                environment: [text.to_owned()].into(),
            },
        ),
    ]);
    plan
}

/// A problem that the tenant shows, with a text in all that it says.
fn problem(text: &str) -> Problem {
    Problem {
        code: "SM0901",
        address: Address::Account(text.into()),
        field: None,
        message: text.to_owned(),
        help: text.to_owned(),
        effect: ProblemEffect::RefusesPlan,
    }
}

/// A file of this name, with a text in it that is wrong.
fn loaded(text: &str) -> Loaded {
    let yaml = serde_json::to_string(text).unwrap();
    let file = SourceFile {
        path: text.into(),
        bytes: format!("steersman: v1\n? {yaml}\n: {yaml}\n").into_bytes(),
    };
    spec::load(vec![file], &Options::default())
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
        ..Outcome::default()
    }
}

/// A text in every place, and how it is printed.
pub(crate) struct Printer<'a> {
    text: &'a str,
    /// The width of the terminal.
    width: u16,
    redactor: &'a Redactor,
}

/// One way to print or write a text.
type Print = fn(&Printer<'_>) -> String;

/// Every output, as it leaves the program.
pub(crate) const OUTPUTS: [(&str, Print); 11] = [
    ("terminal", |to| {
        let layout = Layout::terminal(usize::from(to.width), true);
        gate(&terminal::plan_and_waiting(&to.view(), layout)).into_owned()
    }),
    ("text file", |to| {
        let text = terminal::plan_and_waiting(&to.view(), Layout::file(true));
        gate_plain(&text).into_owned()
    }),
    ("markdown", |to| {
        gate_plain(&markdown::render(&to.view(), 65536)).into_owned()
    }),
    ("html", |to| {
        gate_plain(&html::render(&to.view()).unwrap()).into_owned()
    }),
    ("json", |to| {
        PlanDocument::of(&plan_of(to.text)).text().unwrap()
    }),
    ("outcome", |to| {
        gate(&outcome_text(&outcome_of(to.text))).into_owned()
    }),
    ("accounts", |to| {
        let hint = |_: &_| Vec::new();
        let report = Report::new(&plan_of(to.text), to.text, &[], None, hint, to.redactor);
        let layout = Layout::terminal(usize::from(to.width), true);
        gate(&status_text(&report, layout)).into_owned()
    }),
    ("diagnostics", |to| {
        let text = to.diagnostics(|found| {
            let columns = usize::from(to.width);
            let color = true;
            found.render(Format::Text { columns, color }).unwrap()
        });
        gate(&text).into_owned()
    }),
    ("diagnostics as JSON", |to| {
        to.diagnostics(|found| found.render(Format::Json).unwrap())
    }),
    ("sarif", |to| {
        to.diagnostics(|found| found.render(Format::Sarif).unwrap())
    }),
    ("github", |to| {
        to.diagnostics(|found| {
            let annotations = found.annotations();
            // Each begins with the one command that is meant.
            let lines = annotations
                .iter()
                .map(|one| one.to_string().replacen("::", "", 1));
            lines.collect::<Vec<_>>().join("\n")
        })
    }),
];

impl<'a> Printer<'a> {
    pub(crate) fn new(text: &'a str, width: u16, redactor: &'a Redactor) -> Self {
        Self {
            text,
            width,
            redactor,
        }
    }

    fn view(&self) -> PlanView {
        let hint = |_: &_| vec![self.text.to_owned()];
        PlanView::new(
            &plan_of(self.text),
            &BTreeMap::new(),
            None,
            hint,
            self.redactor,
        )
    }

    fn diagnostics(&self, print: impl Fn(&Diagnostics<'_>) -> String) -> String {
        let loaded = loaded(self.text);
        let problems = [problem(self.text)];
        print(&Diagnostics::of_files(&loaded, self.redactor).with_tenant(&problems))
    }
}

/// Everything that is printed or written of a text.
#[cfg(test)]
pub(crate) fn printed(text: &str, width: u16, redactor: &Redactor) -> Vec<(&'static str, String)> {
    let printer = Printer::new(text, width, redactor);
    OUTPUTS
        .into_iter()
        .map(|(what, print)| (what, print(&printer)))
        .collect()
}
