//! `steersman adopt`.

mod reading;
mod writing;

use crate::adopt::{AdoptError, Adopted, Layout, Which, adopt};
use crate::arguments::TenantArguments;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::Session;
use camino::Utf8PathBuf;
use clap::Args;
use globset::{GlobBuilder, GlobMatcher};
use model::{AccountAttribute, LiveSource, SourceName, Spec};
use render::counted;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Write a spec from what is live, such that planning it changes nothing
#[derive(Debug, Args)]
pub(crate) struct Adopt {
    /// The source, by its name
    #[arg(value_name = "SOURCE")]
    source: SourceName,
    /// The folder to write to; left out: standard output
    #[arg(long, value_name = "FOLDER")]
    to: Option<Utf8PathBuf>,
    /// One file for each value of this account attribute
    #[arg(long, value_name = "ATTRIBUTE", requires = "to")]
    split_by: Option<AccountAttribute>,
    /// Only accounts of this name or id; * and ? stand for any characters
    #[arg(long = "account", value_name = "PATTERN", value_parser = Pattern::parse)]
    accounts: Vec<Pattern>,
    /// Overwrite files that are there
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
        let which = self.which(source)?;
        self.check_attribute(source)?;
        reading::people(reader, &mut live, &self.source, &which).await?;
        let layout = match &self.split_by {
            None => Layout::OneFile,
            Some(attribute) => Layout::By(attribute.clone()),
        };
        let adopted =
            adopt(&live, &self.source, &which, &layout).map_err(|error| failure(&error))?;
        match &self.to {
            Some(folder) => writing::write(folder, &adopted.files, self.force, output)?,
            None => {
                for file in &adopted.files {
                    output.data(&file.text);
                }
            }
        }
        output.talk(&told(&adopted));
        Ok(Exit::Done)
    }

    fn which(&self, source: &LiveSource) -> Result<Which, Failure> {
        if self.accounts.is_empty() {
            return Ok(Which::All);
        }
        let mut only = BTreeSet::new();
        for pattern in &self.accounts {
            let accounts = source.accounts.found().iter();
            let matching = accounts
                .filter(|account| {
                    pattern.is(account.name.as_str())
                        || pattern.is(account.native_identity.as_str())
                })
                .map(|account| account.native_identity.clone());
            let matching: Vec<_> = matching.collect();
            if matching.is_empty() {
                let names = source
                    .accounts
                    .found()
                    .iter()
                    .map(|account| account.name.as_str());
                return Err(Failure::Problems(format!(
                    "source \"{}\" has no account {}{}",
                    self.source,
                    pattern.text,
                    reading::meant(&pattern.text, names)
                )));
            }
            only.extend(matching);
        }
        Ok(Which::Only(only))
    }

    /// Whether accounts have the attribute that files are split by.
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
                "accounts of \"{}\" have no attribute `{attribute}`",
                self.source
            ),
            help: format!("split by one of {}", known.join(", ")),
        })
    }
}

fn failure(error: &AdoptError) -> Failure {
    Failure::Problems(error.to_string())
}

fn told(adopted: &Adopted) -> String {
    let accounts = adopted.spec.accounts.len();
    let tokens: usize = adopted
        .spec
        .accounts
        .values()
        .flat_map(|account| &account.tokens)
        .map(std::collections::BTreeMap::len)
        .sum();
    let mut text = format!(
        "adopted {} and {}",
        counted(accounts, "account"),
        counted(tokens, "token")
    );
    if adopted.left_out > 0 {
        let _ = write!(
            text,
            "; {} left as they are, see the comments at the end of the file",
            counted(adopted.left_out, "account")
        );
    }
    if adopted.due {
        text.push_str(
            "; \"Apply Changes\" is due on the identity profile, and is all that a plan has in it",
        );
    }
    text
}

/// Accounts by name or id, as in a shell.
#[derive(Clone, Debug)]
struct Pattern {
    text: String,
    glob: GlobMatcher,
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, String> {
        let glob = GlobBuilder::new(text)
            .literal_separator(false)
            .build()
            .map_err(|error| error.kind().to_string())?;
        Ok(Self {
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }

    /// A name may hold what is special in a pattern, and is matched as it is, too.
    fn is(&self, text: &str) -> bool {
        self.text == text || self.glob.is_match(text)
    }
}
