//! Whole plan on the terminal: sections, notes, a summary line.

use super::group::{push_lines, push_section};
use super::layout::Layout;
use super::line::Line;
use super::notes;
use super::stores;
use super::tone::{self, Tone};
use super::waiting;
use crate::view::PlanView;
use crate::view::sections::{Section, sections};
use crate::view::summary::Part;

/// The plan without the accounts that need action.
pub fn plan(view: &PlanView, layout: Layout<'_>) -> String {
    layout.finish(changes(view, layout))
}

/// The plan, and the accounts that need action.
pub fn plan_and_waiting(view: &PlanView, layout: Layout<'_>) -> String {
    let mut text = changes(view, layout);
    let waiting = waiting::below_plan(view, layout);
    if !waiting.is_empty() {
        text.push('\n');
        text.push_str(&waiting);
    }
    layout.finish(text)
}

/// The lines of a section without its heading, with the marks in the first
/// column.
pub(crate) fn lines(section: &Section<'_>, layout: Layout<'_>) -> String {
    let mut text = String::new();
    push_lines(&mut text, section, layout);
    layout
        .finish(text)
        .lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n")
        .collect()
}

fn changes(view: &PlanView, layout: Layout<'_>) -> String {
    let mut text = head(view, layout);
    for section in sections(&view.groups, layout.full) {
        push_section(&mut text, &section, layout);
    }
    notes::push(&mut text, view, layout);
    stores::push(&mut text, &view.stores, layout);
    text.push_str(&summary(view, layout));
    text
}

/// The tenant that the plan is for, and who applies it.
fn head(view: &PlanView, layout: Layout<'_>) -> String {
    let mut text = String::new();
    Line::new()
        .text(Tone::Quiet, "plan for ")
        .text(Tone::Plain, view.called.clone())
        .text(Tone::Quiet, " as ")
        .text(Tone::Plain, view.user.clone())
        .write(&mut text, layout);
    text.push('\n');
    text
}

/// One line that says what the plan comes to.
fn summary(view: &PlanView, layout: Layout<'_>) -> String {
    let mut line = Line::new().lead(Tone::Strong, "Plan: ");
    for (index, (part, words)) in view.summary.parts().into_iter().enumerate() {
        if index > 0 {
            line = line.text(Tone::Plain, ", ");
        }
        line = line.text(tone(part), words);
    }
    let mut text = String::new();
    let cost = view.summary.cost();
    if view.summary.steps == 0 {
        line = line.text(Tone::Quiet, format!(" ({cost})"));
        line.write(&mut text, layout);
    } else {
        line.write(&mut text, layout);
        Line::new()
            .lead(Tone::Plain, "      ")
            .text(Tone::Quiet, cost)
            .write(&mut text, layout);
    }
    text
}

fn tone(part: Part) -> Tone {
    match part {
        Part::Steps(action) => tone::of_action(action),
        Part::Nothing => Tone::Good,
        Part::Blocked => Tone::Warn,
        Part::Destructive => Tone::Bad,
        Part::Refused => Tone::BadStrong,
        Part::Unmanaged | Part::Aside => Tone::Quiet,
    }
}
