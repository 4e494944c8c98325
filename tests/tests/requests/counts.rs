//! How many requests a plan without changes takes, against the least possible.

use crate::site::Site;
use std::collections::BTreeMap;
use tests::scale::{self, Stage};

/// How many things of any kind a page has.
const PAGE: usize = 250;
/// How many identities are asked for by id at once.
const BATCH: usize = 100;
/// Sign-in, source, schema, profiles, owner; the tenant's own levels, the counts
/// of holders, and the list of administrators, which no file declares.
const CONSTANTS: usize = 8;

/// What has to be read by any tool that looks at each declared account.
struct Least {
    accounts: usize,
    levels: usize,
    tokens: usize,
    identities: usize,
}

impl Least {
    fn of(accounts: usize, stage: Stage) -> Self {
        let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
        for number in 0..accounts {
            for level in scale::levels(number) {
                *holders.entry(level).or_default() += 1;
            }
        }
        let lists: usize = holders.values().map(|count| count.div_ceil(PAGE)).sum();
        Self {
            accounts: accounts.div_ceil(PAGE),
            levels: lists.min(accounts),
            tokens: 1,
            identities: match stage {
                Stage::Ready => 0,
                Stage::Invited | Stage::Imported => accounts.div_ceil(BATCH),
            },
        }
    }

    fn sum(&self) -> usize {
        let Self {
            accounts,
            levels,
            tokens,
            identities,
        } = self;
        accounts + levels + tokens + identities
    }
}

/// What may differ from one size to the next.
#[derive(Clone, Copy)]
struct Expected {
    accounts: u64,
    holders: u64,
    /// Batches of identities, besides the owner.
    identities: u64,
}

impl Expected {
    /// All requests, by operation.
    fn requests(self) -> BTreeMap<String, u64> {
        [
            ("oauthToken", 1),
            ("listSourcesV1", 1),
            ("getSourceSchemasV1", 1),
            ("listIdentityProfilesV1", 1),
            ("listAccountsV1", self.accounts),
            ("listUserLevelsV1", 1),
            ("showUserLevelCountsV1", 1),
            ("listUserLevelIdentitiesV1", self.holders),
            ("listIdentitiesV1", 1 + self.identities),
            ("listPersonalAccessTokensV1", 1),
        ]
        .map(|(operation, count)| (operation.to_owned(), count))
        .into()
    }
}

/// Reads so many accounts, and sees that no account has anything to do and that
/// the number of requests is what it can be.
fn check(accounts: usize, stage: Stage, expected: Expected) {
    let site = Site::new(accounts, stage);
    let read = site.read();
    assert_eq!(read.steps(), Vec::<String>::new());
    assert_eq!(read.plan.problems, []);
    assert_eq!(read.plan.incomplete, BTreeMap::new());
    let blocked = match stage {
        Stage::Ready => 0,
        // Nobody can mint for them, and the plan says so for each token.
        Stage::Invited | Stage::Imported => accounts,
    };
    assert_eq!(read.plan.blocked.len(), blocked);
    assert_eq!(read.plan.accounts.len(), accounts);

    assert_eq!(read.requests, expected.requests());
    let least = Least::of(accounts, stage).sum();
    let taken: u64 = read.requests.values().sum();
    assert_eq!(read.plan.estimate.read_requests, taken);
    let taken = usize::try_from(taken).unwrap();
    assert!(
        10 * taken <= 11 * least + 10 * CONSTANTS,
        "{taken} requests, and the least possible are {least}"
    );
    println!("| {accounts} | {stage:?} | {least} | {taken} |");
}

#[test]
fn ten_accounts() {
    let expected = Expected {
        accounts: 1,
        holders: 1 + 1 + 1,
        identities: 0,
    };
    check(10, Stage::Ready, expected);
}

#[test]
fn ten_accounts_that_nobody_has_registered() {
    let expected = Expected {
        accounts: 1,
        holders: 1 + 1 + 1,
        identities: 1,
    };
    check(10, Stage::Invited, expected);
}

#[test]
fn a_thousand_accounts() {
    let expected = Expected {
        accounts: 4,
        holders: 3 + 2 + 1,
        identities: 0,
    };
    check(1_000, Stage::Ready, expected);
}

#[test]
fn a_thousand_accounts_that_nobody_has_registered() {
    let expected = Expected {
        accounts: 4,
        holders: 3 + 2 + 1,
        identities: 10,
    };
    check(1_000, Stage::Invited, expected);
}

#[test]
fn ten_thousand_accounts() {
    let expected = Expected {
        accounts: 40,
        holders: 30 + 20 + 1,
        identities: 0,
    };
    check(10_000, Stage::Ready, expected);
}

#[test]
fn ten_thousand_accounts_that_nobody_has_registered() {
    let expected = Expected {
        accounts: 40,
        holders: 30 + 20 + 1,
        identities: 100,
    };
    check(10_000, Stage::Invited, expected);
}

#[test]
fn few_accounts_are_looked_at_one_by_one() {
    // Own levels, counts, and two lists are not fewer than four accounts.
    let read = Site::new(4, Stage::Ready).read();
    assert_eq!(read.count("getAuthUserV1"), 4);
    assert_eq!(read.count("listUserLevelsV1"), 0);
    assert_eq!(read.count("showUserLevelCountsV1"), 0);
    assert_eq!(read.steps(), Vec::<String>::new());
}

#[test]
fn where_others_hold_the_levels_too_the_accounts_may_be_fewer_requests() {
    let mut site = Site::new(1_500, Stage::Ready);
    // Of 1,500 holders 8 are declared: their levels are eight requests, and the
    // lists would be nine.
    site.keep(8);
    let read = site.read();
    assert_eq!(read.count("showUserLevelCountsV1"), 1);
    assert_eq!(read.count("listUserLevelIdentitiesV1"), 0);
    assert_eq!(read.count("getAuthUserV1"), 8);
}
