//! Arguments of `enroll`: accounts, files, and the way in which a token comes.

use super::by_browser::Browser;
use super::given;
use super::prompt;
use super::redirect::RedirectUri;
use super::site::Subject;
use crate::answers::Format;
use crate::arguments::{CommandArguments, JournalArgument, SpecArguments, TenantArguments};
use crate::enroll_refusal::Refusal;
use crate::environment::variable;
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use camino::Utf8PathBuf;
use clap::Args;
use isc::OauthClient;
use model::Credential;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::Duration;

/// Sign in as an account once, and store its issuer token
///
/// Example: `steersman enroll audit01 audit02 accounts`
///
/// Only the owner can create a token. So each account needs one human step: its account
/// holder signs in in a browser, and steersman creates the issuer token with that access;
/// or the account holder creates a personal access token with the scope
/// sp:my-personal-access-tokens:manage and enters it here (`--paste`). steersman proves
/// that the token is the account's own, stores it, and reads it back. The next apply
/// uses it to create the account's other tokens.
///
/// The browser needs an OAuth client of the tenant: `STEERSMAN_ENROLL_CLIENT_ID`, and
/// `STEERSMAN_ENROLL_CLIENT_SECRET` if it is confidential. Without one, or if standard
/// input is not a terminal, steersman asks for a token or reads it from standard input: the
/// client ID and the secret on a line each, or a JSON document, for several accounts one each
/// ({"account": …, "clientId": …, "clientSecret": …}).
///
/// A word that names a file or folder is a path, any other is an account.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Args)]
#[command(
    override_usage = "steersman enroll [OPTIONS] <ACCOUNT>... [PATH]...\n       steersman enroll [OPTIONS] --all [PATH]...",
    mut_arg("given", |words| words.value_name("ACCOUNT|PATH").help(
        "Accounts to enroll, by id or name, and files; default: this folder"
    ))
)]
pub(crate) struct Enroll {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    pub(super) tenant: TenantArguments,
    #[command(flatten)]
    pub(super) commands: CommandArguments,
    /// Enroll every declared account that is registered and not enrolled
    ///
    /// Example: `steersman enroll --all accounts`
    ///
    /// One after the other. Run it again to continue: what is enrolled stays.
    #[arg(long)]
    pub(super) all: bool,
    /// Enter a token, or give it on standard input, instead of signing in
    #[arg(long, conflicts_with_all = ["browser", "no_browser"])]
    paste: bool,
    /// Client ID of the token that is entered; default: prompt for it
    #[arg(long, value_name = "ID", conflicts_with_all = ["browser", "no_browser", "all"])]
    pub(super) client_id: Option<String>,
    /// Sign in in a browser, also if standard input is no terminal
    #[arg(long)]
    browser: bool,
    /// Print the link for signing in, and open no browser
    #[arg(long)]
    no_browser: bool,
    /// Where the browser comes back to, as the OAuth client lists it
    ///
    /// Example: `--redirect-uri http://localhost:8080/steersman`
    ///
    /// steersman listens on 127.0.0.1, at this port, while an account holder signs in.
    #[arg(
        long,
        value_name = "URI",
        env = "STEERSMAN_ENROLL_REDIRECT_URI",
        default_value = "http://127.0.0.1:8976/steersman"
    )]
    redirect_uri: String,
    /// How long each account holder has for signing in, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
    /// Format of the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) journal: JournalArgument,
}

/// How the tokens come.
pub(super) enum Way {
    /// The account holders sign in.
    Browser(Box<Browser>),
    /// They enter tokens at the terminal.
    Asked,
    /// Their tokens came on standard input, by account.
    Given(BTreeMap<String, Credential>),
}

impl Enroll {
    /// The accounts and the files of the command line.
    ///
    /// # Errors
    /// No account, or accounts beside `--all`.
    pub(super) fn words(&self) -> Result<(Vec<String>, SpecArguments), Failure> {
        let (paths, accounts): (Vec<Utf8PathBuf>, Vec<Utf8PathBuf>) =
            self.spec.given.iter().cloned().partition(is_path);
        let accounts: Vec<String> = accounts.into_iter().map(Utf8PathBuf::into_string).collect();
        let usage = |message: String| {
            Failure::Usage {
            message,
            help: "name accounts by id or name, as in `steersman enroll audit01 accounts`, or use `--all`".to_owned(),
        }
        };
        match (self.all, accounts.as_slice()) {
            (false, []) => Err(usage("no account is named".to_owned())),
            (true, [word, ..]) => Err(usage(format!("there is no file or folder {word}"))),
            (true, []) | (false, _) => {
                let files = SpecArguments {
                    given: paths,
                    ..self.spec.clone()
                };
                Ok((accounts, files))
            }
        }
    }

    /// All of standard input, where the tokens come on it.
    ///
    /// # Errors
    /// Standard input that cannot be read, is no text, or is too large.
    pub(super) fn piped(&self) -> Result<Option<String>, Failure> {
        if self.browser || self.no_browser || std::io::stdin().is_terminal() {
            return Ok(None);
        }
        prompt::standard_input().map(Some)
    }

    /// How the tokens come. What was piped is checked here.
    ///
    /// # Errors
    /// No OAuth client, a redirect URI that cannot be used, or tokens that are none.
    pub(super) fn way(
        &self,
        subjects: &[Subject<'_>],
        piped: Option<String>,
        output: &mut Output,
    ) -> Result<Way, Failure> {
        let client_id = variable("STEERSMAN_ENROLL_CLIENT_ID");
        let wants_browser = self.browser || self.no_browser;
        let wants_token = self.paste || self.client_id.is_some();
        match client_id {
            None if wants_browser => Err(Refusal::NoClient.into()),
            Some(id) if wants_browser || piped.is_none() && !wants_token => {
                self.browser(id.trim().to_owned()).map(Way::Browser)
            }
            Some(_) | None => {
                if let Some(text) = piped {
                    return self.given(&text, subjects).map(Way::Given);
                }
                if !wants_token {
                    output.talk("note: to sign in in a browser instead, set STEERSMAN_ENROLL_CLIENT_ID to an OAuth client of the tenant");
                }
                Ok(Way::Asked)
            }
        }
    }

    fn browser(&self, id: String) -> Result<Box<Browser>, Failure> {
        let uri = self.redirect_uri.clone();
        let redirect_uri =
            RedirectUri::parse(&uri).map_err(|why| Refusal::RedirectUri { uri, why })?;
        let secret = variable("STEERSMAN_ENROLL_CLIENT_SECRET")
            .map(|secret| SecretString::from(secret.trim().to_owned()));
        if let Some(secret) = &secret {
            redactor().learn(secret);
        }
        Ok(Box::new(Browser {
            client: OauthClient { id, secret },
            redirect_uri,
            opens: !self.no_browser,
            timeout: Duration::from_secs(self.timeout),
        }))
    }

    fn given(
        &self,
        text: &str,
        subjects: &[Subject<'_>],
    ) -> Result<BTreeMap<String, Credential>, Failure> {
        let tokens = match subjects {
            [subject] if !self.all => {
                let name = subject.account.name.to_string();
                let token = given::one(text, self.client_id.as_deref())?;
                BTreeMap::from([(name, token)])
            }
            _ => given::many(text)?,
        };
        for token in tokens.values() {
            redactor().learn(&token.client_secret);
        }
        let is_known = |name: &&String| {
            subjects.iter().any(|Subject { account, .. }| {
                account.key.as_str() == name.as_str() || account.name.as_str() == name.as_str()
            })
        };
        match tokens.keys().find(|name| !is_known(name)) {
            None => Ok(tokens),
            Some(name) => Err(Failure::Usage {
                message: format!(
                    "standard input has a token for `{name}`, which is none of the accounts to be enrolled; nothing was stored"
                ),
                help: "correct the line, or remove it".to_owned(),
            }),
        }
    }
}

/// Whether a word names a path. What is written like one is meant as one.
fn is_path(word: &Utf8PathBuf) -> bool {
    let text = word.as_str();
    text.contains('/') || matches!(word.extension(), Some("yaml" | "yml")) || word.exists()
}
