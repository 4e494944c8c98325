//! "Did you mean".

/// With how many candidates a text is compared: beyond that it takes too long.
const COMPARED: usize = 500;

/// How many choices are named: nobody reads more of them.
const NAMED: usize = 8;

/// The candidate that a text was probably meant to be.
pub fn did_you_mean<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    /// How alike two texts have to be: below that a suggestion confuses.
    const ALIKE: f64 = 0.75;
    /// Texts longer than any name of ISC's are not worth comparing.
    const LONGEST: usize = 128;
    if text.len() > LONGEST {
        return None;
    }
    let folded = fold(text);
    candidates
        .into_iter()
        .take(COMPARED)
        .map(|candidate| {
            let likeness = strsim::normalized_damerau_levenshtein(&folded, &fold(candidate));
            (likeness, candidate)
        })
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// Case, hyphens and underscores are what people get wrong first.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|character| !matches!(character, '-' | '_' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
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
    fn near_texts_are_suggested_and_far_ones_are_not() {
        let keys = ["userLevels", "tokens", "email", "e-mail"];
        for (text, expected) in [
            ("userLevel", Some("userLevels")),
            ("user_levels", Some("userLevels")),
            ("tokesn", Some("tokens")),
            ("color", None),
            ("", None),
        ] {
            assert_eq!(did_you_mean(text, keys), expected, "{text}");
        }
    }

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
