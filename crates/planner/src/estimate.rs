//! Estimate of the requests and seconds that applying a plan takes.

use model::{
    Address, Confirmed, Estimate, ExpectedIdentity, IdentityTarget, ImportBasis, ImportMappings,
    IssuerReplacement, NativeIdentity, Operation, Plan, RestsOn, RowChange, SourceId, SourceName,
    Step, StoreKey, Unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// ISC lets 100 requests through in 10 seconds, and steersman uses 80 % of that.
const REQUESTS_PER_SECOND: u64 = 8;

/// How many accounts a page of their list has.
const PAGE: usize = 250;

/// How many identities are read in one request.
const BATCH: usize = 100;

/// Counts the requests of the steps, the checks before and after each write
/// among them; polling comes on top.
///
/// Tokens are written with the access of their owners, whose requests ISC counts by
/// themselves. So they cost requests, and no time of the caller's.
pub fn of(steps: &[Step], read_requests: u64, unregistered: Option<u64>) -> Estimate {
    let mut caller = Caller::default();
    let mut owners: BTreeMap<&StoreKey, Owner> = BTreeMap::new();
    let can_move = steps
        .iter()
        .any(|step| step.operation.can_move_identities());
    for step in steps {
        if let Some(RestsOn {
            source,
            native_identity,
            identity: _,
            among,
        }) = &step.rests_on
            && !matches!(step.operation, Operation::ImportRow { .. })
            // The plan's own reading has shown whose they are.
            && (can_move || !step.operation.is_by_owner())
        {
            let accounts = caller.accounts.entry(source).or_default();
            accounts.among = *among;
            accounts.ids.insert(native_identity);
            accounts.is_only_invited &= matches!(step.operation, Operation::Invite { .. });
        }
        match &step.operation {
            Operation::ImportRow {
                source_name,
                native_identity,
                change,
                basis,
                source: _,
            } => {
                let import = caller.imports.entry(source_name).or_insert(Import {
                    basis,
                    after: basis.accounts.len(),
                });
                match change {
                    RowChange::Upsert { .. } if !basis.accounts.contains(native_identity) => {
                        import.after += 1;
                    }
                    RowChange::Delete => import.after = import.after.saturating_sub(1),
                    RowChange::Upsert { .. } | RowChange::Rename { .. } => {}
                }
            }
            Operation::SetLevels { identity, .. } => {
                caller.levels += 1;
                if matches!(identity, IdentityTarget::OfAccount { .. }) {
                    caller.new_identities += 1;
                }
            }
            Operation::Invite { again, .. } => {
                let invitations = caller.invitations.entry(&step.depends_on).or_default();
                invitations.count += 1;
                invitations.again += usize::from(*again);
            }
            Operation::RevokeToken { .. } => caller.revocations += 1,
            Operation::CreateSource(_) => caller.others += 2,
            // As an admin, a token is read back.
            Operation::DisableToken { issuer: None, .. }
            | Operation::UpdateSource { .. }
            | Operation::CreateProfile(_)
            | Operation::UpdateProfile { .. } => caller.others += 3,
            Operation::DefineSchema { .. } => caller.others += 4,
            Operation::ProcessIdentities { expect, .. } => {
                caller.others += processing(expect);
            }
            // The new token signs in.
            Operation::MintToken(new) => owners.entry(&new.issuer).or_default().writes += 2,
            Operation::UpdateToken { issuer, .. }
            | Operation::DisableToken {
                issuer: Some(issuer),
                ..
            } => {
                owners.entry(issuer).or_default().writes += 1;
            }
            // The old token is renamed or revoked, and the new one signs in.
            Operation::ReplaceToken { new, .. } => {
                owners.entry(&new.issuer).or_default().writes += 3;
            }
            // Both tokens are renamed and listed, and the earlier one signs in.
            Operation::RollBackToken(roll_back) => {
                owners.entry(&roll_back.issuer).or_default().writes += 4;
            }
            Operation::ReplaceIssuer(IssuerReplacement { new, .. }) => {
                owners.entry(&new.issuer).or_default().issuers += 1;
            }
        }
    }
    let caller = count(caller.requests(unregistered));
    let of_owner = |owner: &Owner| count(owner.requests());
    let own: u64 = owners.values().map(of_owner).sum();
    let longest = owners.values().map(of_owner).max().unwrap_or_default();
    Estimate {
        read_requests,
        requests: caller + own,
        seconds: caller.max(longest).div_ceil(REQUESTS_PER_SECOND),
        unregistered,
    }
}

/// What is written with the access of an owner.
#[derive(Default)]
struct Owner {
    writes: usize,
    /// How often the issuer token is replaced.
    issuers: usize,
}

impl Owner {
    /// It signs in and reads its tokens, and reads them again after its writes. A new issuer
    /// token is created, signs in, lists, and revokes the old one.
    fn requests(&self) -> usize {
        let Self { writes, issuers } = self;
        2 + writes + usize::from(*writes > 0) + 4 * issuers
    }
}

/// The requests of identity processing where it ends at once: the profile, and what shows
/// that the accounts have identities.
fn processing(expect: &[ExpectedIdentity]) -> usize {
    if expect.is_empty() {
        return 1;
    }
    let judged = expect.iter().filter(|expected| {
        expected.judged || expected.alias.is_some() || expected.follows.is_some()
    });
    2 + expect.len().div_ceil(PAGE) + judged.count().div_ceil(BATCH)
}

/// What is written with the access of the caller.
#[derive(Default)]
struct Caller<'plan> {
    imports: BTreeMap<&'plan SourceName, Import<'plan>>,
    levels: usize,
    /// How many of the levels are of identities that ISC makes during the apply.
    new_identities: usize,
    /// Those that one request can send, by what they wait for.
    invitations: BTreeMap<&'plan [Address], Invitations>,
    revocations: usize,
    /// The accounts, by source, of which it is seen whether they have the same identities.
    accounts: BTreeMap<&'plan SourceId, Accounts<'plan>>,
    others: usize,
}

/// Invitations that wait for the same steps.
#[derive(Clone, Copy, Default)]
struct Invitations {
    count: usize,
    /// How many of them are of identities that have an open one.
    again: usize,
}

impl Invitations {
    /// The identities are read, by the pages of all that are not registered where these
    /// are fewer, then invited.
    fn requests(self, unregistered: Option<u64>) -> usize {
        let Self { count, again } = self;
        let batches = count.div_ceil(BATCH);
        let read = if count <= Plan::INVITED_TOGETHER_ABOVE {
            count.div_ceil(Unit::INVITATIONS)
        } else {
            let unregistered = unregistered.and_then(|all| usize::try_from(all).ok());
            match unregistered.map(|all| all.div_ceil(PAGE).max(1)) {
                Some(pages) if pages <= batches + 1 => pages + again.div_ceil(BATCH),
                // The first page shows how many there are.
                Some(_) | None => 1 + batches,
            }
        };
        read + count.div_ceil(Unit::INVITATIONS)
    }
}

/// Accounts of a source that are read again before something of their identities changes.
struct Accounts<'plan> {
    ids: BTreeSet<&'plan NativeIdentity>,
    /// How many the source has; none where that is not known.
    among: Option<usize>,
    /// Whether their identities are invited, and nothing else changes.
    is_only_invited: bool,
}

impl Default for Accounts<'_> {
    fn default() -> Self {
        Self {
            ids: BTreeSet::new(),
            among: None,
            is_only_invited: true,
        }
    }
}

impl Accounts<'_> {
    /// By their ids, or all pages of the source where these are fewer.
    fn requests(&self) -> usize {
        /// How many the applier reads at once.
        const AT_ONCE: usize = 1_000;
        let pages = self.among.map(|among| among.div_ceil(PAGE));
        let of = |count: usize| match (count.div_ceil(BATCH), pages) {
            (0 | 1, _) => count.min(1),
            (batches, Some(pages)) if pages <= batches + 1 => pages,
            // The first page shows how many there are.
            (batches, _) => batches + 1,
        };
        let count = self.ids.len();
        if let Some(pages) = pages
            && self.is_only_invited
            && count > Plan::INVITED_TOGETHER_ABOVE
            && pages <= count.div_ceil(BATCH)
        {
            return pages;
        }
        let (whole, rest) = (self.ids.len() / AT_ONCE, self.ids.len() % AT_ONCE);
        whole * of(AT_ONCE) + of(rest)
    }
}

struct Import<'plan> {
    basis: &'plan ImportBasis,
    /// How many accounts the source has afterwards.
    after: usize,
}

impl Caller<'_> {
    fn requests(&self, unregistered: Option<u64>) -> usize {
        let Self {
            imports,
            levels,
            new_identities,
            invitations,
            revocations,
            accounts,
            others,
        } = self;
        let accounts: usize = accounts.values().map(Accounts::requests).sum();
        let levels = if *levels < Plan::LEVELS_COMPARED_FROM {
            2 * levels
        } else {
            3 + levels + new_identities.div_ceil(BATCH)
        };
        // One list of all tokens, or those of the one owner.
        let revocations = revocations + usize::from(*revocations > 0);
        let invitations: usize = invitations
            .values()
            .map(|invitations| invitations.requests(unregistered))
            .sum();
        let imports: usize = imports.values().map(Import::requests).sum();
        imports + levels + revocations + invitations + accounts + others
    }
}

impl Import<'_> {
    /// A running aggregation, the columns, the last aggregations, the settings, the schema, the
    /// mappings and the import itself, with the accounts before and after.
    fn requests(&self) -> usize {
        let pages = |accounts: usize| accounts.div_ceil(PAGE).max(1);
        let raised = if self.basis.raised.is_some() { 3 } else { 0 };
        let profile = match self.basis.mappings {
            ImportMappings::Any => 0,
            ImportMappings::OneOf(_) => 1,
        };
        let aggregations = match self.basis.confirmed {
            Confirmed::NotAsked => 0,
            Confirmed::LackingAtMost(_) | Confirmed::ByPerson => 1,
        };
        5 + profile + aggregations + pages(self.basis.accounts.len()) + pages(self.after) + raised
    }
}

fn count(requests: usize) -> u64 {
    u64::try_from(requests).unwrap_or(u64::MAX)
}
