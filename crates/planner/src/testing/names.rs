//! Names that another live row or identity profile has.

use super::fixtures::{SOURCE, account, applied_tenant, guide, live_account, managed, source_mut};
use super::scenarios::{blocked, planned, steps};
use model::{
    Collection, Live, LiveAccount, Plan, Previously, ProfileHolder, SourceName, SourceSpec, Spec,
    UnmanagedAccounts,
};

/// A spec with these accounts on the guide's source, by id and name.
fn declared(accounts: &[(&str, &str)]) -> Spec {
    let mut spec = guide();
    spec.accounts = accounts
        .iter()
        .map(|(id, name)| account(id, name))
        .map(|mut account| {
            account.tokens = None;
            account.user_levels = None;
            (account.key.clone(), account)
        })
        .collect();
    spec
}

fn rows(accounts: &[(&str, &str)]) -> Collection<Vec<LiveAccount>> {
    let rows = accounts
        .iter()
        .map(|(id, name)| live_account(id, name, &format!("identity of {id}")));
    Collection::Complete(rows.collect())
}

fn tenant(accounts: &[(&str, &str)]) -> Live {
    let mut live = applied_tenant();
    source_mut(&mut live).accounts = rows(accounts);
    source_mut(&mut live).delete_threshold = Some(100);
    live
}

/// A second managed source, declared and in the tenant.
fn second(spec: &mut Spec, live: &mut Live, accounts: &[(&str, &str)]) {
    let mut source = managed(spec).clone();
    if let Some(profile) = &mut source.identity_profile {
        profile.name = "Second".to_owned();
    }
    spec.sources
        .insert("Second".into(), SourceSpec::Managed(source));
    let mut other = source_mut(live).clone();
    other.id = "source-2".into();
    other.name = "Second".into();
    other.accounts = rows(accounts);
    if let Collection::Complete(Some(profile)) = &mut other.profile {
        profile.id = "profile-2".into();
        profile.name = "Second".to_owned();
        profile.authoritative_source = "source-2".into();
        for mapping in profile.mappings.values_mut() {
            if let model::LiveMapping::Account { source, .. } = mapping {
                *source = "source-2".into();
            }
        }
    }
    live.sources
        .insert("Second".into(), Collection::Complete(Some(other)));
}

fn problems(plan: &Plan) -> Vec<String> {
    let problems = plan.problems.iter();
    problems
        .map(|problem| format!("{} {}: {}", problem.code, problem.message, problem.help))
        .collect()
}

/// What is declared, what the tenant has, and the problems.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn planner_24_a_name_of_another_live_row_is_refused() {
    let cases: &[Case] = &[
        (
            "nothing changes",
            &[("A", "one"), ("B", "two")],
            &[("A", "one"), ("B", "two")],
            &[],
        ),
        (
            "a free name",
            &[("A", "three")],
            &[("A", "one"), ("B", "two")],
            &[],
        ),
        (
            "only its case changes",
            &[("A", "One")],
            &[("A", "one")],
            &[],
        ),
        (
            "another id, without `previously`",
            &[("C", "one")],
            &[("A", "one")],
            &[
                "SM0911 C would get the name `one`, which account A has: if C is A with another id, declare `previously: {id: A}` on C; otherwise choose another name, or delete A and apply, then add C once ISC has deleted the identity of A",
            ],
        ),
        (
            "only its case is another one",
            &[("C", "ONE")],
            &[("A", "one")],
            &[
                "SM0911 C would get the name `ONE`, which account A has: if C is A with another id, declare `previously: {id: A}` on C; otherwise choose another name, or delete A and apply, then add C once ISC has deleted the identity of A",
            ],
        ),
        (
            "swapped",
            &[("A", "two"), ("B", "one")],
            &[("A", "one"), ("B", "two")],
            &[
                "SM0911 A would get the name `two`, which account B has: A and B swap their names: give one of them a temporary name and apply, then give it its final name",
                "SM0911 B would get the name `one`, which account A has: fix it at A: the two swap their names",
            ],
        ),
        (
            "passed on",
            &[("A", "three"), ("C", "one")],
            &[("A", "one")],
            &[
                "SM0911 C would get the name `one`, which account A has: apply the change of A first, then give its name to C",
            ],
        ),
        (
            "of one that no file declares",
            &[("A", "two")],
            &[("A", "one"), ("B", "two")],
            &[
                "SM0911 A would get the name `two`, which account B has: choose another name for A, or delete B first",
            ],
        ),
    ];
    for (name, accounts, live, expected) in cases {
        let (mut spec, live) = (declared(accounts), tenant(live));
        assert_eq!(problems(&planned(&spec, &live)), *expected, "{name}");
        // A row that goes in the same import has its name until then, and its identity
        // for some time after.
        managed(&mut spec).unmanaged = UnmanagedAccounts::Delete;
        assert_eq!(problems(&planned(&spec, &live)), *expected, "{name}");
    }
}

#[test]
fn planner_24_a_carried_rename_and_an_approved_identity_keep_the_name() {
    let mut spec = declared(&[("C", "one")]);
    spec.accounts.get_mut("C").unwrap().previously = Previously {
        id: Some("A".into()),
        name: None,
    };
    assert_eq!(problems(&planned(&spec, &tenant(&[("A", "one")]))), [""; 0]);

    // One more account of an identity that the file names.
    let (mut spec, mut live) = (declared(&[("A", "one")]), tenant(&[]));
    second(&mut spec, &mut live, &[("X", "one")]);
    assert_eq!(problems(&planned(&spec, &live)).len(), 1);
    let approved = spec.accounts.get_mut("A").unwrap();
    approved.identity = Some("identity of X".into());
    assert_eq!(problems(&planned(&spec, &live)), [""; 0]);
}

#[test]
fn planner_24_whatever_feeds_the_user_name_is_free_or_refused() {
    let mut spec = declared(&[("A", "one")]);
    let mut live = tenant(&[("B", "two")]);
    let feed = |spec: &mut Spec, live: &mut Live| {
        let profile = managed(spec).identity_profile.as_mut().unwrap();
        profile.mappings.insert("uid".into(), "e-mail".into());
        if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
            let mapping = model::LiveMapping::Account {
                source: "source-1".into(),
                attribute: "e-mail".into(),
            };
            profile.mappings.insert("uid".into(), mapping);
        }
    };
    feed(&mut spec, &mut live);
    assert_eq!(problems(&planned(&spec, &live)), [""; 0]);
    let row = spec.accounts.get_mut("A").unwrap().row.as_mut().unwrap();
    row.email = "Two@example.com".to_owned();
    let found = problems(&planned(&spec, &live));
    assert!(
        found[0].starts_with(
            "SM0911 A would get the user name `Two@example.com` (from `e-mail`), which account B has"
        ),
        "{found:?}"
    );
    assert_eq!(
        planned(&spec, &live).problems[0].field.as_deref(),
        Some("email")
    );
}

#[test]
fn planner_24_nothing_waits_for_an_identity_that_cannot_come() {
    // Two rows of one name; the identity is the other one's.
    let spec = declared(&[("A", "one")]);
    let mut live = tenant(&[("A", "one"), ("B", "one")]);
    if let Collection::Complete(accounts) = &mut source_mut(&mut live).accounts {
        accounts[0].identity = None;
    }
    let plan = planned(&spec, &live);
    assert_eq!(steps(&plan), [""; 0]);
    assert_eq!(blocked(&plan), ["account/A NoIdentity"]);
    assert_eq!(
        plan.blocked[0].message,
        "ISC cannot give A an identity: account B has its name"
    );
    // Without the other one it is waited for.
    source_mut(&mut live).accounts = match source_mut(&mut live).accounts.clone() {
        Collection::Complete(accounts) => Collection::Complete(accounts[..1].to_vec()),
        partial @ Collection::Partial { .. } => partial,
    };
    let plan = planned(&spec, &live);
    assert_eq!(
        steps(&plan),
        [
            "> processing/Service Accounts",
            "> invitation/A < processing/Service Accounts"
        ]
    );
}

/// Where nothing makes identities, no row has to have another name for one.
#[test]
fn planner_24_without_an_identity_profile_two_rows_may_have_one_name() {
    let mut spec = declared(&[("A", "one")]);
    managed(&mut spec).identity_profile = None;
    let mut live = tenant(&[("A", "one"), ("B", "one")]);
    let source = source_mut(&mut live);
    source.profile = Collection::Complete(None);
    if let Collection::Complete(accounts) = &mut source.accounts {
        accounts[0].identity = None;
        accounts[1].identity = None;
    }
    let plan = planned(&spec, &live);
    assert_eq!(blocked(&plan), [""; 0], "{:?}", plan.blocked);
    assert_eq!(steps(&plan), [""; 0]);
}

#[test]
fn planner_06_undeclared_accounts_of_one_id_have_two_addresses() {
    let (mut spec, mut live) = (declared(&[]), tenant(&[("X", "one")]));
    second(&mut spec, &mut live, &[("X", "two")]);
    let unmanaged = |plan: &Plan| -> Vec<String> {
        let unmanaged = plan.unmanaged.iter();
        unmanaged.map(|found| found.address.to_string()).collect()
    };
    let both = ["account/Second/X", "account/Service Accounts/X"];
    assert_eq!(unmanaged(&planned(&spec, &live)), both);

    for source in spec.sources.values_mut() {
        if let SourceSpec::Managed(source) = source {
            source.unmanaged = UnmanagedAccounts::Delete;
        }
    }
    live.levels
        .insert("identity of X".into(), Collection::Complete([].into()));
    for source in live.sources.values_mut() {
        if let Collection::Complete(Some(source)) = source
            && let Collection::Complete(accounts) = &mut source.accounts
        {
            accounts[0].identity = None;
        }
    }
    let plan = planned(&spec, &live);
    assert_eq!(
        steps(&plan),
        ["- account/Second/X !", "- account/Service Accounts/X !"]
    );
}

#[test]
fn planner_06_an_account_that_moves_to_another_source_is_refused() {
    let (mut spec, mut live) = (declared(&[("A", "one")]), tenant(&[("A", "one")]));
    second(&mut spec, &mut live, &[]);
    spec.accounts.get_mut("A").unwrap().source = "Second".into();
    let plan = planned(&spec, &live);
    assert_eq!(
        problems(&plan),
        [
            "SM0911 A would get the user name `one` (from `name`), which account A of source \"Service Accounts\" has: choose another name; to move the account here, remove it from \"Service Accounts\" and apply, then add it here once ISC has deleted its identity"
        ]
    );
    assert_eq!(
        plan.unmanaged[0].address.to_string(),
        "account/Service Accounts/A"
    );
}

/// Names of profiles, as declared and as the tenant has them; the holders are those of
/// the two sources, and of one that no file declares.
fn profiles(first: (&str, &str), other: (&str, &str), third: &str) -> Plan {
    let (mut spec, mut live) = (declared(&[]), tenant(&[]));
    second(&mut spec, &mut live, &[]);
    for (name, (wanted, found)) in [(SOURCE, first), ("Second", other)] {
        let name: SourceName = name.into();
        if let Some(SourceSpec::Managed(source)) = spec.sources.get_mut(&name) {
            source.identity_profile.as_mut().unwrap().name = wanted.to_owned();
        }
        if let Some(Collection::Complete(Some(source))) = live.sources.get_mut(&name)
            && let Collection::Complete(Some(profile)) = &mut source.profile
        {
            profile.name = found.to_owned();
        }
    }
    let holder = |name: &str, source: &str, source_name: &str| ProfileHolder {
        name: name.to_owned(),
        source: Some(source.into()),
        source_name: Some(source_name.into()),
        reads: [].into(),
    };
    live.profiles = Collection::Complete(vec![
        holder(first.1, "source-1", SOURCE),
        holder(other.1, "source-2", "Second"),
        holder(third, "source-3", "Third"),
    ]);
    planned(&spec, &live)
}

/// The steps of profiles.
fn renames(plan: &Plan) -> Vec<String> {
    let mut steps = steps(plan);
    steps.retain(|step| step.starts_with("~ profile"));
    steps
}

#[test]
fn planner_26_profile_names_are_freed_before_they_are_taken() {
    // Each in its own order, so that the alphabet does not decide.
    let plan = profiles(("B", "A"), ("C", "B"), "T");
    assert_eq!(problems(&plan), [""; 0]);
    assert_eq!(
        renames(&plan),
        [
            "~ profile/Second [name]",
            "~ profile/Service Accounts [name] < profile/Second"
        ]
    );
    let plan = profiles(("C", "B"), ("B", "A"), "T");
    assert_eq!(
        renames(&plan),
        [
            "~ profile/Service Accounts [name]",
            "~ profile/Second [name] < profile/Service Accounts"
        ]
    );
    let swapped = problems(&profiles(("B", "A"), ("A", "B"), "T"));
    assert_eq!(swapped.len(), 2, "{swapped:?}");
    assert!(swapped[0].contains("in a circle"), "{swapped:?}");
    let taken = problems(&profiles(("t", "A"), ("B", "B"), "T"));
    assert_eq!(
        taken,
        [
            "SM0910 the tenant already has an identity profile \"t\", which belongs to source \"Third\": choose another name, or rename the profile of \"Third\" first"
        ]
    );
    // Only its case changes.
    assert_eq!(problems(&profiles(("a", "A"), ("B", "B"), "T")), [""; 0]);
}

#[test]
fn planner_23_a_source_that_was_renamed_is_not_made_again() {
    let (spec, mut live) = (guide(), applied_tenant());
    live.sources
        .insert(SOURCE.into(), Collection::Complete(None));
    assert_eq!(problems(&planned(&spec, &live)), [""; 0]);
    live.profiles = Collection::Complete(vec![ProfileHolder {
        name: SOURCE.to_owned(),
        source: Some("source-1".into()),
        reads: [].into(),
        source_name: Some("Robots".into()),
    }]);
    let plan = planned(&spec, &live);
    assert_eq!(
        problems(&plan),
        [
            "SM0912 the tenant has no source \"Service Accounts\", but its identity profile \"Service Accounts\" belongs to source \"Robots\": if source \"Service Accounts\" was renamed in ISC, rename it back there or write \"Robots\" here; otherwise give `identityProfile` another `name`"
        ]
    );
}
