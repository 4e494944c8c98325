//! `steersman token list`: the tokens of the managed accounts, and what became of their secrets; read-only.

use super::check;
use crate::answers::Format;
use crate::arguments::{
    CommandArguments, JournalArgument, SelectionArguments, SpecArguments, TenantArguments, duration,
};
use crate::assessment::{Facts, assess};
use crate::caller_notes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use crate::{stores, terminal_size};
use clap::Args;
use jiff::SignedDuration;
use model::{Address, Spec, TenantRead, Unasked};
use planner::{Allowances, TokenFilter, TokenList};
use render::redact_json;
use render::terminal::Layout;
use render::token_list::{Shown, SignIn, TokenListDocument, token_table};

/// List the tokens of the managed accounts; read-only
///
/// Example: `steersman token list accounts --expiring-within 30d --check`
///
/// Lists all tokens of the accounts' identities: declared and retiring ones, issuer
/// tokens, undeclared ones, and those that are declared and do not exist. Exits with 8
/// if something could not be read.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    journal: JournalArgument,
    /// Only tokens that end within this time; exit with 2 if there are any
    ///
    /// Example: `--expiring-within 30d`
    ///
    /// Those that have ended are among them. Retiring tokens and tokens of SailPoint are
    /// left out.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expiring_within: Option<SignedDuration>,
    /// Only tokens that were not used for this long, and are as old
    ///
    /// Example: `--unused-for 90d`
    ///
    /// ISC updates the day of the last use once a day at most.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    unused_for: Option<SignedDuration>,
    /// Sign in with each delivered secret; exit with 1 if one is rejected
    ///
    /// Example: `--check --only audit01`
    ///
    /// ISC counts each sign-in as a use: the day of the last use is today afterwards, and
    /// `--unused-for` does not find these tokens for that long.
    #[arg(long)]
    check: bool,
    /// Show all tokens; by default the first 100
    #[arg(long)]
    all: bool,
    /// Output format
    ///
    /// Example: `--format json`
    ///
    /// JSON is never cut. `steersman schema tokens` has its schema.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

impl List {
    pub(super) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, _) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.list(&spec, &session, output).await;
        session.close().await?;
        result
    }

    async fn list(
        &self,
        spec: &Spec,
        session: &Session,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let stores = stores::open(spec, session, self.commands);
        let facts = Facts {
            stores: &stores,
            earlier: &journals::earlier(session, self.journal.path(), output)?,
            unasked: Unasked::Assumed,
            settled: Facts::NOTHING_SETTLED,
        };
        let mut assessment = assess(spec, session.reader(), facts, &Allowances::default()).await?;
        if !planner::wanted(spec, &assessment.live.stores.issuers).tokens {
            assessment.live.tokens = session.reader().tokens().await?;
        }
        caller_notes::show(&assessment.live, session, output);
        let mut list = planner::token_list(spec, &assessment.live, &assessment.plan);
        let filter = TokenFilter {
            selection: self.selection.selection(),
            expiring_within: self.expiring_within,
            unused_for: self.unused_for,
        };
        refuse_unmatched(spec, &filter, &list)?;
        filter.apply(&mut list);
        let checks = if self.check {
            check::all(spec, &list, session.reader(), &stores).await
        } else {
            Vec::new()
        };
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        let text = match self.format {
            Format::Text => token_table(
                &list,
                &checks,
                if self.all { Shown::All } else { Shown::First },
                Layout::terminal(terminal_size::columns(), self.all)
                    .with_commands(output.completion()),
                redactor(),
            ),
            Format::Json => {
                let document = TokenListDocument::new(&list, &checks, &session.tenant_name());
                let text = document.text()?;
                redact_json(text.trim_end(), redactor())?.into_owned()
            }
        };
        output.data(&text);
        Ok(ended(&list, &checks, self.expiring_within.is_some()))
    }
}

/// How the command ends: what was not read is worse than a secret that is known not to
/// work, and that is worse than one that will end.
fn ended(list: &TokenList, checks: &[SignIn], asked_for_ends: bool) -> Exit {
    let is_unread = |list: &TokenList| list.tokens.iter().any(|token| token.standing.is_unread());
    if !list.incomplete.is_empty() {
        Exit::of_partial_read(list.incomplete.values())
    } else if is_unread(list) || checks.iter().any(SignIn::is_unread) {
        Exit::Unread
    } else if checks.iter().any(SignIn::fails) {
        Exit::Error
    } else if asked_for_ends && !list.tokens.is_empty() {
        Exit::Changes
    } else {
        Exit::Done
    }
}

/// Refuses a pattern that matches no token and no declared account.
fn refuse_unmatched(spec: &Spec, filter: &TokenFilter, list: &TokenList) -> Result<(), Failure> {
    let accounts = spec.accounts.values();
    let accounts = accounts.map(|account| {
        let address = Address::Account(account.key.clone());
        (address, account.name.as_str())
    });
    let unmatched = filter.unmatched(list, accounts);
    if unmatched.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = unmatched.iter().map(|text| format!("`{text}`")).collect();
    Err(Failure::Usage {
        message: format!("no token and no declared account matches {}", words.join(", ")),
        help: "use the id or name of an account, or an address such as token/SA-001/monthly-report; `steersman token list` without a selection has them".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Incomplete, IncompleteReason};
    use planner::{ListedToken, Standing};
    use std::collections::BTreeMap;

    fn token(standing: Standing) -> ListedToken {
        ListedToken {
            account: "SA-001".into(),
            account_name: "audit01".into(),
            identity: None,
            is_doubted: false,
            name: Some("report".into()),
            standing,
            token: None,
            scopes: None,
            delivery: None,
            next: None,
            people: planner::ForPeople::default(),
        }
    }

    #[test]
    fn what_was_not_read_goes_before_what_fails() {
        let rejected = || SignIn::Rejected { why: String::new() };
        let not_known = || SignIn::NotKnown { why: String::new() };
        let unread = || token(Standing::Unread { why: String::new() });
        let declared = || token(Standing::Declared);
        let of = |reason| Some(Incomplete::new(reason, "text"));
        for (tokens, checks, why, ends, expected) in [
            (vec![], vec![], None, true, Exit::Done),
            (vec![declared()], vec![], None, false, Exit::Done),
            (vec![declared()], vec![], None, true, Exit::Changes),
            (
                vec![declared()],
                vec![SignIn::SignsIn],
                None,
                false,
                Exit::Done,
            ),
            (
                vec![declared()],
                vec![SignIn::NotAsked],
                None,
                false,
                Exit::Done,
            ),
            (vec![declared()], vec![rejected()], None, true, Exit::Error),
            (
                vec![declared()],
                vec![rejected(), not_known()],
                None,
                true,
                Exit::Unread,
            ),
            (vec![unread()], vec![], None, false, Exit::Unread),
            (vec![unread()], vec![rejected()], None, true, Exit::Unread),
            (
                vec![],
                vec![rejected()],
                of(IncompleteReason::Forbidden),
                true,
                Exit::NotAllowed,
            ),
            (
                vec![],
                vec![],
                of(IncompleteReason::Refused),
                false,
                Exit::Unread,
            ),
        ] {
            let list = TokenList {
                at: jiff::Timestamp::UNIX_EPOCH,
                tokens,
                incomplete: why
                    .map(|why| ("tokens".to_owned(), why))
                    .into_iter()
                    .collect::<BTreeMap<_, _>>(),
            };
            assert_eq!(ended(&list, &checks, ends), expected, "{list:?} {checks:?}");
        }
    }
}
