//! Lines of one source or one account on the terminal.

use super::cells;
use super::change::{Pieces, change};
use super::layout::Layout;
use super::line::{Line, length};
use super::tone::{self, Tone};
use crate::count::counted;
use crate::view::field::{FieldChange, FieldView};
use crate::view::group::{GroupKind, GroupView};
use crate::view::row::{RowKind, RowView};
use crate::view::sections::{Alike, CommonLine, Section, Variant};
use model::Action;

/// Labels longer than this do not indent the other lines.
const WIDEST_LABEL: usize = 30;

/// Of more than twice as many accounts that get the same, so many are named.
const MOST_NAMES: usize = 5;

/// A heading, its lines, and an empty line.
pub(super) fn push_section(text: &mut String, section: &Section<'_>, layout: Layout<'_>) {
    heading(section).write(text, layout);
    push_lines(text, section, layout);
    text.push('\n');
}

/// The lines below the heading.
pub(super) fn push_lines(text: &mut String, section: &Section<'_>, layout: Layout<'_>) {
    match section {
        Section::One(group) => push_group(text, group, layout),
        Section::Alike(alike) => push_alike(text, alike, layout),
    }
}

fn push_group(text: &mut String, group: &GroupView, layout: Layout<'_>) {
    let widest = group
        .rows
        .iter()
        .map(|row| length(&row.label))
        .filter(|length| *length <= WIDEST_LABEL)
        .max()
        .unwrap_or(0);
    for row in &group.rows {
        push_row(text, row, widest, layout);
    }
}

/// What accounts with the same steps have in common, and which of them get what.
fn push_alike(text: &mut String, alike: &Alike<'_>, layout: Layout<'_>) {
    let widest = alike
        .lines
        .iter()
        .map(|common| length(&common.line.label))
        .max()
        .unwrap_or(0);
    for CommonLine {
        line,
        text: common,
        ends,
    } in &alike.lines
    {
        let what = match common {
            Some(what) if line.mark == RowKind::Blocked.mark() => {
                (Tone::Plain, format!("blocked: {what}"))
            }
            Some(what) => (Tone::Plain, (*what).to_owned()),
            None => (Tone::Quiet, "as below".to_owned()),
        };
        let ends = ends.as_ref().map(|ends| match what.1.as_str() {
            "" => (Tone::Plain, ends.clone()),
            _ => (Tone::Plain, format!(" · {ends}")),
        });
        Line::new()
            .lead(tone::of_mark(line.mark, false), format!("  {} ", line.mark))
            .lead(Tone::Plain, format!("{:widest$}  ", line.label))
            .texts(std::iter::once(what).chain(ends).collect())
            .write(text, layout);
    }
    for variant in &alike.variants {
        push_variant(text, variant, layout);
    }
}

fn push_variant(text: &mut String, variant: &Variant<'_>, layout: Layout<'_>) {
    let names: Vec<String> = variant.accounts.iter().map(|one| one.named()).collect();
    let own = variant.text();
    if let ([only], false) = (names.as_slice(), own.is_empty()) {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(Tone::Strong, format!("{only}:"))
            .text(Tone::Plain, format!(" {own}"))
            .write(text, layout);
        return;
    }
    let indent = if own.is_empty() {
        "  "
    } else {
        Line::new()
            .lead(Tone::Plain, "  ")
            .text(
                Tone::Strong,
                format!("{}:", counted(names.len(), "account")),
            )
            .text(Tone::Plain, format!(" {own}"))
            .write(text, layout);
        "    "
    };
    Line::new()
        .lead(Tone::Plain, indent)
        .texts(named(&names, MOST_NAMES, indent.len(), layout))
        .write(text, layout);
}

/// Accounts with commas: all, or the first ones and how many more there are. `before` is how
/// many columns of the line are taken.
pub(crate) fn named(names: &[String], most: usize, before: usize, layout: Layout<'_>) -> Pieces {
    if layout.full || names.len() <= 2 * most {
        return vec![(Tone::Quiet, names.join(", "))];
    }
    let first = |number: usize| {
        let (shown, rest) = names.split_at(number);
        let (shown, rest) = (shown.join(", "), rest.len());
        format!("{shown}, and {rest} more{}", layout.hint)
    };
    // Fewer where these fit on the line, two at least.
    let room = layout.width.saturating_sub(before);
    let fits = |text: &String| match layout.commands {
        Some(completion) => length(&completion.of(text)) <= room,
        None => length(text) <= room,
    };
    let text = (2..=most).rev().map(first).find(fits);
    vec![(Tone::Quiet, text.unwrap_or_else(|| first(most)))]
}

fn heading(section: &Section<'_>) -> Line {
    match section {
        Section::One(group) => group_heading(group),
        Section::Alike(_) => Line::new().text(Tone::Strong, section.title()),
    }
}

fn group_heading(group: &GroupView) -> Line {
    let line = match group.kind {
        GroupKind::Source => Line::new()
            .text(Tone::Quiet, "source ")
            .text(Tone::Strong, group.title.clone()),
        GroupKind::Account => Line::new()
            .text(Tone::Strong, group.title.clone())
            .text(Tone::Plain, format!(" {}", group.subtitle).trim_end()),
        GroupKind::UnmanagedAccount => Line::new().text(Tone::Strong, group.title.clone()).text(
            Tone::Plain,
            format!("{} unmanaged", format!(" {}", group.subtitle).trim_end()),
        ),
    };
    match &group.stage {
        Some(stage) => line.text(Tone::Quiet, format!(" ({stage})")),
        None => line,
    }
}

fn push_row(text: &mut String, row: &RowView, widest: usize, layout: Layout<'_>) {
    let label_tone = if row.kind == RowKind::Unmanaged {
        Tone::Quiet
    } else {
        Tone::Plain
    };
    let mut line = Line::new()
        .lead(
            tone::of_mark(row.kind.mark(), row.destructive),
            format!("  {} ", row.kind.mark()),
        )
        .lead(label_tone, format!("{:widest$}  ", row.label));
    // The import's table has the cells of what is created or deleted.
    let in_table = row.in_table && row.kind != RowKind::Step(Action::Update);
    let fields: &[FieldView] = if in_table { &[] } else { &row.fields };
    let on_the_line = match fields {
        [only] if !matches!(only.change, FieldChange::Pairs(_)) => Some(only),
        _ => None,
    };
    for (index, piece) in parts_on_the_line(row, on_the_line, layout)
        .into_iter()
        .enumerate()
    {
        if index > 0 {
            line = line.text(Tone::Quiet, " · ");
        }
        line = line.texts(piece);
    }
    line.write(text, layout);
    if on_the_line.is_none() {
        push_fields(text, fields, layout);
    }
    if let Some(remedy) = row.remedy_here() {
        for (name, words) in [("who: ", &remedy.who), ("do:  ", &remedy.what)] {
            Line::new()
                .lead(Tone::Quiet, format!("      {name} "))
                .text(Tone::Plain, words.clone())
                .write(text, layout);
        }
    }
    if let Some(table) = row.table.as_ref().filter(|table| table.rows.len() > 1) {
        cells::push(text, table, layout);
    }
}

fn parts_on_the_line(row: &RowView, field: Option<&FieldView>, layout: Layout<'_>) -> Vec<Pieces> {
    let mut parts: Vec<Pieces> = Vec::new();
    if let Some(field) = field {
        let mut pieces = Vec::new();
        if !field.goes_without_saying() {
            pieces.push((Tone::Quiet, format!("{}: ", field.name)));
        }
        pieces.extend(change(field, layout));
        parts.push(pieces);
    }
    if !row.note.is_empty() {
        let note = match row.kind {
            RowKind::Blocked => format!("blocked: {}", row.note),
            RowKind::Step(_) | RowKind::Import | RowKind::Unmanaged => row.note.clone(),
        };
        parts.push(vec![(Tone::Plain, note)]);
    }
    if row.destructive && row.kind != RowKind::Import {
        parts.push(vec![(Tone::Bad, "irreversible".to_owned())]);
    }
    parts
}

fn push_fields(text: &mut String, fields: &[FieldView], layout: Layout<'_>) {
    let widest = fields
        .iter()
        .map(|field| length(&field.name))
        .max()
        .unwrap_or(0);
    for field in fields {
        Line::new()
            .lead(Tone::Quiet, format!("      {:widest$}  ", field.name))
            .texts(change(field, layout))
            .write(text, layout);
    }
}
