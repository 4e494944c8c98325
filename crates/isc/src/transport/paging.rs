//! Checks that the pages of a list are complete.

use model::{Incomplete, IncompleteReason};
use std::collections::HashSet;

/// Checks a list: every page but the last is full, the number of rows is the stated
/// total, and no row occurs twice. A row that occurs twice means that others were
/// skipped, because the list changed between two pages.
pub(super) fn check(
    sizes: &[usize],
    page: usize,
    total: Option<u64>,
    keys: &[&str],
) -> Result<(), Incomplete> {
    let (_, before) = sizes.split_last().unwrap_or((&0, &[]));
    if let Some((index, size)) = before.iter().enumerate().find(|(_, size)| **size < page) {
        return Err(Incomplete {
            reason: IncompleteReason::ShortPage,
            detail: format!(
                "page {} of {} has {size} rows instead of {page}",
                index + 1,
                sizes.len()
            ),
            call: None,
        });
    }
    let rows: usize = sizes.iter().sum();
    if let Some(total) = total.filter(|total| u64::try_from(rows) != Ok(*total)) {
        return Err(Incomplete {
            reason: IncompleteReason::TotalMismatch,
            detail: format!("{rows} rows were read, but the stated total is {total}"),
            call: None,
        });
    }
    let mut seen = HashSet::new();
    match keys.iter().find(|key| !seen.insert(**key)) {
        None => Ok(()),
        Some(twice) => Err(Incomplete {
            reason: IncompleteReason::TotalMismatch,
            detail: format!(
                "{twice} occurs twice, so the list changed during the read, and other rows may be missing"
            ),
            call: None,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_listings_pass_and_others_do_not() {
        use IncompleteReason::{ShortPage, TotalMismatch};
        type Case = (
            &'static [usize],
            Option<u64>,
            &'static [&'static str],
            Option<IncompleteReason>,
        );
        let table: [Case; 11] = [
            (&[], None, &[], None),
            (&[0], Some(0), &[], None),
            (&[2], Some(2), &["a", "b"], None),
            (&[3], None, &["a", "b", "c"], None),
            (&[3, 3, 1], Some(7), &[], None),
            (&[3, 3], Some(6), &[], None),
            (&[3, 2, 3], Some(8), &[], Some(ShortPage)),
            (&[3, 2], Some(6), &[], Some(TotalMismatch)),
            (&[2], Some(3), &[], Some(TotalMismatch)),
            (&[3], Some(2), &[], Some(TotalMismatch)),
            (&[3], Some(3), &["a", "b", "a"], Some(TotalMismatch)),
        ];
        for (sizes, total, keys, reason) in table {
            let found = check(sizes, 3, total, keys).err().map(|why| why.reason);
            assert_eq!(found, reason, "{sizes:?} of {total:?}, {keys:?}");
        }
    }
}
