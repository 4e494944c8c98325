//! Notes about the whole plan: selection, partial reads, problems, guards.

use super::layout::Layout;
use super::line::Line;
use super::tone::{Tone, paint};
use crate::view::PlanView;
use crate::view::notes::PARTIAL_READ;

const NO_BREAK_PERCENT: &str = "\u{a0}%";

/// Puts all that the plan says as a whole.
pub(super) fn push(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    push_selection(text, view, layout);
    push_incomplete(text, view, layout);
    push_problems(text, view, layout);
    push_guards(text, view, layout);
    push_redacted(text, view, layout);
}

fn push_selection(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    let Some(selection) = &view.selection else {
        return;
    };
    Line::new()
        .lead(Tone::Strong, "Selected: ")
        .text(Tone::Plain, selection.said.join(", "))
        .write(text, layout);
    for (word, tone, sentences) in [
        ("  also ", Tone::Accent, &selection.also),
        ("  not ", Tone::Warn, &selection.without),
    ] {
        for sentence in sentences {
            Line::new()
                .lead(tone, word)
                .text(Tone::Plain, sentence.clone())
                .write(text, layout);
        }
    }
    if let Some(rest) = selection.rest() {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Quiet, rest)
            .write(text, layout);
    }
    text.push('\n');
}

fn push_incomplete(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    if view.incomplete.is_empty() {
        return;
    }
    text.push_str(&heading(Tone::WarnStrong, "Partial read"));
    for incomplete in &view.incomplete {
        Line::new()
            .lead(Tone::WarnStrong, "  ! ")
            .text(
                Tone::Plain,
                format!("{}: {}", incomplete.collection, incomplete.why),
            )
            .write(text, layout);
    }
    Line::new()
        .lead(Tone::Plain, "  ")
        .text(Tone::Plain, PARTIAL_READ)
        .write(text, layout);
    text.push('\n');
}

fn push_redacted(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    if let Some(sentence) = view.redacted() {
        Line::new()
            .lead(Tone::Warn, "Redacted: ")
            .text(Tone::Plain, sentence)
            .write(text, layout);
        text.push('\n');
    }
}

fn push_problems(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    if view.problems.is_empty() {
        return;
    }
    text.push_str(&heading(Tone::BadStrong, "Problems at this tenant"));
    for problem in &view.problems {
        Line::new()
            .lead(Tone::BadStrong, format!("  {} ", problem.code))
            .text(Tone::Plain, problem.message.clone())
            .write(text, layout);
        Line::new()
            .lead(Tone::Quiet, "    at:   ")
            .text(
                Tone::Plain,
                problem.place.as_ref().unwrap_or(&problem.address).clone(),
            )
            .write(text, layout);
        Line::new()
            .lead(Tone::Accent, "    help: ")
            .text(Tone::Plain, problem.help.clone())
            .write(text, layout);
    }
    text.push('\n');
}

fn push_guards(text: &mut String, view: &PlanView, layout: Layout<'_>) {
    for guard in &view.guards {
        let tone = if guard.refuses {
            Tone::BadStrong
        } else {
            Tone::Warn
        };
        Line::new()
            .text(tone, guard.word())
            .text(Tone::Plain, " by guard ")
            .text(Tone::Strong, guard.name.clone())
            // A number and its percent sign stay together.
            .text(Tone::Plain, format!(": {}", guard.message).replace(" %", NO_BREAK_PERCENT))
            .write(text, layout);
        if guard.refuses {
            Line::new()
                .lead(Tone::Accent, "  help: ")
                .text(Tone::Plain, guard.remedy.clone())
                .write(text, layout);
        }
        text.push('\n');
    }
}

/// A heading in a line of its own.
fn heading(tone: Tone, text: &str) -> String {
    paint(tone, text) + "\n"
}
