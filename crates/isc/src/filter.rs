//! Filter expressions for ISC's collections, such as `name eq "x"`.
//!
//! Percent-encoding is not done here but where the URL is made.

/// `field eq "value"`
pub(crate) fn equals(field: &str, value: &str) -> String {
    format!("{field} eq {}", quoted(value))
}

/// `field sw "value"`
pub(crate) fn begins_with(field: &str, value: &str) -> String {
    format!("{field} sw {}", quoted(value))
}

/// `field in ("a", "b")`
pub(crate) fn one_of(field: &str, values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("{field} in ({})", values.join(", "))
}

/// `left and right`
pub(crate) fn both(left: &str, right: &str) -> String {
    format!("{left} and {right}")
}

/// A text in quotes, with quotes and backslashes in it escaped, as ISC
/// documents for its filters.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

/// Cuts values into batches whose expressions, percent-encoded, leave a URL
/// short enough for the servers and proxies on the way, and that fit a page.
pub(crate) fn batches<'a>(values: &[&'a str]) -> Vec<Vec<&'a str>> {
    // Two quotes, a comma and a space, each of three characters when encoded.
    cut(values, 12)
}

/// `field eq "a" or field eq "b"`, in batches of the same kind, for a field that takes no
/// list of values.
pub(crate) fn alternatives(field: &str, values: &[&str]) -> Vec<String> {
    // ` eq `, two quotes and ` or `.
    let batches = cut(values, encoded_length(field) + 22);
    let alternatives = |batch: Vec<&str>| {
        let alternatives: Vec<String> = batch.iter().map(|value| equals(field, value)).collect();
        alternatives.join(" or ")
    };
    batches.into_iter().map(alternatives).collect()
}

fn cut<'a>(values: &[&'a str], overhead: usize) -> Vec<Vec<&'a str>> {
    /// Servers commonly stop at 8 KiB for the request line and headers.
    const LONGEST: usize = 5_000;
    const MOST: usize = 100;
    let mut batches: Vec<Vec<&str>> = Vec::new();
    let mut length = 0;
    for value in values {
        let cost = overhead + encoded_length(value);
        match batches.last_mut() {
            Some(batch) if batch.len() < MOST && length + cost <= LONGEST => {
                length += cost;
                batch.push(value);
            }
            _ => {
                length = cost;
                batches.push(vec![value]);
            }
        }
    }
    batches
}

fn encoded_length(value: &str) -> usize {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted() {
        for (value, expression) in [
            ("plain", r#"name eq "plain""#),
            (r#"say "hi""#, r#"name eq "say \"hi\"""#),
            (r"a\b", r#"name eq "a\\b""#),
            ("50% #1 & co", r#"name eq "50% #1 & co""#),
            ("", r#"name eq """#),
        ] {
            assert_eq!(equals("name", value), expression);
        }
    }

    #[test]
    fn expressions_are_joined() {
        assert_eq!(
            both(&equals("sourceId", "s1"), &one_of("name", &["a", "b\""])),
            r#"sourceId eq "s1" and name in ("a", "b\"")"#
        );
    }

    #[test]
    fn alternatives_are_joined_in_batches() {
        assert!(alternatives("alias", &[]).is_empty());
        assert_eq!(
            alternatives("alias", &["a", "b\""]),
            [r#"alias eq "a" or alias eq "b\"""#]
        );
        let many: Vec<String> = (0..201).map(|number| format!("svc-{number:05}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(alternatives("alias", &many).len(), 3);
    }

    #[test]
    fn batches_keep_every_value_and_their_bounds() {
        assert!(batches(&[]).is_empty());
        let short: Vec<String> = (0..250).map(|index| format!("a{index}")).collect();
        let long: Vec<String> = (0..7).map(|_| "ä".repeat(800)).collect();
        for (values, sizes) in [(short, vec![100, 100, 50]), (long, vec![1; 7])] {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let batches = batches(&values);
            assert_eq!(batches.concat(), values);
            assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), sizes);
        }
    }
}
