//! Dumps of bytes by number: lines of `xxd`, `od`, `hexdump`, and lists of numbers.
//!
//! Each notation is read by itself. A byte comes from its whole line, because many
//! programs print the text beside the numbers.

use super::views::View;
use std::ops::Range;

/// How a program writes bytes.
#[derive(Clone, Copy, Debug)]
enum Notation {
    /// `7333`, `73 33`, `73:33`, `0x73, 0x33`: in the order of the bytes.
    Hex,
    /// `3373`: words of two bytes, the second one first.
    Words,
    /// `163 063`.
    Octal,
    /// `115, 51`.
    Decimal,
    /// `s 3 c r \n`.
    Characters,
}

const NOTATIONS: [Notation; 5] = [
    Notation::Hex,
    Notation::Words,
    Notation::Octal,
    Notation::Decimal,
    Notation::Characters,
];

/// The bytes of all dumps in a text, one view for each notation that occurs.
pub(super) fn views(text: &[u8]) -> Vec<View<'static>> {
    let mut views = Vec::new();
    let lines: Vec<Line<'_>> = lines(text).collect();
    if lines.is_empty() {
        return views;
    }
    for notation in NOTATIONS {
        let mut bytes = Vec::new();
        let mut origins = Vec::new();
        for line in &lines {
            let before = bytes.len();
            let read = line.numbers().try_for_each(|number| {
                let complete = notation.read(number, &mut bytes);
                complete.then_some(())
            });
            if read.is_none() {
                bytes.truncate(before);
            }
            origins.resize(bytes.len(), line.range.clone());
        }
        if !bytes.is_empty() {
            views.push(View::Made {
                bytes,
                origins,
                joined: false,
            });
        }
    }
    views
}

/// A line that may be one of a dump.
struct Line<'t> {
    range: Range<usize>,
    numbers: &'t [u8],
}

/// The lines of a text that may be of a dump.
fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split(|byte| *byte == b'\n').filter_map(move |line| {
        let start = at;
        at += line.len() + 1;
        let numbers = numbers(line)?;
        Some(Line {
            range: start..start + line.len(),
            numbers,
        })
    })
}

/// The part of a line with its numbers, without an offset and without the text beside
/// them; none where it cannot be of a dump.
fn numbers(line: &[u8]) -> Option<&[u8]> {
    let line = line.trim_ascii();
    let end = |byte: &u8| byte.is_ascii_whitespace();
    let first = line.split(end).next()?;
    // Most lines of other texts end here.
    let is_plain = |byte: &u8| byte.is_ascii_hexdigit() || b"x,[]:\\".contains(byte);
    if first.is_empty() || !(first.len() == 1 || first.iter().all(is_plain)) {
        return None;
    }
    let after = line.get(first.len()..)?.trim_ascii_start();
    let numbers = match first.strip_suffix(b":") {
        // The text beside the numbers of `xxd` comes after two spaces.
        Some(_) => {
            let text = after.windows(2).position(|two| two == b"  ");
            &after[..text.unwrap_or(after.len())]
        }
        // The offsets of `od` have seven digits, those of `hexdump` seven or eight.
        None if first.len() >= 7
            && first.iter().all(u8::is_ascii_hexdigit)
            && !after.is_empty() =>
        {
            after
        }
        None => line,
    };
    // `od -tx1z` has it between `>` and `<`, `hexdump -C` between bars.
    let text = [b"  |".as_slice(), b"  >".as_slice()]
        .into_iter()
        .filter_map(|mark| numbers.windows(3).position(|three| three == mark))
        .min();
    Some(&numbers[..text.unwrap_or(numbers.len())])
}

impl Line<'_> {
    fn numbers(&self) -> impl Iterator<Item = &[u8]> {
        self.numbers
            .split(|byte| byte.is_ascii_whitespace() || b",:[]".contains(byte))
            .filter(|number| !number.is_empty())
    }
}

impl Notation {
    /// Adds the bytes of a number. Returns whether it is one in this notation.
    fn read(self, number: &[u8], bytes: &mut Vec<u8>) -> bool {
        match self {
            Self::Hex => pairs(number.strip_prefix(b"0x").unwrap_or(number), bytes),
            Self::Words => {
                let begin = bytes.len();
                let complete = number.len() == 4 && pairs(number, bytes);
                if let Some([_, _]) = bytes.get(begin..) {
                    bytes.swap(begin, begin + 1);
                }
                complete
            }
            Self::Octal => {
                number.len() == 3
                    && value(number, 8).is_some_and(|byte| {
                        bytes.push(byte);
                        true
                    })
            }
            Self::Decimal => {
                number.len() <= 3
                    && value(number, 10).is_some_and(|byte| {
                        bytes.push(byte);
                        true
                    })
            }
            Self::Characters => {
                let byte = match number {
                    [character] => Some(*character),
                    [b'\\', b'n'] => Some(b'\n'),
                    [b'\\', b't'] => Some(b'\t'),
                    [b'\\', b'r'] => Some(b'\r'),
                    [b'\\', b'0'] => Some(0),
                    [_, _, _] => value(number, 8),
                    _ => None,
                };
                bytes.extend(byte);
                byte.is_some()
            }
        }
    }
}

/// Adds the bytes of hex digits, two each.
fn pairs(digits: &[u8], bytes: &mut Vec<u8>) -> bool {
    let (pairs, rest) = digits.as_chunks::<2>();
    for pair in pairs {
        let Some(byte) = value(pair, 16) else {
            return false;
        };
        bytes.push(byte);
    }
    rest.is_empty()
}

fn value(digits: &[u8], radix: u32) -> Option<u8> {
    let number = digits.iter().try_fold(0_u32, |number, digit| {
        Some(number * radix + char::from(*digit).to_digit(radix)?)
    })?;
    u8::try_from(number).ok()
}
