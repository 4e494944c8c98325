//! Dumps of bytes by number: lines of `xxd`, `od`, `hexdump`, and lists of numbers.
//!
//! Each notation is read by itself, in each line where most numbers of it stand in a
//! row: programs print offsets before them and the text beside them, and others print
//! words before a list.

use super::folded::Row;
use super::notation::{NOTATIONS, Notation};
use super::views::View;
use std::ops::Range;

/// The bytes of a dump in one notation.
pub(super) struct Dump {
    pub(super) view: View<'static>,
    /// Its lines; none where no line is left out because it repeats.
    pub(super) rows: Vec<Row>,
}

/// All dumps in a text, one for each notation that occurs.
pub(super) fn all(text: &View<'_>) -> Vec<Dump> {
    let mut dumps = Vec::new();
    let lines: Vec<Line> = lines(text).collect();
    if lines.is_empty() {
        return dumps;
    }
    let is_folded = lines.iter().any(|line| line.is_fold(text.text()));
    for notation in NOTATIONS {
        // The first number may be an offset.
        for skipped in [0, 1] {
            let mut bytes = Vec::new();
            let mut origins = Vec::new();
            let mut rows: Vec<Row> = Vec::new();
            for line in &lines {
                let is_fold = is_folded && line.is_fold(text.text());
                if is_fold && let Some(last) = rows.last_mut() {
                    last.repeats = true;
                }
                let Some(run) = line.longest_run(notation, text.text()) else {
                    continue;
                };
                let begin = bytes.len();
                let numbers = run.iter().skip(skipped);
                for number in numbers.clone() {
                    let _ = notation.read(&text.text()[number.clone()], &mut bytes);
                }
                if let (Some(first), Some(last)) = (numbers.clone().next(), numbers.last()) {
                    let end = line.end_of(first.start, last.end, text);
                    origins.resize(bytes.len(), text.origin(first.start..end));
                }
                if is_folded && !is_fold && bytes.len() > begin {
                    rows.push(Row {
                        bytes: begin..bytes.len(),
                        repeats: false,
                    });
                }
            }
            if !rows.iter().any(|row| row.repeats) {
                rows.clear();
            }
            if !bytes.is_empty() {
                let view = View::Made {
                    bytes,
                    origins,
                    joined: false,
                };
                dumps.push(Dump { view, rows });
            }
        }
    }
    dumps
}

/// A line that may be one of a dump.
struct Line {
    whole: Range<usize>,
    /// What stands between white space.
    words: Vec<Range<usize>>,
    /// What stands between white space and signs that lists and escapes have.
    numbers: Vec<Range<usize>>,
}

/// The lines of a text that may be of a dump. A string of JSON begins and ends lines: what
/// stands before its quotation mark is no part of its first one.
fn lines(view: &View<'_>) -> impl Iterator<Item = Line> {
    let text = view.text();
    let mut ends: Vec<usize> = (0..text.len())
        .filter(|at| match text[*at] {
            b'\n' => true,
            b'"' => matches!(view, View::Made { .. }) && view.origin(*at..*at + 1).len() == 1,
            _ => false,
        })
        .collect();
    ends.push(text.len());
    let mut at = 0;
    ends.into_iter().filter_map(move |end| {
        let start = at;
        let line = &text[start..end];
        at = end + 1;
        let end = start + without_text_beside(line);
        let of_line = |range: Range<usize>| start + range.start..start + range.end;
        let part = &line[..end - start];
        let numbers: Vec<_> = parts(part, |byte| {
            byte.is_ascii_whitespace() || b",:;[](){}<>\"'=&#|\\".contains(&byte)
        })
        .collect();
        // Most lines of other texts end here.
        if !numbers
            .iter()
            .any(|number| Notation::is_number(&part[number.clone()]))
        {
            return None;
        }
        Some(Line {
            whole: start..start + line.len(),
            words: parts(part, |byte| byte.is_ascii_whitespace())
                .map(of_line)
                .collect(),
            numbers: numbers.into_iter().map(of_line).collect(),
        })
    })
}

fn parts(line: &[u8], divides: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    line.split(move |byte| divides(*byte))
        .filter_map(move |part| {
            let start = at;
            at += part.len() + 1;
            (!part.is_empty()).then_some(start..start + part.len())
        })
}

/// Where the text beside the numbers begins: for `xxd` after two spaces, for `od -tx1z`
/// between `>` and `<`, for `hexdump -C` between bars. The end of the line where there is
/// none.
fn without_text_beside(line: &[u8]) -> usize {
    let offset = line
        .windows(2)
        .position(|two| two == b": ")
        .filter(|colon| {
            let before = line[..*colon].iter().rev();
            before.take_while(|byte| byte.is_ascii_hexdigit()).count() >= 6
        });
    let spaces = offset.and_then(|colon| {
        let numbers = colon + 2 + line[colon + 2..].iter().take_while(|b| **b == b' ').count();
        let text = line[numbers..].windows(2).position(|two| two == b"  ")?;
        Some(numbers + text)
    });
    let marks = [b"  |".as_slice(), b"  >".as_slice()];
    let mark = marks
        .into_iter()
        .filter_map(|mark| line.windows(3).position(|three| three == mark));
    mark.chain(spaces).min().unwrap_or(line.len())
}

impl Line {
    /// Whether it stands for lines that repeat.
    fn is_fold(&self, text: &[u8]) -> bool {
        text[self.whole.clone()].trim_ascii() == b"*"
    }

    /// The most numbers of a notation in a row; none where there is no number.
    fn longest_run(&self, notation: Notation, text: &[u8]) -> Option<&[Range<usize>]> {
        let all = match notation {
            Notation::Characters => &self.words,
            _ => &self.numbers,
        };
        let mut longest = 0..0;
        let mut start = 0;
        let mut scratch = Vec::new();
        for (at, number) in all.iter().enumerate() {
            scratch.clear();
            let is_one = notation.read(&text[number.clone()], &mut scratch);
            if !is_one {
                start = at + 1;
            } else if notation.has_one_width()
                && all.get(start).is_some_and(|first| first.len() != number.len())
                // The last one of a line may be shorter, and an offset has another width.
                && (at == start + 1 || all[start].len() < number.len())
            {
                start = at;
            }
            let length = at + 1 - start;
            // Of single numbers the first is an offset.
            if is_one && (length > longest.len() || length == 1 && longest.len() == 1) {
                longest = start..at + 1;
            }
        }
        all.get(longest).filter(|run| !run.is_empty())
    }

    /// Up to where a line is redacted from its numbers on: to its end, because the text
    /// beside them comes after them, but not beyond a list or a string.
    fn end_of(&self, start: usize, end: usize, text: &View<'_>) -> usize {
        let bytes = text.text();
        let is_closed = bytes.get(end).is_some_and(|byte| b"]})>".contains(byte));
        if is_closed {
            return end;
        }
        let is_escaped = matches!(text, View::Made { .. });
        // At most an offset stands before the numbers of a dump.
        let before = &bytes[self.whole.start..start];
        let begins = before
            .iter()
            .all(|byte| byte.is_ascii_hexdigit() || b" \t:[x\\".contains(byte));
        (end..self.whole.end)
            .find(|at| {
                bytes[*at] == b'"' && (!begins || is_escaped) && text.origin(*at..at + 1).len() == 1
            })
            .unwrap_or(self.whole.end)
    }
}
