//! The whole plan: groups, what could not be read, guards, a summary line.

use super::group::{push_lines, push_section};
use super::line::{Line, Tone, paint};
use super::waiting::waiting;
use super::{notes, width};
use crate::view::plan::PlanView;
use crate::view::sections::{Section, sections};
use crate::view::summary::Part;
use model::Action;

/// How a text is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// How many columns a line may have.
    pub(super) width: usize,
    /// Whether long lists are shown to their ends.
    pub(super) full: bool,
    /// How far the rows of tables are indented.
    pub(super) table_indent: usize,
    /// How a person gets to see what is left out of a long list.
    pub(super) hint: &'static str,
}

/// Below a line's label.
const TABLE_INDENT: usize = 6;
const HINT: &str = " (--full shows each)";

impl Layout {
    /// For standard output.
    pub(crate) fn standard_output(full: bool) -> Self {
        Self {
            width: width::of_standard_output(),
            full,
            table_indent: TABLE_INDENT,
            hint: HINT,
        }
    }

    /// For a block of code in a document.
    pub(crate) fn block() -> Self {
        Self {
            width: width::of_blocks(),
            full: false,
            // With their marks in the first column, rows have the colours of a diff.
            table_indent: 2,
            hint: "",
        }
    }

    /// For a file.
    pub(crate) fn file(full: bool) -> Self {
        Self {
            width: width::of_files(),
            full,
            table_indent: TABLE_INDENT,
            hint: HINT,
        }
    }
}

/// The plan as a text with colours, without the accounts that wait.
pub(crate) fn render(view: &PlanView, layout: Layout) -> String {
    let mut text = String::new();
    for section in sections(&view.groups, layout.full) {
        push_section(&mut text, &section, layout);
    }
    notes::push(&mut text, view, layout);
    text.push_str(&summary(view, layout));
    text
}

/// The same with the accounts that wait.
pub(crate) fn whole(view: &PlanView, layout: Layout) -> String {
    let mut text = render(view, layout);
    let waiting = waiting(&view.waiting, layout);
    if !waiting.is_empty() {
        text.push('\n');
        text.push_str(&waiting);
    }
    text
}

/// The lines of a section without its heading, without colours, with the marks
/// in the first column.
pub(crate) fn lines(section: &Section<'_>, layout: Layout) -> String {
    let mut text = String::new();
    push_lines(&mut text, section, layout);
    let text = anstream::adapter::strip_str(&text).to_string();
    text.lines()
        .map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n")
        .collect()
}

/// One line that says what the plan comes to.
fn summary(view: &PlanView, layout: Layout) -> String {
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
        line.write(&mut text, layout.width);
    } else {
        line.write(&mut text, layout.width);
        Line::new()
            .lead(Tone::Plain, "      ")
            .text(Tone::Quiet, cost)
            .write(&mut text, layout.width);
    }
    text
}

/// The colour of an action.
pub(super) fn tone_of(action: Action) -> Tone {
    match action {
        Action::Create => Tone::Good,
        Action::Update => Tone::Warn,
        Action::Replace => Tone::New,
        Action::Delete => Tone::Bad,
        Action::Run => Tone::Accent,
    }
}

fn tone(part: Part) -> Tone {
    match part {
        Part::Steps(action) => tone_of(action),
        Part::Nothing => Tone::Good,
        Part::Blocked => Tone::Warn,
        Part::Destructive => Tone::Bad,
        Part::Refused => Tone::BadStrong,
        Part::Aside => Tone::Quiet,
    }
}

/// A heading in a line of its own.
pub(super) fn heading(tone: Tone, text: &str) -> String {
    paint(tone, text) + "\n"
}
