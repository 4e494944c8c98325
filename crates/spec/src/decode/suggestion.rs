//! "Did you mean" help, and lists of choices in words.

/// With how many candidates a text is compared. A spec with thousands of
/// mistakes and thousands of names would take minutes without a limit.
const COMPARED: usize = 500;

/// How many choices a help lists.
const NAMED: usize = 8;

/// The candidate that a text was probably meant to be.
pub fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    catalog::did_you_mean(text, candidates.into_iter().take(COMPARED))
}

/// A list of choices in words: "`a`, `b` or `c`".
pub(crate) fn one_of<'a>(choices: impl IntoIterator<Item = &'a str>) -> String {
    let mut choices = choices.into_iter();
    let mut quoted: Vec<String> = choices
        .by_ref()
        .take(NAMED)
        .map(|choice| format!("`{choice}`"))
        .collect();
    match choices.count() {
        0 => {}
        1 => quoted.push("one more".to_owned()),
        more => quoted.push(format!("one of {more} more")),
    }
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// A list of all there is in words: "`a`, `b` and `c`".
pub(crate) fn all_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_read_like_a_sentence() {
        assert_eq!(one_of([]), "nothing");
        assert_eq!(one_of(["a"]), "`a`");
        assert_eq!(all_of(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert!(one_of(["a"; 9]).ends_with("`a` or one more"));
        assert!(one_of(["a"; 90]).ends_with("`a` or one of 82 more"));
    }
}
