//! `steersman status`: counts the accounts by stage, and groups them by next action; read-only.

use crate::answers::Format;
use crate::arguments::{
    CommandArguments, JournalArgument, SpecArguments, TenantArguments, duration,
};
use crate::assessment::{Assessment, Facts, assess};
use crate::caller_notes;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::journals;
use crate::loading::load_spec;
use crate::next_command::next_commands;
use crate::output::Output;
use crate::plan_redaction;
use crate::problem_report::refuse_problems;
use crate::session::Session;
use crate::stores;
use crate::terminal_size;
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use model::{Incomplete, Redactor, Spec, Stage, TenantRead, Unasked};
use planner::{Allowances, TokenFilter, TokenList};
use render::terminal::Layout;
use render::{Expiring, Report, StatusDocument, redact_json, status_text};

/// Without `--expiring-within`, tokens that expire within this time are shown.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Count the accounts by stage, and group them by next action; read-only
///
/// Example: `steersman status accounts --only invited --expiring-within 30d`
///
/// Shows how many accounts are how far, then the accounts that are not as declared in
/// groups: the one next action of each group, who acts, and how. Exits with 8 if something
/// could not be read.
#[derive(Debug, Args)]
pub(crate) struct Status {
    #[command(flatten)]
    spec: SpecArguments,
    #[command(flatten)]
    tenant: TenantArguments,
    #[command(flatten)]
    commands: CommandArguments,
    #[command(flatten)]
    journal: JournalArgument,
    /// Only accounts of this stage, a line for each; repeatable
    ///
    /// Example: `--only invited,registered`
    ///
    /// The counts are of all accounts.
    #[arg(long, value_name = "STAGE", value_enum, value_delimiter = ',')]
    only: Vec<OfStage>,
    /// Show tokens that end within this time; exit with 2 if there are any
    ///
    /// Example: `--expiring-within 14d`
    ///
    /// Those that have ended are among them. Without this option, tokens that end within
    /// 30 days are shown, and the exit code is that of the rest.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    expiring_within: Option<SignedDuration>,
    /// Print a line for each account, and long lists in full
    #[arg(long)]
    full: bool,
    /// Output format
    ///
    /// Example: `--format json`
    ///
    /// JSON is never cut. `steersman schema status` has its schema.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

/// How far an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OfStage {
    /// Not on its source
    Absent,
    /// On its source, without an identity
    Imported,
    /// An identity, not invited
    Identified,
    /// Invited, not registered
    Invited,
    /// Registered, without an issuer token
    Registered,
    /// The store has an issuer token; not as declared yet
    Enrolled,
    /// Everything declared exists
    Ready,
    /// Could not be read
    NotRead,
}

impl OfStage {
    /// The stage; none for what could not be read.
    fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Absent => Stage::Absent,
            Self::Imported => Stage::Imported,
            Self::Identified => Stage::Identified,
            Self::Invited => Stage::Invited,
            Self::Registered => Stage::Registered,
            Self::Enrolled => Stage::Enrolled,
            Self::Ready => Stage::Ready,
            Self::NotRead => return None,
        })
    }
}

impl Status {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let (spec, loaded) = load_spec(&self.spec, &self.tenant, output)?;
        let session = Session::open(&spec, &self.tenant, output).await?;
        let result = self.status(&spec, &loaded, &session, output).await;
        session.close().await?;
        result
    }

    async fn status(
        &self,
        spec: &Spec,
        loaded: &spec::Loaded,
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
        let redactor = plan_redaction::of_plan();
        let list = self.tokens(spec, session, &mut assessment).await?;
        let unread = list
            .as_ref()
            .map(|list| list.incomplete.clone())
            .unwrap_or_default();
        let expiring = list
            .as_ref()
            .map(|list| self.expiring(list.clone(), &redactor));
        caller_notes::show(&assessment.live, session, output);
        stores::show_notices(&stores, output);
        stores::show_not_asked(&stores, output);
        let plan = &assessment.plan;
        refuse_problems(plan, loaded, output)?;
        let only: Vec<Option<Stage>> = self.only.iter().map(|stage| stage.stage()).collect();
        let expires = expiring
            .as_ref()
            .is_some_and(|expiring| !expiring.is_empty());
        let report = Report::new(
            plan,
            &session.tenant_name(),
            &only,
            expiring,
            |account| next_commands(session, spec, output.completion(), account),
            &redactor,
        );
        let report = match &list {
            Some(list) => report.with_never_used(list, &redactor),
            None => report,
        };
        match self.format {
            Format::Text => {
                let layout = Layout::terminal(terminal_size::columns(), self.full);
                let text = status_text(&report, layout.with_commands(output.completion()));
                output.data(&plan_redaction::finished(&text, plan, &redactor)?);
            }
            Format::Json => {
                let text = StatusDocument::of(&report).text()?;
                plan_redaction::refuse_repeated(plan, &redactor)?;
                output.document(&redact_json(text.trim_end(), &redactor)?);
            }
        }
        let unread: Vec<&Incomplete> = plan.incomplete.values().chain(unread.values()).collect();
        Ok(if !unread.is_empty() {
            Exit::of_partial_read(unread)
        } else if plan.has_blocking_problem() {
            Exit::Error
        } else if expires && self.expiring_within.is_some() {
            Exit::Changes
        } else {
            Exit::Done
        })
    }

    /// The tokens, where they were read or are asked for.
    async fn tokens(
        &self,
        spec: &Spec,
        session: &Session,
        assessment: &mut Assessment,
    ) -> Result<Option<TokenList>, Failure> {
        if !planner::wanted(spec, &assessment.live.stores.issuers).tokens {
            if self.expiring_within.is_none() {
                return Ok(None);
            }
            assessment.live.tokens = session.reader().tokens().await?;
        }
        let list = planner::token_list(spec, &assessment.live, &assessment.plan);
        Ok(Some(list))
    }

    /// The tokens that expire soon.
    fn expiring(&self, mut list: TokenList, redactor: &Redactor) -> Expiring {
        let within = self.expiring_within.unwrap_or(SOON);
        let filter = TokenFilter {
            expiring_within: Some(within),
            ..TokenFilter::default()
        };
        filter.apply(&mut list);
        Expiring::new(&list, within, redactor)
    }
}
