//! Identities that a declared owner may mean whose alias no identity has.

use super::identities::of;
use crate::filter;
use crate::transport::Client;
use model::{Collection, IdentityId, OwnerRef};
use std::collections::BTreeMap;

/// How many letters at the end of an alias may be misspelled.
const MISSPELLED: usize = 2;
/// Fewer letters than this begin too many aliases.
const LEAST: usize = 3;

/// For each owner by alias that the tenant does not have: the aliases that may be meant.
pub(crate) async fn of_missing(
    client: &Client,
    owners: &BTreeMap<OwnerRef, Collection<Option<IdentityId>>>,
) -> BTreeMap<OwnerRef, Vec<String>> {
    let mut found = BTreeMap::new();
    for (owner, read) in owners {
        if let (OwnerRef::Alias(alias), Collection::Complete(None)) = (owner, read) {
            found.insert(owner.clone(), similar(client, alias).await);
        }
    }
    found
}

/// The aliases of identities that a text may mean: its first and last name, its email
/// address, or the beginning of its alias. They only make a message better, so what cannot
/// be read is left out.
async fn similar(client: &Client, text: &str) -> Vec<String> {
    let what = format!("identities that \"{text}\" may mean");
    for filters in filters(text) {
        let Ok(read) = of(client, filters, &what).await else {
            return Vec::new();
        };
        let found = read.found().iter();
        let aliases: Vec<String> = found.map(|identity| identity.alias.clone()).collect();
        if !aliases.is_empty() {
            return aliases;
        }
    }
    Vec::new()
}

/// The filters, the first of which that finds something decides.
fn filters(text: &str) -> Vec<String> {
    if text.contains('@') {
        return vec![filter::equals("email", text)];
    }
    if let Some((first, last)) = text.trim().rsplit_once(' ') {
        let by_names = filter::both(
            &filter::equals("firstname", first.trim()),
            &filter::equals("lastname", last),
        );
        return vec![by_names, filter::equals("name", text)];
    }
    let length = text.chars().count();
    let begins = length.saturating_sub(MISSPELLED).max(LEAST);
    let beginning: String = text.chars().take(begins).collect();
    if length < LEAST {
        Vec::new()
    } else {
        vec![filter::begins_with("alias", &beginning)]
    }
}

#[cfg(test)]
mod tests {
    use super::filters;

    #[test]
    fn the_text_decides_what_is_looked_for() {
        for (text, expected) in [
            ("jane@example.com", &["email eq \"jane@example.com\""][..]),
            (
                "Jane Doe",
                &[
                    "firstname eq \"Jane\" and lastname eq \"Doe\"",
                    "name eq \"Jane Doe\"",
                ],
            ),
            ("jane.deo", &["alias sw \"jane.d\""]),
            ("jan", &["alias sw \"jan\""]),
            ("ja", &[]),
        ] {
            assert_eq!(filters(text), expected, "{text}");
        }
    }
}
