//! What the tenant holds, and how it behaves.

use model::{
    AccountAttribute, AttributeRead, Collection, IdentityAttribute, IdentityId, IdentityStatus,
    IncompleteReason, LiveAccount, LiveAttribute, LiveIdentity, LiveMapping, LiveProfile,
    LiveSchema, LiveSource, LiveToken, MappingRead, NativeIdentity, ProfileHolder, SourceId,
    TaskState, TokenId, UserLevel,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;
use tokio::time::Instant;

/// How an import ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ImportEnd {
    Success,
    /// As beyond the delete threshold: rows are added and changed, none is deleted.
    WarningWithoutDeletions,
    /// With a warning, and all is as it was to be.
    WarningAllDone,
    /// Nothing is changed.
    Failed(&'static str),
    /// All is said to be well, and one row was left out.
    SuccessWithout(String),
}

/// A source with all that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) settings: LiveSource,
    pub(crate) schema: Option<LiveSchema>,
    pub(crate) accounts: Vec<LiveAccount>,
    /// Whether only some of the accounts can be read.
    pub(crate) partial: bool,
    pub(crate) profile: Option<LiveProfile>,
    /// Aggregations that others have set going, each with the time of its end.
    pub(crate) running: Vec<Instant>,
    /// When identities are made of the accounts.
    pub(crate) identities_at: Option<Instant>,
}

impl Source {
    /// A delimited-file source without accounts and profile.
    pub(crate) fn new(id: &str, name: &str, columns: &[&str]) -> Self {
        let unread = || "not asked for";
        Self {
            settings: LiveSource {
                id: id.into(),
                name: name.into(),
                kind: LiveSource::DELIMITED_FILE.to_owned(),
                owner: Some("jane".into()),
                description: None,
                delete_threshold: None,
                connector_delete_threshold: None,
                file: model::FileSettings::default(),
                never_read: false,
                raised_from: None,
                aggregations: model::Aggregations::NotAsked,
                schema: Collection::unread(IncompleteReason::ShortPage, unread()),
                accounts: Collection::unread(IncompleteReason::ShortPage, unread()),
                profile: Collection::unread(IncompleteReason::ShortPage, unread()),
            },
            schema: Some(schema(columns)),
            accounts: Vec::new(),
            partial: false,
            profile: None,
            running: Vec::new(),
            identities_at: None,
        }
    }

    pub(crate) fn add(&mut self, cells: &[(&str, &str)]) -> &mut LiveAccount {
        let cells: BTreeMap<AccountAttribute, String> = cells
            .iter()
            .map(|(column, cell)| ((*column).into(), (*cell).to_owned()))
            .collect();
        self.accounts.push(account(cells));
        self.accounts.last_mut().unwrap()
    }

    pub(crate) fn account(&self, id: &str) -> Option<&LiveAccount> {
        self.accounts
            .iter()
            .find(|account| account.native_identity.as_str() == id)
    }
}

/// A schema of single strings.
pub(crate) fn schema(columns: &[&str]) -> LiveSchema {
    LiveSchema {
        id: "schema".into(),
        identity_attribute: Some("id".into()),
        display_attribute: Some("name".into()),
        attributes: columns
            .iter()
            .map(|name| LiveAttribute {
                name: (*name).into(),
                kind: "STRING".to_owned(),
                description: None,
                multi: false,
            })
            .collect(),
    }
}

fn account(mut cells: BTreeMap<AccountAttribute, String>) -> LiveAccount {
    cells.retain(|_, cell| !cell.is_empty());
    let id = cells["id"].clone();
    LiveAccount {
        id: format!("account-{id}").into(),
        native_identity: id.into(),
        name: cells.get("name").cloned().unwrap_or_default().into(),
        cells,
        identity: None,
        manually_correlated: None,
        is_machine: None,
        several: BTreeSet::new(),
        created: None,
    }
}

/// What becomes of a write that compares levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comparing {
    #[default]
    Done,
    Ignored,
    Rejected,
}

/// What the response to a write of levels says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Told {
    #[default]
    Levels,
    Nothing,
}

/// A tenant.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) sources: BTreeMap<SourceId, Source>,
    pub(crate) identities: BTreeMap<IdentityId, LiveIdentity>,
    pub(crate) levels: BTreeMap<IdentityId, BTreeSet<UserLevel>>,
    /// What becomes of a write that compares levels.
    pub(crate) comparing: Comparing,
    /// What the response to a write says.
    pub(crate) told: Told,
    /// Whether lists of holders take fewer requests.
    pub(crate) has_lists: bool,
    /// How long the next write of user levels waits.
    pub(crate) waits_for_its_turn: Duration,
    /// Whom the next invitations leave out, with a warning.
    pub(crate) not_invited: BTreeSet<IdentityId>,
    /// Levels that are dropped in silence.
    pub(crate) levels_dropped: BTreeSet<UserLevel>,
    /// Levels that stay though they were to go.
    pub(crate) levels_kept: BTreeSet<UserLevel>,
    pub(crate) tokens: Vec<LiveToken>,
    pub(crate) secrets: BTreeMap<TokenId, String>,
    /// Whether new tokens end, whatever is asked for.
    pub(crate) tokens_never_end: bool,
    /// Whether changes are taken without an error and not made.
    pub(crate) ignores_changes: bool,
    /// How long a task runs.
    pub(crate) task_time: Duration,
    /// How many accounts tasks say that they deleted.
    pub(crate) deletions: Option<u64>,
    /// How the next imports end; well after these.
    pub(crate) imports: VecDeque<ImportEnd>,
    /// How the next invitations end; well after these.
    pub(crate) invitations: VecDeque<TaskState>,
    /// How long it takes until accounts have identities; never if none.
    pub(crate) identities_after: Option<Duration>,
    pub(crate) tasks: Vec<(Instant, TaskState, Vec<String>)>,
    /// What each import sent.
    pub(crate) sent: Vec<String>,
    pub(crate) made: usize,
}

impl State {
    pub(crate) fn source(&mut self, id: &str) -> &mut Source {
        self.sources.get_mut(id).unwrap()
    }

    /// The identity profiles of all sources. Their mappings copy attributes.
    pub(crate) fn profiles(&self) -> Vec<ProfileHolder> {
        let read = |(target, mapping): (&IdentityAttribute, &LiveMapping)| match mapping {
            LiveMapping::Account { source, attribute } => Some(MappingRead {
                target: target.clone(),
                sources: [source.to_string()].into(),
                what: AttributeRead::Attribute(attribute.clone()),
            }),
            LiveMapping::Other(_) => None,
        };
        let profiles = self.sources.values().filter_map(|source| {
            source.profile.as_ref().map(|profile| ProfileHolder {
                name: profile.name.clone(),
                source: Some(source.settings.id.clone()),
                source_name: Some(source.settings.name.clone()),
                reads: profile.mappings.iter().filter_map(read).collect(),
            })
        });
        profiles.collect()
    }

    pub(crate) fn add_source(&mut self, source: Source) {
        self.sources.insert(source.settings.id.clone(), source);
    }

    /// An identity that nobody has registered yet, with its levels.
    pub(crate) fn add_identity(&mut self, id: &str, status: IdentityStatus, levels: &[&str]) {
        self.identities.insert(
            id.into(),
            LiveIdentity {
                id: id.into(),
                alias: id.to_owned(),
                name: id.to_owned(),
                email: None,
                status,
                created: None,
                modified: None,
                made_by: None,
            },
        );
        let levels = levels.iter().map(|level| (*level).into()).collect();
        self.levels.insert(id.into(), levels);
    }

    pub(crate) fn add_token(&mut self, owner: &str, name: &str, scopes: &[&str]) -> &LiveToken {
        let id = format!("pat-{name}");
        self.secrets
            .insert(id.as_str().into(), format!("s3cr3t-of-token-{name}"));
        self.tokens.push(LiveToken {
            id: id.into(),
            name: name.into(),
            owner: owner.into(),
            scopes: scopes.iter().map(|scope| (*scope).into()).collect(),
            created: "2026-01-01T00:00:00Z".parse().unwrap(),
            expires: Some("2026-06-01T00:00:00Z".parse().unwrap()),
            last_used: None,
            access_token_validity: None,
            managed: false,
        });
        self.tokens.last().unwrap()
    }

    pub(crate) fn token_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self
            .tokens
            .iter()
            .map(|token| token.name.as_str())
            .collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn number(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// Makes the accounts of a source what a CSV file says.
    pub(crate) fn import(&mut self, source: &SourceId, csv: &[u8]) -> ImportEnd {
        let end = self.imports.pop_front().unwrap_or(ImportEnd::Success);
        self.sent.push(String::from_utf8(csv.to_vec()).unwrap());
        if matches!(end, ImportEnd::Failed(_)) {
            return end;
        }
        let mut reader = csv::Reader::from_reader(csv);
        let header = reader.headers().unwrap().clone();
        let rows: Vec<LiveAccount> = reader
            .records()
            .map(|record| {
                let record = record.unwrap();
                let cells = header
                    .iter()
                    .zip(record.iter())
                    .map(|(column, cell)| (column.into(), cell.to_owned()));
                account(cells.collect())
            })
            .filter(|row| end != ImportEnd::SuccessWithout(row.native_identity.to_string()))
            .collect();
        let there = &mut self.sources.get_mut(source).unwrap().accounts;
        let sent: BTreeSet<NativeIdentity> =
            rows.iter().map(|row| row.native_identity.clone()).collect();
        for row in rows {
            match there
                .iter_mut()
                .find(|account| account.native_identity == row.native_identity)
            {
                Some(account) => {
                    account.name = row.name;
                    account.cells = row.cells;
                }
                None => there.push(row),
            }
        }
        if end != ImportEnd::WarningWithoutDeletions {
            there.retain(|account| sent.contains(&account.native_identity));
        }
        end
    }

    /// Makes identities of accounts where it is time.
    pub(crate) fn catch_up(&mut self) {
        let now = Instant::now();
        let mut born = Vec::new();
        for source in self.sources.values_mut() {
            source.running.retain(|end| *end > now);
            if source.identities_at.is_none_or(|at| at > now) {
                continue;
            }
            for account in &mut source.accounts {
                if account.identity.is_none() {
                    let id = format!("identity-{}", account.native_identity);
                    account.identity = Some(id.as_str().into());
                    born.push(id);
                }
            }
            if let Some(profile) = &mut source.profile {
                profile.refresh_required = false;
            }
        }
        for id in born {
            self.add_identity(&id, IdentityStatus::Unregistered, &[]);
        }
    }
}
