//! Reasons why an account was not enrolled, each with the next action and an exit code.
//!
//! The credentials here are those of the account that is enrolled. So no text sends anyone
//! to `SAIL_CLIENT_ID`, which is steersman's own.

use crate::exit_code::Exit;
use model::{AccountName, IdentityId, LiveToken, TenantError};

/// The scope that lets a token manage its owner's tokens.
const MANAGE: &str = LiveToken::ISSUER_SCOPE;

/// Why an account was not enrolled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The account has no identity yet.
    #[error("{name} has no identity in this tenant yet; nothing was stored")]
    NoIdentity {
        /// The account.
        name: AccountName,
    },
    /// The account holder has not accepted the invitation.
    #[error(
        "{name} is not registered yet, so its account holder cannot sign in; nothing was stored"
    )]
    NotRegistered {
        /// The account.
        name: AccountName,
    },
    /// The identity is not known to be the account's own.
    #[error("{message}; nothing was stored")]
    NotOwn {
        /// Which identity, and why.
        message: String,
        /// What to do.
        help: String,
    },
    /// What was pasted cannot be a client ID or a secret.
    #[error("{what}; nothing was stored")]
    Pasted {
        /// What was found, without the value.
        what: String,
        /// What to do.
        help: String,
    },
    /// ISC does not accept the token.
    #[error("the token of {name} does not sign in: {why}; nothing was stored")]
    NotAccepted {
        /// The account that it was given for.
        name: AccountName,
        /// What is known of it, and what ISC says.
        why: String,
        /// What to do.
        help: String,
    },
    /// It is a client of its own, without a user.
    #[error(
        "the credential for {name} is an API client's, which has no user and cannot own tokens; nothing was stored"
    )]
    ApiClient {
        /// The account.
        name: AccountName,
    },
    /// Another identity owns the token.
    #[error(
        "this token belongs to identity {owner}, and {name} is identity {expected}; nothing was stored"
    )]
    OtherOwner {
        /// The account.
        name: AccountName,
        /// Its identity.
        expected: IdentityId,
        /// The owner, with the account that it is where a file declares it.
        owner: String,
    },
    /// The token cannot manage its owner's tokens.
    #[error(
        "the token of {name} has no scope {MANAGE}, so it cannot create tokens; nothing was stored"
    )]
    NoManageScope {
        /// The account.
        name: AccountName,
    },
    /// The token is used for something else, and enrolling would revoke it.
    #[error("the token of {name} cannot be its issuer token, because {by}; nothing was stored")]
    InUse {
        /// The account.
        name: AccountName,
        /// What uses it.
        by: &'static str,
    },
    /// No OAuth client is configured.
    #[error("enrolling in a browser needs an OAuth client of the tenant, and none is configured")]
    NoClient,
    /// The redirect URI cannot be used.
    #[error("the redirect URI {uri} cannot be used: {why}")]
    RedirectUri {
        /// What was given.
        uri: String,
        /// Why not.
        why: &'static str,
    },
    /// Nothing can listen where the browser comes back to.
    #[error("cannot listen on 127.0.0.1:{port} for the browser to come back; nothing was created")]
    Listen {
        /// The port.
        port: u16,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// No person signed in in time.
    #[error("no sign-in as {name} within {seconds} s; nothing was created")]
    TooLate {
        /// The account.
        name: AccountName,
        /// How long was waited.
        seconds: u64,
    },
    /// The sign-in page sent an error back.
    #[error("the sign-in as {name} ended with {error}; nothing was created")]
    SignInEnded {
        /// The account.
        name: AccountName,
        /// ISC's word for it, with its description.
        error: String,
    },
    /// The code of the sign-in was not accepted.
    #[error(
        "ISC does not accept the sign-in through the OAuth client {client}; nothing was created"
    )]
    CodeNotAccepted {
        /// The OAuth client.
        client: String,
        /// Why not.
        #[source]
        source: Box<TenantError>,
    },
    /// Another person signed in.
    #[error("{who} signed in, and not {name} (identity {expected}); nothing was created")]
    OtherPerson {
        /// The account.
        name: AccountName,
        /// Its identity.
        expected: IdentityId,
        /// Who signed in.
        who: String,
    },
    /// The access token of the sign-in may not create tokens.
    #[error(
        "the OAuth client {client} may not create tokens for the people who sign in; nothing was created"
    )]
    ClientMayNot {
        /// The OAuth client.
        client: String,
        /// ISC's refusal.
        #[source]
        source: Box<TenantError>,
    },
    /// The account has as many tokens as ISC allows.
    #[error(
        "{name} has {count} tokens, and ISC allows {}; nothing was created",
        LiveToken::MAX_PER_OWNER
    )]
    Full {
        /// The account.
        name: AccountName,
        /// How many.
        count: usize,
    },
}

impl Refusal {
    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NotAccepted { .. } | Self::CodeNotAccepted { .. } | Self::ClientMayNot { .. } => {
                Exit::NotAllowed
            }
            Self::Listen { .. } | Self::TooLate { .. } | Self::SignInEnded { .. } => Exit::Error,
            Self::NoIdentity { .. }
            | Self::NotRegistered { .. }
            | Self::NotOwn { .. }
            | Self::Pasted { .. }
            | Self::ApiClient { .. }
            | Self::OtherOwner { .. }
            | Self::NoManageScope { .. }
            | Self::InUse { .. }
            | Self::NoClient
            | Self::RedirectUri { .. }
            | Self::OtherPerson { .. }
            | Self::Full { .. } => Exit::Usage,
        }
    }

    /// Whether the other accounts of the run would meet the same.
    pub(crate) fn concerns_all(&self) -> bool {
        match self {
            Self::NoClient
            | Self::RedirectUri { .. }
            | Self::Listen { .. }
            | Self::TooLate { .. }
            | Self::CodeNotAccepted { .. }
            | Self::ClientMayNot { .. } => true,
            Self::NoIdentity { .. }
            | Self::NotRegistered { .. }
            | Self::NotOwn { .. }
            | Self::Pasted { .. }
            | Self::NotAccepted { .. }
            | Self::ApiClient { .. }
            | Self::OtherOwner { .. }
            | Self::NoManageScope { .. }
            | Self::InUse { .. }
            | Self::SignInEnded { .. }
            | Self::OtherPerson { .. }
            | Self::Full { .. } => false,
        }
    }

    /// What to do.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::NoIdentity { .. } => {
                "run `steersman apply` first; `steersman status` shows the stage of the account"
                    .to_owned()
            }
            Self::NotRegistered { name } => format!(
                "account holder: open the invitation sent to the mailbox of {name} and set a password; then run `steersman enroll {}` again",
                model::shell_quoted(name.as_str())
            ),
            Self::NotOwn { help, .. }
            | Self::Pasted { help, .. }
            | Self::NotAccepted { help, .. } => help.clone(),
            Self::ApiClient { name } | Self::OtherOwner { name, .. } => {
                format!("sign in to ISC as {name} and create the token there, under Preferences > Personal Access Tokens")
            }
            Self::NoManageScope { name } | Self::InUse { name, .. } => {
                format!("as {name}, create a token with the scope {MANAGE}")
            }
            Self::NoClient => "set STEERSMAN_ENROLL_CLIENT_ID to its id (docs/enroll.md says how to create one), or use `--paste` and enter a token that the account holder has created".to_owned(),
            Self::RedirectUri { .. } => "write it as http://127.0.0.1:PORT/PATH, as the OAuth client lists it".to_owned(),
            Self::Listen { port, .. } => format!(
                "end the program that uses port {port}; or choose another one with `--redirect-uri`, which the OAuth client has to list; or use `--paste`"
            ),
            Self::TooLate { name, .. } => format!(
                "run `steersman enroll {}` again, with a longer `--timeout SECONDS` if needed; on a machine without a browser use `--paste`",
                model::shell_quoted(name.as_str())
            ),
            Self::SignInEnded { name, .. } => {
                format!("run `steersman enroll {}` again, or use `--paste`", model::shell_quoted(name.as_str()))
            }
            Self::CodeNotAccepted { .. } => "check STEERSMAN_ENROLL_CLIENT_ID, and STEERSMAN_ENROLL_CLIENT_SECRET if the client is confidential; the client needs the grant type AUTHORIZATION_CODE and this redirect URI; or use `--paste`".to_owned(),
            Self::OtherPerson { name, .. } => format!(
                "sign out of ISC in the browser, or open the link in a private window, and sign in as {name}"
            ),
            Self::ClientMayNot { .. } => format!(
                "give the OAuth client the scope {MANAGE}, or use `--paste`"
            ),
            Self::Full { name, .. } => format!(
                "account holder of {name}: revoke a token that is no longer needed, then run `steersman enroll {}` again",
                model::shell_quoted(name.as_str())
            ),
        }
    }
}
