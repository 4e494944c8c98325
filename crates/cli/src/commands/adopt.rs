//! `steersman adopt`: generates a spec from an existing source.

mod planning;
mod reading;
mod writing;

use crate::arguments::TenantArguments;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use crate::session::Session;
use adopt::{AccountPattern, AdoptError, Adopted, Layout, Selection, adopt};
use camino::Utf8PathBuf;
use clap::Args;
use model::{AccountAttribute, LiveSource, SourceName, Spec};
use planning::ProductPlanner;
use render::counted;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Generate a spec from an existing source; planning it shows no changes
///
/// Example: `steersman adopt "Service Accounts" --to accounts`
///
/// Reads the source, its accounts, user levels and tokens. Comments in the files
/// name every part that is not declared, with the reason. Nothing in the tenant
/// is changed.
#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// Name of the source
    #[arg(value_name = "SOURCE")]
    source: SourceName,
    /// Folder to write to; default: standard output
    #[arg(long, value_name = "FOLDER")]
    to: Option<Utf8PathBuf>,
    /// Write one file for each value of this account attribute
    #[arg(long, value_name = "ATTRIBUTE", requires = "to")]
    split_by: Option<AccountAttribute>,
    /// Only accounts whose name or id matches, for example 'hr-*'; repeatable
    #[arg(long = "account", value_name = "PATTERN")]
    accounts: Vec<AccountPattern>,
    /// Overwrite existing files
    #[arg(long, requires = "to")]
    force: bool,
    #[command(flatten)]
    tenant: TenantArguments,
}

impl Adopt {
    pub(crate) async fn run(&self, output: &mut Output) -> Result<Exit, Failure> {
        let session = Session::open(&Spec::default(), &self.tenant, output).await?;
        let result = self.read_and_write(&session, output).await;
        session.close().await?;
        result
    }

    async fn read_and_write(
        &self,
        session: &Session,
        output: &mut Output,
    ) -> Result<Exit, Failure> {
        let reader = session.reader();
        let mut live = reading::source(reader, &self.source).await?;
        let source = reading::found(&live, &self.source)?;
        let selection = self.selection(source)?;
        self.check_attribute(source)?;
        reading::people(reader, &mut live, &self.source, &selection).await?;
        let layout = match &self.split_by {
            None => Layout::OneFile,
            Some(attribute) => Layout::By(attribute.clone()),
        };
        let adopted = adopt(
            &ProductPlanner,
            &live,
            &self.source,
            &selection,
            &layout,
            redactor(),
        )
        .map_err(|error| failure(&error))?;
        let files = writing::without_secrets(&adopted.files)?;
        match &self.to {
            Some(folder) => writing::write(folder, &files, self.force, output)?,
            None => {
                for file in &files {
                    output.data(&file.text);
                }
            }
        }
        output.talk(&summary(&adopted));
        Ok(Exit::Done)
    }

    /// The accounts that the patterns select.
    fn selection(&self, source: &LiveSource) -> Result<Selection, Failure> {
        Selection::matching(source, &self.accounts).map_err(|pattern| {
            let accounts = source.accounts.found().iter();
            let names = accounts.map(|account| account.name.as_str());
            let pattern = pattern.as_str();
            Failure::Problems(format!(
                "source \"{}\" has no account `{pattern}`{}",
                self.source,
                reading::did_you_mean(pattern, names)
            ))
        })
    }

    /// Refuses to split by an attribute that no account has.
    fn check_attribute(&self, source: &LiveSource) -> Result<(), Failure> {
        let Some(attribute) = &self.split_by else {
            return Ok(());
        };
        let of_schema = source
            .schema
            .found()
            .iter()
            .flat_map(|schema| &schema.attributes)
            .map(|attribute| attribute.name.as_str());
        let of_accounts = source
            .accounts
            .found()
            .iter()
            .flat_map(|account| account.cells.keys())
            .map(AsRef::as_ref);
        let known: BTreeSet<&str> = of_schema.chain(of_accounts).collect();
        if known.contains(attribute.as_str()) {
            return Ok(());
        }
        let known: Vec<&str> = known.into_iter().collect();
        Err(Failure::Usage {
            message: format!(
                "source \"{}\" has no account attribute `{attribute}`",
                self.source
            ),
            help: format!("split by one of {}", known.join(", ")),
        })
    }
}

fn failure(error: &AdoptError) -> Failure {
    Failure::Problems(error.to_string())
}

fn summary(adopted: &Adopted) -> String {
    let accounts = adopted.spec.accounts.len();
    let tokens: usize = adopted
        .spec
        .accounts
        .values()
        .flat_map(|account| &account.tokens)
        .map(model::TokenSpecs::len)
        .sum();
    let mut text = format!(
        "adopted {} and {}",
        counted(accounts, "account"),
        counted(tokens, "token")
    );
    if adopted.left_out > 0 {
        let _ = write!(
            text,
            "; {} left unchanged; the comments at the end of the file give the reasons",
            counted(adopted.left_out, "account")
        );
    }
    text
}
