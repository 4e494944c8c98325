//! Names the accounts that one problem touches, cut where they are many.

use crate::count::counted;
use model::AccountKey;

/// Of more than twice as many accounts, so many are named.
const MOST: usize = 5;

/// A text about a problem, with the accounts that have it where they are several.
pub(crate) fn with_accounts(text: String, accounts: &[&AccountKey]) -> String {
    match accounts {
        [] | [_] => text,
        several => format!(
            "{text}. It affects {}: {}",
            counted(several.len(), "account"),
            listed(several)
        ),
    }
}

fn listed(accounts: &[&AccountKey]) -> String {
    let names: Vec<&str> = accounts.iter().map(|key| key.as_str()).collect();
    if names.len() <= 2 * MOST {
        return names.join(", ");
    }
    let (shown, rest) = names.split_at(MOST);
    format!("{}, and {} more", shown.join(", "), rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_accounts_are_counted_and_named() {
        let keys: Vec<AccountKey> = (1..=12)
            .map(|number| AccountKey::from(format!("SA-{number}").as_str()))
            .collect();
        let text = |number: usize| {
            let accounts: Vec<&AccountKey> = keys.iter().take(number).collect();
            with_accounts("do this".to_owned(), &accounts)
        };
        assert_eq!(text(0), "do this");
        assert_eq!(text(1), "do this");
        assert_eq!(text(2), "do this. It affects 2 accounts: SA-1, SA-2");
        assert!(
            text(10).ends_with(": SA-1, SA-2, SA-3, SA-4, SA-5, SA-6, SA-7, SA-8, SA-9, SA-10")
        );
        assert!(text(12).ends_with("12 accounts: SA-1, SA-2, SA-3, SA-4, SA-5, and 7 more"));
    }
}
