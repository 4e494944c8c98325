//! Pattern of `--token`: `ACCOUNT/TOKEN`, by the account's id or name, or `issuer/ACCOUNT`.

use crate::selection::{Pattern, PatternError};
use crate::token_list::{ListedToken, Standing};
use model::Address;
use std::fmt;
use std::str::FromStr;

/// Names tokens: `audit01/monthly-report`, an address such as `token/SA-001/monthly-report`,
/// or the same with `*`, `?`, `[…]` and `{…,…}`; `issuer/SA-001` is the issuer token of an
/// account, whatever it is called.
#[derive(Clone, Debug)]
pub struct TokenPattern {
    text: String,
    address: Pattern,
    /// Of `issuer/ACCOUNT`, that address. An account may be called `issuer`, too.
    issuer: Option<Pattern>,
}

/// An invalid pattern of `--token`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenPatternError {
    /// No account, or no token.
    #[error("`{0}` must be ACCOUNT/TOKEN, for example audit01/monthly-report")]
    Form(String),
    /// Unclosed brackets or braces.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

impl TokenPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names one token, and not all that are like it.
    pub(super) fn is_exact(&self) -> bool {
        !self.text.contains(['*', '?', '[', '{'])
    }

    /// Whether it names the token, by the id or by the name of its account.
    pub(crate) fn matches(&self, token: &ListedToken) -> bool {
        let by_name = Address::Token(token.account_name.as_str().into(), token.name_or_issuer());
        self.address.matches(&token.address(), None)
            || self.address.matches(&by_name, None)
            || self.names_issuer(token)
    }

    fn names_issuer(&self, token: &ListedToken) -> bool {
        let Some(issuer) = &self.issuer else {
            return false;
        };
        // Without a name it is the issuer token that the account lacks.
        let is_issuer = token.standing == Standing::Issuer || token.name.is_none();
        let by_name = Address::Issuer(token.account_name.as_str().into());
        is_issuer
            && (issuer.matches(&Address::Issuer(token.account.clone()), None)
                || issuer.matches(&by_name, None))
    }
}

impl fmt::Display for TokenPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for TokenPattern {
    type Err = TokenPatternError;

    fn from_str(text: &str) -> Result<Self, TokenPatternError> {
        let form = || TokenPatternError::Form(text.to_owned());
        let address = text.strip_prefix("token/").unwrap_or(text);
        let (account, token) = address.split_once('/').ok_or_else(form)?;
        if account.is_empty() || token.is_empty() {
            return Err(form());
        }
        Ok(Self {
            text: text.to_owned(),
            address: format!("token/{address}").parse()?,
            issuer: match text.strip_prefix("issuer/") {
                Some(_) => Some(text.parse()?),
                None => None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_token_is_named_by_its_address() {
        let issuer = |standing, name: Option<&str>| ListedToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: None,
            is_doubted: false,
            name: name.map(Into::into),
            standing,
            token: None,
            scopes: None,
            delivery: None,
            next: None,
            people: crate::ForPeople::default(),
        };
        let present = issuer(Standing::Issuer, Some("steersman-issuer~1a2b"));
        let unread = || Standing::Unread { why: String::new() };
        for (text, token, expected) in [
            ("issuer/SA-001", &present, true),
            ("issuer/audit01", &present, true),
            ("audit01/steersman-issuer~1a2b", &present, true),
            ("issuer/SA-002", &present, false),
            ("issuer/SA-001", &issuer(unread(), None), true),
            (
                "issuer/SA-001",
                &issuer(Standing::Declared, Some("job")),
                false,
            ),
        ] {
            let pattern: TokenPattern = text.parse().unwrap();
            assert_eq!(pattern.matches(token), expected, "{text}");
        }
    }

    #[test]
    fn a_token_is_named_by_id_or_name_of_its_account() {
        let token = ListedToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: None,
            is_doubted: false,
            name: Some("monthly-report".into()),
            standing: Standing::Declared,
            token: None,
            scopes: None,
            delivery: None,
            next: None,
            people: crate::ForPeople::default(),
        };
        for (text, expected) in [
            ("audit01/monthly-report", true),
            ("SA-001/monthly-report", true),
            ("token/SA-001/monthly-report", true),
            ("token/audit01/monthly-report", true),
            ("*/monthly-*", true),
            ("audit0?/*", true),
            ("audit01/monthly", false),
            ("audit02/monthly-report", false),
        ] {
            let pattern: TokenPattern = text.parse().unwrap();
            assert_eq!(pattern.matches(&token), expected, "{text}");
        }
        for text in [
            "",
            "/",
            "audit01",
            "audit01/",
            "/monthly-report",
            "token/audit01",
            "a/[x",
        ] {
            assert!(text.parse::<TokenPattern>().is_err(), "{text}");
        }
    }
}
