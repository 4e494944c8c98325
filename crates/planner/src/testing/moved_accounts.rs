//! Accounts that move to another source: ISC makes another identity of the new row, and the
//! row that is left behind holds the tokens that the account's secrets are of.

use super::fixtures::{
    NOW, applied_tenant, enroll, forbidden, guide, live_account, live_token, managed, source_mut,
};
use super::scenarios::{audit01, blocked, planned, profile, steps};
use model::{
    Collection, IdentityStatus, IssuerOrigin, IssuerState, Live, LiveIdentity, LiveMapping,
    LiveSource, SourceSpec, Spec, StoredToken, Unasked, UnmanagedAccounts, Who,
};

const ROBOTS: &str = "Robots";

/// audit01 was on `Robots`, whose undeclared accounts are deleted, and is declared on
/// another source now, where its user name is its email address. `has_moved`: the row was
/// imported there, and ISC has made its identity.
fn moving(has_moved: bool) -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    let mut robots = managed(&mut spec).clone();
    robots.unmanaged = UnmanagedAccounts::Delete;
    let of_robots = robots.identity_profile.as_mut().unwrap();
    of_robots.name = ROBOTS.to_owned();
    spec.sources
        .insert(ROBOTS.into(), SourceSpec::Managed(robots));
    let own = managed(&mut spec).identity_profile.as_mut().unwrap();
    own.mappings.insert("uid".into(), "e-mail".into());

    let left_behind = robots_of(source_mut(&mut live).clone());
    live.sources
        .insert(ROBOTS.into(), Collection::Complete(Some(left_behind)));
    let by_address = LiveMapping::Account {
        source: "source-1".into(),
        attribute: "e-mail".into(),
    };
    let mappings = &mut profile(&mut live).mappings;
    mappings.insert("uid".into(), by_address);
    let mut accounts = vec![live_account("SA-001", "audit01", "identity-2")];
    accounts.retain(|_| has_moved);
    source_mut(&mut live).accounts = Collection::Complete(accounts);
    if has_moved {
        let made = LiveIdentity {
            id: "identity-2".into(),
            alias: "audit01@example.com".to_owned(),
            name: "audit01".to_owned(),
            email: Some("audit01@example.com".to_owned()),
            status: IdentityStatus::Pending,
            created: Some(NOW),
            modified: None,
            made_by: Some("source-1".into()),
        };
        live.identities
            .insert("identity-2".into(), Collection::Complete(Some(made)));
        let levels = ["REPORT_ADMIN".into()].into();
        live.levels
            .insert("identity-2".into(), Collection::Complete(levels));
    }
    (spec, live)
}

/// The source of the same settings that has the row which is left behind.
fn robots_of(mut source: LiveSource) -> LiveSource {
    (source.id, source.name) = ("robots".into(), ROBOTS.into());
    let mut accounts = vec![live_account("SA-001", "audit01", "identity-1")];
    source.delete_threshold = Some(100);
    accounts[0].id = "account-left-behind".into();
    source.accounts = Collection::Complete(accounts);
    if let Collection::Complete(Some(profile)) = &mut source.profile {
        profile.id = "profile-of-robots".into();
        profile.name = ROBOTS.to_owned();
        for mapping in profile.mappings.values_mut() {
            if let LiveMapping::Account { source, .. } = mapping {
                *source = "robots".into();
            }
        }
    }
    source
}

/// The plan of the move and the plan after it say the same of the row that is left behind:
/// one apply is enough, and nothing of the old identity ends before the account is enrolled.
#[test]
fn a_row_that_a_moved_account_has_its_secrets_of_stays_until_the_account_is_enrolled() {
    for has_moved in [false, true] {
        let (spec, live) = moving(has_moved);
        let plan = planned(&spec, &live);
        let deleted: Vec<String> = steps(&plan)
            .into_iter()
            .filter(|step| step.starts_with("- "))
            .collect();
        assert_eq!(deleted, Vec::<String>::new(), "{has_moved}");
        let left = plan
            .blocked
            .iter()
            .find(|blocked| blocked.address.to_string() == "account/Robots/SA-001");
        let left = left.unwrap_or_else(|| panic!("{has_moved}: {:?}", blocked(&plan)));
        assert!(
            left.message.contains(
                "the secrets of SA-001, which the files declare, are tokens of identity identity-1"
            ),
            "{}",
            left.message
        );
        assert!(left.remedy.contains("enroll it"), "{}", left.remedy);
        if has_moved {
            assert_eq!(steps(&plan), Vec::<String>::new());
        }
    }
}

type Change = Box<dyn FnOnce(&mut Live)>;

/// What was not read may show the same, so it does not let the row go.
#[test]
fn a_row_stays_while_the_secrets_of_a_moved_account_are_not_read() {
    let why = || "permission denied".to_owned();
    let issuer = |state: IssuerState| {
        move |live: &mut Live| {
            live.stores.issuers.insert("SA-001".into(), state);
        }
    };
    let token = |state: StoredToken| {
        move |live: &mut Live| {
            // It was lost, and the token may be all that there is.
            live.stores
                .issuers
                .insert("SA-001".into(), IssuerState::Absent);
            if let Collection::Complete(tokens) = &mut live.tokens {
                tokens.push(live_token("monthly-report", "identity-1", &[]));
            }
            let places = live.stores.tokens.entry("SA-001".into()).or_default();
            places.insert("monthly-report".into(), state);
        }
    };
    let cases: [(&str, Change, &str); 9] = [
        (
            "the issuer's place is unreadable",
            Box::new(issuer(IssuerState::Unreadable { why: why() })),
            "Unread",
        ),
        (
            "the issuer's place was not asked",
            Box::new(issuer(IssuerState::NotAsked)),
            "StoreNotAsked",
        ),
        (
            "the token's place is unreadable",
            Box::new(token(StoredToken::Unreadable { why: why() })),
            "Unread",
        ),
        (
            "the token's place was not asked",
            Box::new(token(StoredToken::NotAsked)),
            "StoreNotAsked",
        ),
        (
            "a plan that is only shown assumes what it did not ask for",
            Box::new(|live: &mut Live| {
                live.stores.unasked = Unasked::Assumed;
                live.stores
                    .issuers
                    .insert("SA-001".into(), IssuerState::NotAsked);
            }),
            "deleted",
        ),
        (
            "another token that may create tokens shows nothing",
            Box::new(move |live: &mut Live| {
                if let Collection::Complete(tokens) = &mut live.tokens {
                    let scopes = ["sp:my-personal-access-tokens:manage"];
                    let mut other = live_token("by-hand", "identity-2", &scopes);
                    other.id = "by-hand".into();
                    tokens.push(other);
                }
                let state = IssuerState::Unreadable { why: why() };
                live.stores.issuers.insert("SA-001".into(), state);
            }),
            "Unread",
        ),
        (
            "the tokens were not read, and the identity has another name",
            Box::new(|live: &mut Live| {
                if let Some(Collection::Complete(Some(identity))) =
                    live.identities.get_mut("identity-1")
                {
                    identity.alias = "by-hand".to_owned();
                }
                live.tokens = forbidden();
            }),
            "Unread",
        ),
        (
            "the tokens were not read, nor the token's place",
            Box::new(move |live: &mut Live| {
                token(StoredToken::Unreadable { why: why() })(live);
                live.tokens = forbidden();
            }),
            "Unread",
        ),
        (
            "both were read",
            Box::new(token(StoredToken::Absent)),
            "deleted",
        ),
    ];
    for (what, change, expected) in cases {
        let (spec, mut live) = moving(true);
        change(&mut live);
        let plan = planned(&spec, &live);
        let is_deleted = steps(&plan)
            .iter()
            .any(|step| step.starts_with("- account/Robots/SA-001"));
        let left = blocked(&plan);
        let left = left
            .iter()
            .find_map(|blocked| blocked.strip_prefix("account/Robots/SA-001 "));
        let found = left.unwrap_or(if is_deleted { "deleted" } else { "nothing" });
        assert_eq!(found, expected, "{what}: {:?}", steps(&plan));
        // Nothing of its identity ends before.
        if !is_deleted {
            assert!(
                !steps(&plan).iter().any(|step| step.starts_with("- ")),
                "{what}: {:?}",
                steps(&plan)
            );
        }
    }
}

/// Then the row goes, and the place of its token is taken once that is revoked, in the same
/// apply.
#[test]
fn the_row_that_is_left_behind_goes_once_the_moved_account_is_enrolled() {
    let (spec, mut live) = moving(true);
    if let Some(Collection::Complete(Some(identity))) = live.identities.get_mut("identity-2") {
        identity.status = IdentityStatus::Active;
    }
    let Collection::Complete(tokens) = &mut live.tokens else {
        panic!("the fixture's tokens are complete");
    };
    tokens.push(live_token("monthly-report", "identity-1", &[]));
    let mut issuer = live_token(
        "issuer",
        "identity-2",
        &["sp:my-personal-access-tokens:manage"],
    );
    issuer.id = "second-issuer".into();
    tokens.push(issuer);
    let state = IssuerState::Present {
        client_id: "second-issuer".into(),
        origin: IssuerOrigin::Steersman {
            replaces: "enrolled".into(),
            rotation: 0,
        },
    };
    live.stores.issuers.insert("SA-001".into(), state);
    let delivered = StoredToken::Present {
        client_id: "token-monthly-report".into(),
        says_own: true,
        rotation: 0,
        previous: None,
    };
    let places = live.stores.tokens.entry("SA-001".into()).or_default();
    places.insert("monthly-report".into(), delivered);
    let plan = planned(&spec, &live);
    let deleted = steps(&plan)
        .into_iter()
        .filter(|step| step.starts_with("- account/Robots/SA-001"));
    assert_eq!(deleted.count(), 1, "{:?}", steps(&plan));
    let token = plan
        .blocked
        .iter()
        .find(|blocked| blocked.address.to_string() == "token/SA-001/monthly-report");
    assert_eq!(token.map(|token| &token.who), Some(&Who::NextApply));
}

/// An account that has no secrets needs no enrolment, and its old row goes with the move.
#[test]
fn a_row_of_which_a_moved_account_has_no_secrets_is_deleted() {
    let (mut spec, live) = moving(true);
    let (mut spec_of_none, mut without) = (spec.clone(), live.clone());
    audit01(&mut spec_of_none).tokens = None;
    audit01(&mut spec_of_none).issuer = None;
    without.stores.issuers.clear();
    let plan = planned(&spec_of_none, &without);
    assert!(
        steps(&plan)
            .iter()
            .any(|step| step.starts_with("- account/Robots/SA-001")),
        "{:?}",
        blocked(&plan)
    );
    // A declared `identity` is the account's own.
    audit01(&mut spec).identity = Some("identity-1".into());
    let plan = planned(&spec, &live);
    assert!(!steps(&plan).iter().any(|step| step.starts_with("- ")));
}
