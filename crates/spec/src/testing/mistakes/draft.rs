//! A valid spec, part by part, and how it is written to files.
//!
//! Each part is the text of its lines. A mark in a text is the place of a mistake: the
//! writer takes the marks out and notes where they were.

use super::random::Random;
use crate::code::Code;
use std::fmt::Write as _;

/// A problem as it is told: its code, and the place that it points at first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub(super) code: Code,
    pub(super) file: String,
    pub(super) start: usize,
}

/// A place that a mistake points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// A mark of its own.
    Mark(usize),
    /// What names a source, or else its first key.
    Source(usize),
    /// What names an account, or else its first key.
    Account(usize),
    /// What names a token of an account, or else its first key.
    Token(usize, usize),
}

impl Anchor {
    /// How the anchor is written in a text.
    pub(super) fn mark(self) -> String {
        match self {
            Self::Mark(number) => format!("\u{1}m{number}\u{2}"),
            Self::Source(source) => format!("\u{1}s{source}\u{2}"),
            Self::Account(account) => format!("\u{1}a{account}\u{2}"),
            Self::Token(account, token) => format!("\u{1}t{account}.{token}\u{2}"),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) owner: String,
    pub(super) description: String,
    pub(super) threshold: String,
    pub(super) attributes: String,
    pub(super) unmanaged: String,
    pub(super) profile_name: String,
    pub(super) mappings: String,
    pub(super) extra: String,
}

#[derive(Debug, Default)]
pub(super) struct Token {
    pub(super) name: String,
    pub(super) permissions: String,
    pub(super) validity: String,
    pub(super) expires: String,
    pub(super) rotate: String,
    pub(super) deliver: String,
    pub(super) extra: String,
}

#[derive(Debug, Default)]
pub(super) struct Account {
    pub(super) source: String,
    pub(super) identity: String,
    pub(super) email: String,
    pub(super) purpose: String,
    pub(super) attributes: String,
    pub(super) levels: String,
    pub(super) profile: String,
    pub(super) issuer: String,
    pub(super) extra: String,
    pub(super) tokens: Vec<Token>,
}

/// A whole spec.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) tenant: String,
    pub(super) sources: Vec<Source>,
    /// Each with its name.
    pub(super) stores: Vec<String>,
    pub(super) defaults: String,
    /// Each with its name.
    pub(super) profiles: Vec<String>,
    pub(super) policy: String,
    pub(super) sections: String,
    pub(super) accounts: Vec<Account>,
    /// Over how many files the accounts are spread.
    pub(super) files: usize,
    pub(super) expected: Vec<(Code, Anchor)>,
}

/// The text that names an account.
pub(super) fn account_name(account: usize) -> String {
    format!("audit{account}")
}

impl Draft {
    /// A valid spec.
    pub(super) fn new(random: &mut Random) -> Self {
        let sources = (0..=random.below(2)).map(source).collect::<Vec<_>>();
        let number = *random.pick(&[1, 2, 3, 5, 8, 13, 40]);
        let accounts = (0..number)
            .map(|index| account(index, random.below(sources.len()), random))
            .collect();
        Self {
            tenant: "tenant:\n  baseUrl: https://acme.api.identitynow.com\n".to_owned(),
            sources,
            stores: vec![
                "  local:\n    directory: secrets\n".to_owned(),
                "  own:\n    command:\n      put: [put, '{key}']\n      get: [get, '{key}']\n"
                    .to_owned(),
            ],
            defaults: "defaults:\n  issuer: {store: local, key: '{account}/issuer'}\n  token:\n    rotate: {before: 20%}\n    deliver: {store: local, key: '{account}/{token}'}\n"
                .to_owned(),
            profiles: vec![
                "  p0:\n    issuer: {store: local}\n    token: {deliver: {store: local, key: 'p0/{account}/{token}'}}\n    attributes: {region: eu}\n".to_owned(),
                "  p1:\n    token: {accessTokenValidity: 10m}\n".to_owned(),
            ],
            policy: "policy:\n  forbidUserLevels: [ORG_ADMIN]\n  maxTokenLifetime: 180d\n".to_owned(),
            sections: String::new(),
            accounts,
            files: 1 + random.below(3),
            expected: Vec::new(),
        }
    }

    /// The files, and what is to be told of them.
    pub(super) fn write(&self) -> (Vec<(String, String)>, Vec<Told>) {
        let mut base = format!("steersman: v1\n{}sources:\n", self.tenant);
        for (index, source) in self.sources.iter().enumerate() {
            base.push_str(&item(Anchor::Source(index), "  ", &source.lines()));
        }
        let _ = write!(
            base,
            "stores:\n{}{}profiles:\n{}{}{}",
            self.stores.concat(),
            self.defaults,
            self.profiles.concat(),
            self.policy,
            self.sections
        );
        let mut files = vec![("a.yaml".to_owned(), base)];
        let each = self.accounts.len().div_ceil(self.files);
        for (number, accounts) in self.accounts.chunks(each).enumerate() {
            let mut text = "steersman: v1\nserviceAccounts:\n".to_owned();
            for (index, account) in accounts.iter().enumerate() {
                let index = number * each + index;
                text.push_str(&item(Anchor::Account(index), "  ", &account.lines(index)));
            }
            files.push((format!("b{number}.yaml"), text));
        }
        let mut places = Vec::new();
        for (path, text) in &mut files {
            *text = unmark(text, path, &mut places);
        }
        let mut expected: Vec<Told> = self
            .expected
            .iter()
            .map(|(code, anchor)| {
                let mark = anchor.mark();
                let (_, file, start) = places
                    .iter()
                    .find(|(name, _, _)| *name == mark)
                    .unwrap_or_else(|| unreachable!("{anchor:?} is nowhere"));
                Told {
                    code: *code,
                    file: file.clone(),
                    start: *start,
                }
            })
            .collect();
        expected.sort();
        (files, expected)
    }
}

/// The text without its marks, whose places are noted.
fn unmark(text: &str, path: &str, places: &mut Vec<(String, String, usize)>) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\u{1}') {
        let end = start + rest[start..].find('\u{2}').unwrap_or(0) + 1;
        clean.push_str(&rest[..start]);
        places.push((rest[start..end].to_owned(), path.to_owned(), clean.len()));
        rest = &rest[end..];
    }
    clean.push_str(rest);
    clean
}

/// An item of a list. Its anchor is where the lines have it, or else its first key.
fn item(anchor: Anchor, indent: &str, lines: &str) -> String {
    let mark = anchor.mark();
    let mut text = String::new();
    for (index, line) in lines.lines().enumerate() {
        let dash = if index == 0 { "- " } else { "  " };
        let first = if index == 0 && !lines.contains(&mark) {
            mark.as_str()
        } else {
            ""
        };
        let _ = writeln!(text, "{indent}{dash}{first}{line}");
    }
    text
}

impl Source {
    fn lines(&self) -> String {
        let mut lines = [
            self.name.as_str(),
            &self.owner,
            &self.description,
            &self.threshold,
            &self.attributes,
            &self.unmanaged,
            &self.extra,
        ]
        .concat();
        lines.push_str("identityProfile:\n");
        for line in [self.profile_name.as_str(), &self.mappings]
            .concat()
            .lines()
        {
            let _ = writeln!(lines, "  {line}");
        }
        lines
    }
}

impl Account {
    fn lines(&self, index: usize) -> String {
        let mut lines = [
            self.identity.as_str(),
            &self.source,
            &self.email,
            &self.purpose,
            &self.attributes,
            &self.levels,
            &self.profile,
            &self.issuer,
            &self.extra,
        ]
        .concat();
        if !self.tokens.is_empty() {
            lines.push_str("tokens:\n");
        }
        for (number, token) in self.tokens.iter().enumerate() {
            let text = [
                token.name.as_str(),
                &token.permissions,
                &token.validity,
                &token.expires,
                &token.rotate,
                &token.deliver,
                &token.extra,
            ]
            .concat();
            lines.push_str(&item(Anchor::Token(index, number), "  ", &text));
        }
        lines
    }
}

fn source(index: usize) -> Source {
    Source {
        name: format!("name: {}Source {index}\n", Anchor::Source(index).mark()),
        owner: "owner: jane.doe\n".to_owned(),
        attributes: "attributes: [{name: team}, {name: region}]\n".to_owned(),
        profile_name: format!("name: Profile {index}\n"),
        mappings: "mappings: {uid: name, email: e-mail, firstname: name, lastname: team}\n"
            .to_owned(),
        ..Source::default()
    }
}

fn account(index: usize, source: usize, random: &mut Random) -> Account {
    let (levels, scope) = *random.pick(&[
        ("userLevels: [SOURCE_ADMIN]\n", "idn:sources:manage"),
        ("", "sp:search:read"),
    ]);
    let tokens = (0..random.below(4))
        .map(|number| Token {
            name: format!("name: {}t{number}\n", Anchor::Token(index, number).mark()),
            permissions: format!("scopes: [{scope}]\n"),
            validity: "accessTokenValidity: 15m\n".to_owned(),
            ..Token::default()
        })
        .collect();
    Account {
        source: format!("source: Source {source}\n"),
        identity: format!(
            "id: {}SA-{index}\nname: {}\n",
            Anchor::Account(index).mark(),
            account_name(index)
        ),
        email: "email: iam@example.com\n".to_owned(),
        purpose: "purpose: Monthly audit report\n".to_owned(),
        attributes: "attributes: {team: iam}\n".to_owned(),
        levels: levels.to_owned(),
        profile: random
            .pick(&["", "profile: p0\n", "profile: p1\n"])
            .to_string(),
        tokens,
        ..Account::default()
    }
}
