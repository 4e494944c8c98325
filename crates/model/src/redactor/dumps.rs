//! Dumps of bytes by number: lines of `xxd`, `od`, `hexdump`, and lists of numbers.
//!
//! Each notation is read by itself, in each line where most numbers of it stand in a
//! row: programs print offsets before them and the text beside them, and others print
//! words before a list.

use super::folded::Row;
use super::notation::{NOTATIONS, Notation};
use super::views::View;
use std::ops::Range;

/// How many digits a number has at most that is not taken for an offset because the next
/// one is shorter.
const WIDEST_WORD: usize = 4;

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
    /// Whether an offset with a colon stands before the numbers.
    has_offset: bool,
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
        let begin = after_offset(line).min(end - start);
        let at = start + begin;
        let of_line = |range: Range<usize>| at + range.start..at + range.end;
        let part = &line[begin..end - start];
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
            has_offset: begin > 0,
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

/// Where the numbers begin after an offset of `xxd`, which ends with a colon; 0 where there
/// is none. It can have as many digits as they have.
fn after_offset(line: &[u8]) -> usize {
    let colon = line.windows(2).position(|two| two == b": ");
    colon
        .filter(|colon| {
            let before = line[..*colon].iter().rev();
            before.take_while(|byte| byte.is_ascii_hexdigit()).count() >= 6
        })
        .map_or(0, |colon| colon + 2)
}

/// Where the text beside the numbers begins: for `xxd` after two spaces, for `od -tx1z`
/// between `>` and `<`, for `hexdump -C` between bars. The end of the line where there is
/// none.
fn without_text_beside(line: &[u8]) -> usize {
    let offset = Some(after_offset(line)).filter(|end| *end > 0);
    let spaces = offset.and_then(|end| {
        let numbers = end + line[end..].iter().take_while(|b| **b == b' ').count();
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
        // Whether what stands before the run was left out because it has another width.
        let mut after_offset = self.has_offset;
        let mut scratch = Vec::new();
        for (at, number) in all.iter().enumerate() {
            scratch.clear();
            let is_one = notation.read(&text[number.clone()], &mut scratch);
            let first = all.get(start).map_or(0, Range::len);
            // An offset has more digits than the numbers after it. The last number of a
            // line may be shorter than the others, also where it is the second one.
            let is_last = number.len() < first && (after_offset || first <= WIDEST_WORD);
            if !is_one {
                start = at + 1;
                after_offset = false;
            } else if notation.has_one_width()
                && first != number.len()
                && (at == start + 1 && !is_last || first < number.len())
            {
                start = at;
                after_offset = true;
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
