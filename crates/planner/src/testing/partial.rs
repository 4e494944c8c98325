//! Partial reads: nothing that belongs to an identity is taken away because of one.

use super::fixtures::{
    NOW, SOURCE, account, applied_tenant, enroll, forbidden, guide, live_account, live_token,
    managed, source_mut,
};
use super::generators::{empty, spec};
use super::realized::{enrolled, realized};
use super::scenarios::steps;
use crate::{Allowances, plan};
use model::{
    Action, BlockedReason, Collection, IssuerState, Live, LiveSource, Operation, Plan, SourceName,
    SourceSpec, Spec, Step, UnmanagedAccounts, UnmanagedTokens,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const DIRECTORY: &str = "Active Directory";

fn planned(spec: &Spec, live: &Live) -> Plan {
    plan(spec, live, NOW, &Allowances::default())
}

/// `svc-backup` is declared on a directory; an undeclared row of the managed
/// source, which deletes such rows, has the same identity.
fn shared() -> (Spec, Live) {
    let (mut spec, mut live) = (guide(), applied_tenant());
    enroll(&mut live);
    managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
    managed(&mut spec).delete_threshold = 100.try_into().ok();
    source_mut(&mut live).delete_threshold = Some(100);
    spec.accounts.clear();
    let mut service = account("SA-001", "svc-backup");
    service.key = "svc-backup".into();
    service.source = DIRECTORY.into();
    service.row = None;
    spec.sources.insert(DIRECTORY.into(), SourceSpec::Unmanaged);
    spec.accounts.insert(service.key.clone(), service);
    let mut directory = source_mut(&mut live).clone();
    directory.id = "source-2".into();
    directory.name = DIRECTORY.into();
    directory.kind = "Active Directory - Direct".to_owned();
    directory.accounts =
        Collection::Complete(vec![live_account("CN=svc", "svc-backup", "identity-1")]);
    live.sources
        .insert(DIRECTORY.into(), Collection::Complete(Some(directory)));
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token(
            "monthly-report",
            "identity-1",
            &["sp:report:read", "sp:search:read"],
        ));
    }
    let issuer = live.stores.issuers.remove("SA-001").unwrap();
    live.stores.issuers.insert("svc-backup".into(), issuer);
    (spec, live)
}

fn directory(live: &mut Live) -> &mut LiveSource {
    match live.sources.get_mut(DIRECTORY) {
        Some(Collection::Complete(Some(source))) => source,
        _ => panic!("the fixture has the directory"),
    }
}

#[test]
fn planner_01_what_another_source_may_claim_is_kept_while_it_is_unread() {
    type Change = fn(&mut Live);
    let cases: [(&str, Change, &[&str], bool); 7] = [
        // The identity goes with the row, of which it is made.
        ("all read", |_| {}, &[], false),
        (
            "all read, and the identity was not made of the row",
            |live| {
                if let Collection::Complete(accounts) = &mut source_mut(live).accounts {
                    accounts[0].manually_correlated = Some(true);
                }
            },
            &["- account/SA-001 !"],
            false,
        ),
        (
            "its accounts unread",
            |live| directory(live).accounts = forbidden(),
            &[],
            true,
        ),
        (
            "some of its accounts unread",
            |live| {
                let accounts = directory(live).accounts.found().clone();
                let Collection::Partial { why, .. } = forbidden::<Vec<()>>() else {
                    panic!("partial")
                };
                directory(live).accounts = Collection::Partial {
                    found: accounts,
                    why,
                };
            },
            &[],
            true,
        ),
        (
            "its source unread",
            |live| {
                live.sources.insert(DIRECTORY.into(), forbidden());
            },
            &[],
            true,
        ),
        (
            "its source not looked up",
            |live| {
                live.sources.remove(DIRECTORY);
            },
            &[],
            true,
        ),
        (
            "two accounts of its name",
            |live| {
                if let Collection::Complete(accounts) = &mut directory(live).accounts {
                    accounts.push(live_account("CN=svc2", "svc-backup", "identity-2"));
                }
            },
            &[],
            true,
        ),
    ];
    for (name, change, expected, is_blocked) in cases {
        let (spec, mut live) = shared();
        change(&mut live);
        let plan = planned(&spec, &live);
        assert_eq!(steps(&plan), expected, "{name}");
        let unread = plan.blocked.iter().any(|blocked| {
            blocked.address.to_string() == "account/SA-001"
                && blocked.reason == BlockedReason::Unread
        });
        assert_eq!(unread, is_blocked, "{name}: {:?}", plan.blocked);
        assert_eq!(plan.incomplete.is_empty(), !is_blocked, "{name}");
    }
}

#[test]
fn planner_01_undeclared_tokens_levels_and_scopes_are_kept_while_a_source_is_unread() {
    type Change = fn(&mut Spec, &mut Live);
    let cases: [(&str, Change, &str); 5] = [
        (
            "an undeclared token",
            |spec, live| {
                spec.policy.unmanaged_tokens = UnmanagedTokens::Revoke;
                push(live, "by-hand", &[]);
            },
            "token/SA-001/by-hand",
        ),
        (
            "a replaced token whose overlap is over",
            |_, live| push(live, "monthly-report~retiring-20251231-92bd", &[]),
            "token/SA-001/monthly-report~retiring-20251231-92bd",
        ),
        (
            "a level",
            |_, live| {
                live.levels.insert(
                    "identity-1".into(),
                    Collection::Complete(["REPORT_ADMIN".into(), "HELPDESK".into()].into()),
                );
            },
            "levels/SA-001",
        ),
        (
            "a scope",
            |_, live| {
                if let Collection::Complete(tokens) = &mut live.tokens {
                    let token = tokens.last_mut().unwrap();
                    token.scopes.insert("sp:x:read".into());
                }
            },
            "token/SA-001/monthly-report",
        ),
        (
            "time of a token",
            |_, live| {
                if let Collection::Complete(tokens) = &mut live.tokens {
                    tokens.last_mut().unwrap().expires = None;
                }
            },
            "token/SA-001/monthly-report",
        ),
    ];
    for (name, change, address) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        push(
            &mut live,
            "monthly-report",
            &["sp:report:read", "sp:search:read"],
        );
        let mut other = account("CN=other", "other");
        other.row = None;
        other.source = DIRECTORY.into();
        other.user_levels = None;
        other.tokens = None;
        spec.sources.insert(DIRECTORY.into(), SourceSpec::Unmanaged);
        spec.accounts.insert(other.key.clone(), other);
        change(&mut spec, &mut live);
        live.sources.insert(DIRECTORY.into(), forbidden());
        let plan = planned(&spec, &live);
        assert!(plan.is_empty(), "{name}: {:?}", steps(&plan));
        let blocked = plan.blocked.iter().any(|blocked| {
            blocked.address.to_string() == address && blocked.reason == BlockedReason::Unread
        });
        assert!(blocked, "{name}: {:?}", plan.blocked);
        // The same with the directory read, in which there is no such account.
        live.sources
            .insert(DIRECTORY.into(), Collection::Complete(None));
        let plan = planned(&spec, &live);
        assert_eq!(plan.steps.len(), 1, "{name}: {:?}", steps(&plan));
        assert_eq!(plan.steps[0].address.to_string(), address, "{name}");
    }
}

fn push(live: &mut Live, name: &str, scopes: &[&str]) {
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token(name, "identity-1", scopes));
    }
}

/// A renamed account owns what its earlier account has, for rows on other
/// sources too.
#[test]
fn planner_01_a_renamed_account_claims_under_its_earlier_id() {
    let (mut spec, mut live) = shared();
    spec.accounts.clear();
    spec.sources.remove(DIRECTORY);
    let mut other = source_mut(&mut live).clone();
    other.name = "Other".into();
    other.id = "source-3".into();
    let mut managed_other = managed(&mut spec).clone();
    managed_other.unmanaged = UnmanagedAccounts::Keep;
    managed_other.identity_profile = None;
    spec.sources
        .insert("Other".into(), SourceSpec::Managed(managed_other));
    other.accounts = Collection::Complete(vec![live_account("A-1", "audit01", "identity-1")]);
    live.sources
        .insert("Other".into(), Collection::Complete(Some(other)));
    let mut renamed = account("A-2", "audit01");
    renamed.source = "Other".into();
    renamed.previously.id = Some("A-1".into());
    renamed.user_levels = None;
    spec.accounts.insert(renamed.key.clone(), renamed);
    let removed = |live: &Live| -> Vec<String> {
        planned(&spec, live)
            .steps
            .iter()
            .filter(|step| step.action == Action::Delete)
            .map(|step| step.address.to_string())
            .collect()
    };
    // The identity would go with the row of which it is made.
    assert_eq!(removed(&live), [""; 0]);
    if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
        accounts[0].manually_correlated = Some(true);
    }
    assert_eq!(removed(&live), ["account/SA-001"]);
}

/// What a plan takes away, one line for each.
fn removals(plan: &Plan) -> BTreeSet<String> {
    plan.steps.iter().flat_map(removed).collect()
}

fn removed(step: &Step) -> Vec<String> {
    let address = &step.address;
    let lost = |field: &str| {
        let items = |fields: &Option<model::Fields>| -> BTreeSet<String> {
            fields
                .iter()
                .filter_map(|fields| fields.get(field)?.as_array())
                .flatten()
                .map(ToString::to_string)
                .collect()
        };
        items(&step.before)
            .difference(&items(&step.after))
            .map(|item| format!("{address} loses {item}"))
            .collect::<Vec<_>>()
    };
    match &step.operation {
        Operation::SetLevels { .. } => lost("userLevels"),
        Operation::UpdateToken { .. } => lost("scopes"),
        _ if step.action == Action::Delete => vec![format!("{address} goes")],
        _ => Vec::new(),
    }
}

/// Whether the step takes something from an identity.
fn is_of_identity(line: &str) -> bool {
    line.starts_with("levels/") || line.starts_with("token/")
}

/// The tenant with each of its collections partial in turn, and whether account
/// lists are.
fn each_partial(live: &Live) -> Vec<(String, bool, Live)> {
    fn partial<T: Clone + Default>(whole: &Collection<T>, keep: bool) -> Collection<T> {
        let Collection::Partial { why, .. } = forbidden::<T>() else {
            panic!("partial")
        };
        Collection::Partial {
            found: if keep {
                whole.found().clone()
            } else {
                T::default()
            },
            why,
        }
    }
    let mut all = Vec::new();
    for keep in [false, true] {
        let mut case = |name: String, accounts, change: &dyn Fn(&mut Live)| {
            let mut changed = live.clone();
            change(&mut changed);
            all.push((format!("{name} (found: {keep})"), accounts, changed));
        };
        case("tokens".to_owned(), false, &|live| {
            live.tokens = partial(&live.tokens, keep);
        });
        case("custom levels".to_owned(), false, &|live| {
            live.custom_levels = partial(&live.custom_levels, keep);
        });
        for owner in live.owners.keys() {
            case(format!("owner {owner}"), false, &|live| {
                let found = partial(&live.owners[owner], keep);
                live.owners.insert(owner.clone(), found);
            });
        }
        for identity in live.identities.keys() {
            case(format!("identity {identity}"), false, &|live| {
                let found = partial(&live.identities[identity], keep);
                live.identities.insert(identity.clone(), found);
            });
        }
        for identity in live.levels.keys() {
            case(format!("levels of {identity}"), false, &|live| {
                let found = partial(&live.levels[identity], keep);
                live.levels.insert(identity.clone(), found);
            });
        }
        for key in live.stores.issuers.keys() {
            case(format!("issuer of {key}"), false, &|live| {
                let why = "locked".to_owned();
                let unreadable = IssuerState::Unreadable { why };
                live.stores.issuers.insert(key.clone(), unreadable);
            });
        }
        for name in live.sources.keys() {
            case(format!("source {name}"), true, &|live| {
                let found = partial(&live.sources[name], keep);
                live.sources.insert(name.clone(), found);
            });
            let mut part = |what: &str, accounts, change: &dyn Fn(&mut LiveSource)| {
                case(format!("{what} of {name}"), accounts, &|live| {
                    if let Some(source) = source_of(live, name) {
                        change(source);
                    }
                });
            };
            part("accounts", true, &|source| {
                source.accounts = partial(&source.accounts, keep);
            });
            part("schema", false, &|source| {
                source.schema = partial(&source.schema, keep);
            });
            part("profile", false, &|source| {
                source.profile = partial(&source.profile, keep);
            });
        }
    }
    all
}

fn source_of<'a>(live: &'a mut Live, name: &SourceName) -> Option<&'a mut LiveSource> {
    match live.sources.get_mut(name) {
        Some(Collection::Complete(Some(source))) => Some(source),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whichever collection is partial: nothing goes that would not go anyway,
    /// and nothing of an identity while accounts that may claim it are unread.
    #[test]
    fn planner_01_a_partial_read_removes_nothing(before in spec(), after in spec()) {
        let live = realized(&empty(), &planned(&before, &empty()));
        let live = enrolled(&live, &planned(&before, &live));
        let live = realized(&live, &planned(&before, &live));
        let whole = removals(&planned(&after, &live));
        for (name, accounts, partial) in each_partial(&live) {
            let removals = removals(&planned(&after, &partial));
            prop_assert!(removals.is_subset(&whole), "{name}: {removals:?} but {whole:?}");
            let is_declared_on = |source: &SourceName| after.accounts_of(source).next().is_some();
            let could_claim = accounts && partial.sources.iter().any(|(source, read)| {
                let unread = match read.complete() {
                    Ok(Some(source)) => source.accounts.complete().is_err(),
                    Ok(None) => false,
                    Err(_) => true,
                };
                unread && is_declared_on(source)
            });
            if could_claim {
                let of_identities: Vec<_> = removals.iter().filter(|line| is_of_identity(line)).collect();
                prop_assert!(of_identities.is_empty(), "{name}: {of_identities:?}");
            }
        }
    }
}

#[test]
fn the_source_of_all_tests_is_one() {
    assert_ne!(SOURCE, DIRECTORY);
}
