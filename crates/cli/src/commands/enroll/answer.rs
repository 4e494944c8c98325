//! Answer of a run: who is enrolled, what failed, and what is left.

use super::selection::Turn;
use super::site::Subject;
use crate::answers;
use crate::exit_code::Exit;
use crate::failure::Failure;
use jiff::Timestamp;
use model::{AccountKey, AccountName, IdentityId, SecretDocument, Stage, TokenId, TokenName};
use owo_colors::OwoColorize;
use serde::Serialize;
use std::fmt::Write as _;

/// How an account was enrolled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum How {
    /// With a token that its holder created.
    Token,
    /// Its holder signed in in a browser.
    Browser,
}

/// An account that was enrolled.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enrolled {
    pub(super) id: AccountKey,
    pub(super) name: AccountName,
    pub(super) how: How,
    identity: IdentityId,
    token_id: TokenId,
    token: Option<TokenName>,
    pub(super) expires: Option<Timestamp>,
    store: String,
    key: String,
    /// Whether an issuer token that no person has seen has taken its place.
    replaced: bool,
    /// Whether the token that was entered is revoked.
    revoked: bool,
}

impl Enrolled {
    pub(super) fn new(
        subject: Subject<'_>,
        how: How,
        document: &SecretDocument,
        identity: &IdentityId,
    ) -> Self {
        let Subject { account, location } = subject;
        Self {
            id: account.key.clone(),
            name: account.name.clone(),
            how,
            identity: identity.clone(),
            token_id: document.credential.client_id.clone(),
            token: document.token.clone(),
            expires: document.expires,
            store: location.store.to_string(),
            key: location.key.clone(),
            replaced: false,
            revoked: false,
        }
    }

    /// Notes the issuer token that has taken its place.
    pub(super) fn replaced_by(
        &mut self,
        token_id: TokenId,
        token: TokenName,
        expires: Option<Timestamp>,
        revoked: bool,
    ) {
        self.revoked = revoked;
        self.token_id = token_id;
        self.token = Some(token);
        self.expires = expires;
        self.replaced = true;
    }

    /// What a person reads of it.
    pub(super) fn line(&self) -> String {
        format!(
            "{} {} is enrolled: its issuer token is stored at {}:{}{}; the next apply creates its other tokens",
            "done".green(),
            self.name,
            self.store,
            self.key,
            if self.revoked {
                ", and the token that was entered is revoked"
            } else {
                ""
            }
        )
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    id: AccountKey,
    name: AccountName,
    error: String,
    help: Option<String>,
}

/// An account that is not enrolled and was not tried.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Left {
    id: AccountKey,
    name: AccountName,
    stage: Option<Stage>,
    next: String,
}

/// The answer of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    format_version: u32,
    tenant: String,
    enrolled: Vec<Enrolled>,
    failed: Vec<Failed>,
    left: Vec<Left>,
    interrupted: bool,
    /// The exit code of the first failure.
    #[serde(skip)]
    first: Option<Exit>,
}

impl Answer {
    pub(super) fn new(tenant: String) -> Self {
        Self {
            format_version: 1,
            tenant,
            enrolled: Vec::new(),
            failed: Vec::new(),
            left: Vec::new(),
            interrupted: false,
            first: None,
        }
    }

    pub(super) fn enrolled(&mut self, enrolled: Enrolled) {
        self.enrolled.push(enrolled);
    }

    pub(super) fn failed(&mut self, subject: Subject<'_>, failure: &Failure) {
        self.first.get_or_insert(failure.exit());
        self.failed.push(Failed {
            id: subject.account.key.clone(),
            name: subject.account.name.clone(),
            error: failure.text(),
            help: failure.next(),
        });
    }

    /// Leaves an account because of its stage.
    pub(super) fn left(&mut self, subject: Subject<'_>, turn: Turn) {
        let (stage, next) = match turn {
            Turn::Done => return,
            Turn::Now => (None, format!("operator: {}", again(subject))),
            Turn::Later { stage, next } => (stage, next),
        };
        self.left.push(Left {
            id: subject.account.key.clone(),
            name: subject.account.name.clone(),
            stage,
            next,
        });
    }

    /// Ends the run by this signal.
    pub(super) fn interrupt(&mut self, exit: Exit) {
        self.interrupted = true;
        self.first.get_or_insert(exit);
    }

    /// The exit code: what went wrong, or that it went wrong in part.
    pub(super) fn exit(&self) -> Exit {
        match self.first {
            None => Exit::Done,
            Some(_) if !self.enrolled.is_empty() => Exit::Partial,
            Some(first) => first,
        }
    }

    /// What is left, for a run of several accounts.
    pub(super) fn summary(&self) -> String {
        let mut text = format!("{} enrolled", self.enrolled.len());
        for (count, what) in [(self.failed.len(), "failed"), (self.left.len(), "left")] {
            if count > 0 {
                let _ = write!(text, ", {count} {what}");
            }
        }
        for Failed { name, error, .. } in &self.failed {
            let _ = write!(text, "\n  {name}: {error}");
        }
        for Left { name, next, .. } in &self.left {
            let _ = write!(text, "\n  {name}: {next}");
        }
        text
    }

    /// The answer for programs.
    ///
    /// # Errors
    /// An answer that cannot be serialized.
    pub(super) fn json(&self) -> Result<String, Failure> {
        answers::json(self)
    }
}

fn again(subject: Subject<'_>) -> String {
    format!(
        "run `steersman enroll {}`",
        model::shell_quoted(subject.account.name.as_str())
    )
}
