//! Splits a filter into tokens.

use jiff::{Timestamp, civil, tz::TimeZone};

use super::error::ParseFilterError;
use super::expression::{Literal, continues_word, starts_word};

/// A token and the byte where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) at: usize,
    pub(super) kind: TokenKind<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind<'a> {
    /// A field name, an operator or a keyword: which one depends on the place.
    Word(&'a str),
    /// A text in quotes, a number or a date.
    Literal(Literal),
    Open,
    Close,
    Comma,
    End,
}

/// The next token of `source` at or after the byte `from`, and the byte after it.
pub(super) fn next_token(
    source: &str,
    from: usize,
) -> Result<(Token<'_>, usize), ParseFilterError> {
    let rest = &source[from..];
    let trimmed = rest.trim_start();
    let at = from + (rest.len() - trimmed.len());
    let Some(first) = trimmed.chars().next() else {
        return Ok((
            Token {
                at,
                kind: TokenKind::End,
            },
            at,
        ));
    };
    let single = |kind| Ok((Token { at, kind }, at + 1));
    match first {
        '(' => single(TokenKind::Open),
        ')' => single(TokenKind::Close),
        ',' => single(TokenKind::Comma),
        '"' => {
            let (text, end) = quoted(source, at)?;
            Ok((
                Token {
                    at,
                    kind: TokenKind::Literal(Literal::Text(text)),
                },
                end,
            ))
        }
        _ if starts_word(first) => {
            let word = leading(trimmed, continues_word);
            Ok((
                Token {
                    at,
                    kind: TokenKind::Word(word),
                },
                at + word.len(),
            ))
        }
        _ if first.is_ascii_digit() || first == '-' => {
            let bare = leading(trimmed, |c| {
                c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | ':')
            });
            let literal = number_or_date(bare).ok_or_else(|| {
                ParseFilterError::new(source, at, format!("\"{bare}\" is no number and no date"))
            })?;
            Ok((
                Token {
                    at,
                    kind: TokenKind::Literal(literal),
                },
                at + bare.len(),
            ))
        }
        _ => Err(ParseFilterError::new(
            source,
            at,
            format!("unexpected character {first:?}"),
        )),
    }
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    &text[..end]
}

/// The text that starts with the quote at `at`, and the byte after its closing quote.
fn quoted(source: &str, at: usize) -> Result<(String, usize), ParseFilterError> {
    let mut text = String::new();
    let mut characters = source[at + 1..].char_indices();
    while let Some((offset, character)) = characters.next() {
        match character {
            '"' => return Ok((text, at + 1 + offset + 1)),
            '\\' => {
                let Some((_, escaped @ ('"' | '\\'))) = characters.next() else {
                    let message = "a backslash stands only before a double quote or a backslash";
                    return Err(ParseFilterError::new(source, at + 1 + offset, message));
                };
                text.push(escaped);
            }
            other => text.push(other),
        }
    }
    Err(ParseFilterError::new(
        source,
        at,
        "the text that starts here is not closed",
    ))
}

fn number_or_date(bare: &str) -> Option<Literal> {
    if let Ok(number) = bare.parse::<f64>() {
        // `1e999` reads as infinite, which no JSON number is.
        return number.is_finite().then_some(Literal::Number(number));
    }
    date(bare).map(Literal::Date)
}

/// The instant that an RFC 3339 text stands for; a date alone is its first instant in UTC.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    // The civil parser also reads date-times, but those need an offset to be an instant.
    if text.len() != "2018-12-18".len() {
        return None;
    }
    let day = text.parse::<civil::Date>().ok()?;
    Some(day.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp())
}
