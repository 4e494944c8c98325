//! Compares texts without regard to case and without allocation.

use std::cmp::Ordering;

fn folded(text: &str) -> impl Iterator<Item = char> + Clone + '_ {
    text.chars().flat_map(char::to_lowercase)
}

pub(super) fn equal(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        left.eq_ignore_ascii_case(right)
    } else {
        folded(left).eq(folded(right))
    }
}

pub(super) fn order(left: &str, right: &str) -> Ordering {
    folded(left).cmp(folded(right))
}

pub(super) fn starts_with(text: &str, prefix: &str) -> bool {
    let mut characters = folded(text);
    folded(prefix).all(|wanted| characters.next() == Some(wanted))
}

pub(super) fn contains(text: &str, part: &str) -> bool {
    part.is_empty()
        || text
            .char_indices()
            .any(|(at, _)| starts_with(&text[at..], part))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn comparisons_agree_with_the_folded_key(
            left in "[aAbBäÄ]{0,5}|\\PC{0,5}", right in "[aAbBäÄ]{0,5}|\\PC{0,5}"
        ) {
            let (a, b): (String, String) = (folded(&left).collect(), folded(&right).collect());
            prop_assert_eq!(equal(&left, &right), a == b);
            prop_assert_eq!(order(&left, &right), a.cmp(&b));
            prop_assert_eq!(starts_with(&left, &right), a.starts_with(&b));
        }

        #[test]
        fn a_part_is_found_in_any_case(before in "[a-z]{0,4}", part in "[a-zA-Zä]{0,4}", after in "[A-Z]{0,4}") {
            let text = format!("{before}{part}{after}");
            prop_assert!(contains(&text, &part.to_uppercase()));
            let absent = format!("{part}!");
            prop_assert!(!contains(&text, &absent));
        }
    }
}
