//! "Did you mean".

/// The candidate that a text was probably meant to be.
pub(crate) fn did_you_mean<'a>(
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
    let quoted: Vec<String> = choices
        .into_iter()
        .map(|choice| format!("`{choice}`"))
        .collect();
    match quoted.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
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
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
