//! Placeholders: `{account}` and `{token}` in store keys, `{key}` in commands.

use crate::code::Code;
use crate::decode::{Text, all_of, did_you_mean};
use crate::finding::Finding;
use crate::span::Span;
use crate::suggestion::Fix;
use crate::yaml::Origin;

/// What looks like a placeholder: a lower-case word in braces. Other braces are
/// text, as programs' own templates need them.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('{').filter_map(move |(start, _)| {
        let rest = &text[start..];
        let end = rest.find('}')?;
        let word = &rest[1..end];
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        // `{{word}}` and `${word}` belong to other languages.
        let foreign = text[..start].ends_with(['{', '$']);
        (is_word && !foreign).then(|| (start, &rest[..=end]))
    })
}

/// Reports an unknown placeholder.
pub(super) fn unknown(text: &Text, offset: usize, placeholder: &str, known: &[&str]) -> Finding {
    let word = placeholder.trim_matches(['{', '}']);
    let meant = did_you_mean(word, known.iter().copied());
    let place = within(text, offset, placeholder);
    let is_alone = text.value == placeholder;
    // Within a text that is written with escapes, the place is not known.
    let fix = meant
        .filter(|_| text.origin == Origin::Written && (place != text.span || is_alone))
        .map(|meant| {
            let right = format!("{{{meant}}}");
            if place == text.span {
                Fix::scalar(place, right)
            } else {
                Fix::as_it_is(place, right)
            }
        });
    let help = match meant {
        Some(meant) => format!("did you mean `{{{meant}}}`?"),
        None => format!(
            "allowed placeholders: {}",
            all_of(
                &known
                    .iter()
                    .map(|word| format!("{{{word}}}"))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
            )
        ),
    };
    Finding::new(
        Code::UnknownPlaceholder,
        format!("unknown placeholder `{placeholder}`"),
    )
    .at(place, "unknown placeholder")
    .help(help)
    .fix(fix)
}

/// Fills placeholders in; those without a value stay.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut done = 0;
    for (start, placeholder) in placeholders(text) {
        let word = placeholder.trim_matches(['{', '}']);
        if let Some((_, value)) = values.iter().find(|(name, _)| *name == word) {
            filled.push_str(&text[done..start]);
            filled.push_str(value);
            done = start + placeholder.len();
        }
    }
    filled.push_str(&text[done..]);
    filled
}

/// Where a part of a text is in the file. Bytes can be counted only in a text
/// without escapes; quotes move it by one.
pub(super) fn within(text: &Text, offset: usize, part: &str) -> Span {
    let length = text.span.end - text.span.start;
    let written = u32::try_from(text.value.len()).unwrap_or(u32::MAX);
    let quotes = match length.checked_sub(written) {
        Some(0) => 0,
        Some(2) => 1,
        _ => return text.span,
    };
    let (Ok(offset), Ok(width)) = (u32::try_from(offset), u32::try_from(part.len())) else {
        return text.span;
    };
    if text.origin != Origin::Written {
        return text.span;
    }
    let start = text.span.start + quotes + offset;
    Span {
        start,
        end: start + width,
        ..text.span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_words_in_braces() {
        for (text, expected) in [
            ("{account}/{token}", vec![(0, "{account}"), (10, "{token}")]),
            ("{{account}}", vec![]),
            ("${account}", vec![]),
            ("{\"a\": 1}", vec![]),
            ("{", vec![]),
            ("{}", vec![]),
            ("é{key}", vec![(2, "{key}")]),
        ] {
            assert_eq!(placeholders(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn values_are_filled_in_once() {
        let values = [("account", "{token}"), ("token", "t")];
        assert_eq!(
            fill("a/{account}/{token}.{other}", &values),
            "a/{token}/t.{other}"
        );
    }
}
