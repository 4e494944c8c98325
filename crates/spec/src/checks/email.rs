//! Rejects invalid email addresses.

use super::each::Each;
use super::subject::{Subject, address_of};
use crate::code::Code;
use crate::finding::{Finding, Findings};
use model::{AccountRow, AccountSpec};

pub(super) struct Email;

impl<'a> Each<'a> for Email {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let Some(row) = &account.row else { return };
        let has_placeholder = row.email.contains(['{', '}']);
        if !has_placeholder && is_address(&row.email) {
            return;
        }
        let Some(span) = subject.known(&address_of(account), "email") else {
            return;
        };
        findings.push(if has_placeholder {
            Finding::new(
                Code::EmailForm,
                format!(
                    "placeholder in the email address `{}`",
                    row.email.escape_debug()
                ),
            )
            .at(span, "it would be sent to ISC as it is written")
            .help(own_address(row))
        } else {
            Finding::new(
                Code::EmailForm,
                format!("invalid email address `{}`", row.email.escape_debug()),
            )
            .at(span, "expected NAME@DOMAIN")
            .help("write the address of a mailbox that the account holder reads: ISC sends the invitation there")
        });
    }
}

/// What to write instead of a placeholder.
fn own_address(row: &AccountRow) -> String {
    let written = row
        .email
        .replace("{account}", row.name.as_str())
        .replace("{name}", row.name.as_str())
        .replace("{id}", row.id.as_str());
    let general = "an email address has no placeholders; write the address of each account";
    if is_address(&written) && !written.contains(['{', '}']) {
        format!("{general}, such as `{written}`")
    } else {
        general.to_owned()
    }
}

/// Whether a text has the form of an address that mail can be sent to: one `@`,
/// no spaces, a domain with a dot. Quoted names and braces are valid, but not in use.
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

    #[test]
    fn what_to_write_instead_of_a_placeholder() {
        let mut row = AccountRow {
            id: "SA-001".into(),
            name: "audit01".into(),
            email: String::new(),
            purpose: "Audit".to_owned(),
            attributes: std::collections::BTreeMap::new(),
        };
        for (email, expected) in [
            ("svc-{account}@example.com", Some("svc-audit01@example.com")),
            ("{id}@example.com", Some("SA-001@example.com")),
            ("a@{tenant}.example.com", None),
            ("{account@example.com", None),
            ("{account}", None),
        ] {
            email.clone_into(&mut row.email);
            let help = own_address(&row);
            let example = help.split('`').nth(1);
            assert_eq!(example, expected, "{help}");
        }
    }
}
