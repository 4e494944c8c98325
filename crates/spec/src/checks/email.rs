//! Rejects invalid email addresses.

use super::subject::Subject;
use crate::code::Code;
use crate::finding::{Finding, Findings};

pub(super) fn check(subject: &Subject<'_>, findings: &mut Findings) {
    for (account, address) in subject.accounts() {
        let Some(row) = &account.row else { continue };
        let Some(span) = subject.known(&address, "email") else {
            continue;
        };
        if !is_address(&row.email) {
            findings.push(
                Finding::new(
                    Code::EmailForm,
                    format!("invalid email address `{}`", row.email.escape_debug()),
                )
                .at(span, "expected NAME@DOMAIN")
                .help("write the address of a mailbox that the account holder reads: ISC sends the invitation there"),
            );
        }
    }
}

/// Whether a text has the form of an address that mail can be sent to: one `@`,
/// no spaces, a domain with a dot. Quoted names are valid, but not in use.
fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let name_fits = !name.is_empty()
        && name.len() <= 64
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name.chars().all(|character| {
            character.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(character)
        });
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_fits = domain.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .chars()
                    .all(|character| character.is_alphanumeric() || character == '-')
        });
    name_fits && domain_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("iam-automation@example.com", true),
            ("jürgen+iam@exämple.co.uk", true),
            ("o'neil@example.com", true),
            ("", false),
            ("example.com", false),
            ("@example.com", false),
            ("a@", false),
            ("a@example", false),
            ("a b@example.com", false),
            ("a@b@example.com", false),
            ("a@example..com", false),
            ("a@-example.com", false),
            (".a@example.com", false),
            ("a@example.com ", false),
        ] {
            assert_eq!(is_address(text), expected, "{text}");
        }
    }
}
