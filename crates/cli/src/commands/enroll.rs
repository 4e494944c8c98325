//! `steersman enroll`: puts the issuer token of an account into its store.

mod answer;
mod arguments;
mod by_browser;
mod by_token;
mod eligibility;
mod given;
mod loopback;
mod occupant;
mod pasted;
mod prompt;
mod redirect;
mod replacing;
mod selection;
mod site;

use crate::answers::Format;
use crate::arguments::SpecArguments;
use crate::assessment::{Facts, assess};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::session::Session;
use crate::stores;
use answer::{Answer, Enrolled};
pub(crate) use arguments::Enroll;
use arguments::Way;
use by_token::{prepare, warn_of_end};
use model::{Credential, Spec, Unasked};
use planner::Allowances;
use prompt::Entered;
use selection::Turn;
use site::{Site, Subject};

impl Enroll {
    pub(crate) async fn run(
        &self,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let (accounts, files) = self.words()?;
        if self.format == Format::Json {
            output.keep_for_document();
        }
        let (spec, _) = load_spec(&files, &self.tenant, output)?;
        refuse_ambiguous(&spec, &files)?;
        let subjects = if self.all {
            selection::all(&spec)
        } else {
            selection::named(&spec, &accounts)?
        };
        // What is piped is read before the tenant is opened: the command before it in the
        // pipe may still have the simulated tenant.
        let piped = self.piped()?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self
            .enroll(&spec, &subjects, piped, &session, interrupts, output)
            .await;
        session.close().await?;
        result
    }

    async fn enroll(
        &self,
        spec: &Spec,
        subjects: &[Subject<'_>],
        piped: Option<String>,
        session: &Session,
        interrupts: &Interrupts,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        // Kept until the end.
        let _lock = journals::lock(session, self.journal.path())?;
        // Before anybody is asked for a secret.
        let stores = stores::open_to_write(spec, session, self.commands, true, output).await?;
        let not_asked = stores.not_asked();
        if let Some(Subject { location, .. }) = subjects
            .iter()
            .find(|subject| not_asked.contains(&subject.location.store))
        {
            return Err(Failure::Usage {
                message: format!(
                    "store `{}` runs a program that the files name, and nobody allowed it; nothing was stored",
                    location.store
                ),
                help: "check the program in the files, then add `--allow-commands`".to_owned(),
            });
        }
        if let Some(subject) = subjects
            .iter()
            .find(|subject| !self.all && !stores.can_be_written(&subject.location.store))
        {
            return Err(only_read(spec, *subject));
        }
        // What was piped is checked as a whole before anything is stored.
        let way = self.way(subjects, piped, output)?;
        let journal = journals::open(session, self.journal.path(), output)?;
        let earlier = journal.earlier();
        let facts = Facts {
            stores: &stores,
            earlier: &earlier,
            unasked: Unasked::Blocked,
            settled: Facts::NOTHING_SETTLED,
        };
        let assessment = assess(spec, session.reader(), facts, &Allowances::default()).await?;
        let site = Site {
            spec,
            session,
            stores: &stores,
            journal: &journal,
            // From now on a signal lets what is being stored end.
            cancel: &interrupts.writing(),
            assessment: &assessment,
        };
        let mut run = Run {
            answer: Answer::new(session.tenant_name()),
            several: self.all || subjects.len() > 1,
            client_id: self.client_id.as_deref(),
            all: self.all,
        };
        run.all_of(&site, subjects, way, output).await;
        stores::show_notices(&stores, output);
        let Run {
            answer, several, ..
        } = run;
        if several {
            output.lines(&answer.summary());
        }
        if answer.exit() == Exit::Interrupted {
            output.talk("stopped; nothing was stored");
        }
        if self.format == Format::Json {
            output.document(&answer.json()?);
        }
        Ok(answer.exit())
    }
}

/// A run over several accounts, one after the other.
struct Run<'a> {
    answer: Answer,
    several: bool,
    client_id: Option<&'a str>,
    all: bool,
}

impl Run<'_> {
    async fn all_of(
        &mut self,
        site: &Site<'_>,
        subjects: &[Subject<'_>],
        mut way: Way,
        output: &mut Output,
    ) {
        let mut ended = false;
        for subject in subjects {
            let turn = if self.all {
                selection::turn(site, subject.account)
            } else {
                Turn::Now
            };
            if turn != Turn::Now || ended || site.cancel.is_cancelled() {
                self.answer.left(*subject, turn);
                continue;
            }
            match one(self.client_id, site, *subject, &mut way, output).await {
                Ok(Some(enrolled)) => {
                    output.lines(&enrolled.line());
                    warn_of_end(&enrolled, site.assessment.live.observed_at, output);
                    self.answer.enrolled(enrolled);
                }
                Ok(None) => self.answer.left(*subject, turn),
                Err(failure) => {
                    failure.report(output);
                    ended = concerns_all(&failure);
                    self.answer.failed(*subject, &failure);
                }
            }
        }
        if site.cancel.is_cancelled() {
            self.answer.interrupt(Exit::Interrupted);
        }
    }
}

/// Enrolls one account; none where it is left out, or the run is to stop.
async fn one<'a>(
    client_id: Option<&str>,
    site: &Site<'a>,
    subject: Subject<'a>,
    way: &mut Way,
    output: &mut Output,
) -> Result<Option<Enrolled>, Failure> {
    let account = subject.account;
    let (identity, credential) = match way {
        Way::Browser(browser) => return browser.enroll(site, subject, output).await,
        Way::Given(tokens) => {
            let named = [account.key.as_str(), account.name.as_str()];
            let Some(credential) = named.into_iter().find_map(|name| tokens.remove(name)) else {
                return Ok(None);
            };
            (prepare(site, subject).await?, credential)
        }
        Way::Asked => {
            // Nobody is asked for a token that cannot be there yet. One that was made ahead
            // and is given proves itself.
            site.refuse_unregistered(account)?;
            let identity = prepare(site, subject).await?;
            output.talk(&format!(
                "Account holder of {0}: sign in to ISC as {0}. Under Preferences > Personal Access Tokens, create a token with the scope {1}.",
                account.name,
                model::LiveToken::ISSUER_SCOPE
            ));
            match ask(client_id, site, subject).await? {
                Some(credential) => (identity, credential),
                None => return Ok(None),
            }
        }
    };
    by_token::enroll(site, subject, identity, credential, output)
        .await
        .map(Some)
}

/// Asks at the terminal; none where nothing is entered, or the run is to stop.
async fn ask(
    client_id: Option<&str>,
    site: &Site<'_>,
    subject: Subject<'_>,
) -> Result<Option<Credential>, Failure> {
    let name = subject.account.name.clone();
    let client_id = client_id.map(str::to_owned);
    // The terminal is read in a thread of its own, so that a signal is heard meanwhile.
    let asking =
        tokio::task::spawn_blocking(move || prompt::at_the_terminal(&name, client_id.as_deref()));
    match site.unless_stopped(asking).await {
        None | Some(Ok(Ok(Entered::Nothing))) => Ok(None),
        Some(Ok(Ok(Entered::Token(credential)))) => Ok(Some(credential)),
        Some(Ok(Ok(Entered::Interrupted))) => {
            // The signal is on its way.
            site.cancel.cancelled().await;
            Ok(None)
        }
        Some(Ok(Ok(Entered::NoToken(what)))) => Err(what.into()),
        Some(Ok(Err(failure))) => Err(failure),
        Some(Err(error)) => Err(Failure::Internal {
            message: "cannot read the terminal".to_owned(),
            source: Box::new(error),
        }),
    }
}

/// An account whose issuer token a person or a pipeline puts into a variable.
fn only_read(spec: &Spec, subject: Subject<'_>) -> Failure {
    let Subject { account, location } = subject;
    let variable = spec
        .stores
        .get(&location.store)
        .and_then(|store| store.variable(&location.key))
        .unwrap_or_default();
    Failure::File {
        message: format!(
            "steersman only reads the store `{}`, so it cannot store the issuer token of {}; nothing was stored",
            location.store, account.name
        ),
        help: Some(format!(
            "set the variable {variable} where steersman runs, to {{\"clientId\": \"…\", \"clientSecret\": \"…\"}}; or declare another store"
        )),
        source: None,
    }
}

/// Whether the other accounts would meet the same.
fn concerns_all(failure: &Failure) -> bool {
    match failure {
        Failure::Enroll(refusal) => refusal.concerns_all(),
        Failure::Tenant(error) => matches!(
            error.kind,
            model::TenantErrorKind::Unavailable { .. }
                | model::TenantErrorKind::NotReached { .. }
                | model::TenantErrorKind::Intercepted { .. }
                | model::TenantErrorKind::NotATenant { .. }
                | model::TenantErrorKind::AskedToWait { .. }
        ),
        _ => false,
    }
}

/// A word that is both an account and a path.
fn refuse_ambiguous(spec: &Spec, files: &SpecArguments) -> Result<(), Failure> {
    let is_account = |word: &str| {
        let mut accounts = spec.accounts.values();
        accounts.any(|account| account.key.as_str() == word || account.name.as_str() == word)
    };
    match files.given.iter().find(|path| is_account(path.as_str())) {
        None => Ok(()),
        Some(word) => Err(Failure::Usage {
            message: format!("`{word}` is both an account and a path"),
            help: format!("write ./{word} for the path; or enter the account by its id"),
        }),
    }
}
