//! Guards that cannot be walked around: what they count, in what share of what.

use super::fixtures::{
    applied_tenant, enroll, guide, live_account, live_attribute, live_token, managed, source_mut,
};
use super::guard_cases::{refusals, undeclared};
use super::ownership::identity;
use super::scenarios::{audit01, planned, steps};
use model::{
    Action, Collection, Limit, Live, LiveMapping, Operation, Policy, Reason, SourceSpec, Spec,
};

type Change = fn(&mut Spec, &mut Live);

/// Maps the uid from another attribute, in the file and in the tenant.
fn map_uid(spec: &mut Spec, live: &mut Live, declared: Option<&str>, observed: LiveMapping) {
    if let Some(profile) = &mut managed(spec).identity_profile {
        match declared {
            Some(attribute) => profile.mappings.insert("uid".into(), attribute.into()),
            None => profile.mappings.remove("uid"),
        };
    }
    // ISC has named its identity by it.
    if observed == of_account("e-mail") {
        identity(live).alias = "audit01@example.com".to_owned();
    }
    if let Collection::Complete(Some(profile)) = &mut source_mut(live).profile {
        profile.mappings.insert("uid".into(), observed);
    }
}

fn of_account(attribute: &str) -> LiveMapping {
    LiveMapping::Account {
        source: "source-1".into(),
        attribute: attribute.into(),
    }
}

#[test]
fn planner_02_whatever_feeds_the_uid_is_guarded() {
    let email: Change = |spec, _| {
        audit01(spec).row.as_mut().unwrap().email = "new@example.com".to_owned();
    };
    let purpose: Change = |spec, _| {
        audit01(spec).row.as_mut().unwrap().purpose = "Another".to_owned();
    };
    let name: Change = |spec, _| audit01(spec).row.as_mut().unwrap().name = "new01".into();
    let cases: [(&str, Change, Change, Option<Reason>); 7] = [
        (
            "the name, by name",
            |_, _| {},
            name,
            Some(Reason::NameChanges),
        ),
        ("the e-mail, by name", |_, _| {}, email, None),
        (
            "the e-mail, by e-mail",
            |spec, live| map_uid(spec, live, Some("e-mail"), of_account("e-mail")),
            email,
            Some(Reason::UidChanges),
        ),
        (
            "the name, by e-mail",
            |spec, live| map_uid(spec, live, Some("e-mail"), of_account("e-mail")),
            name,
            None,
        ),
        (
            "the e-mail, by e-mail in the tenant only",
            |spec, live| map_uid(spec, live, None, of_account("e-mail")),
            email,
            Some(Reason::UidChanges),
        ),
        (
            "the purpose, by a transform",
            |spec, live| map_uid(spec, live, None, LiveMapping::Other("rule".to_owned())),
            purpose,
            Some(Reason::UidChanges),
        ),
        ("the purpose, by name", |_, _| {}, purpose, None),
    ];
    for (case, mapping, change, expected) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        mapping(&mut spec, &mut live);
        change(&mut spec, &mut live);
        let plan = planned(&spec, &live);
        let row = plan
            .steps
            .iter()
            .find(|step| step.address.to_string() == "account/SA-001")
            .unwrap();
        assert_eq!(row.destructive, expected.is_some(), "{case}");
        assert_eq!(
            row.reason,
            expected.unwrap_or(Reason::FieldsDiffer),
            "{case}"
        );
        let refused = refusals(&spec, &live).contains(&Policy::RENAME_ACCOUNTS);
        assert_eq!(refused, expected.is_some(), "{case}");
    }
}

/// Another attribute for the uid: what hangs on the identities comes after processing,
/// which waits for their new aliases.
#[test]
fn planner_02_another_mapping_of_uid_waits_for_the_identities_that_isc_leaves() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    live.levels.insert(
        "identity-1".into(),
        Collection::Complete(["HELPDESK".into()].into()),
    );
    let profile = managed(&mut spec).identity_profile.as_mut().unwrap();
    profile.mappings.insert("uid".into(), "e-mail".into());
    let plan = planned(&spec, &live);
    assert_eq!(
        steps(&plan),
        [
            "~ profile/Service Accounts [mappings.uid] !",
            "> processing/Service Accounts < profile/Service Accounts",
            "> invitation/SA-001 < processing/Service Accounts",
            "~ levels/SA-001 [userLevels] < processing/Service Accounts",
        ]
    );
    let aliases: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::ProcessIdentities { expect, .. } => Some(expect),
            _ => None,
        })
        .flatten()
        .map(|expected| expected.alias.as_deref())
        .collect();
    assert_eq!(aliases, [Some("audit01@example.com")]);
}

/// Five of twelve accounts go; another source has a hundred.
#[test]
fn planner_03_a_share_is_of_the_source_that_loses() {
    for (percent, refused) in [(10, true), (41, true), (42, false)] {
        let (mut spec, mut live) = undeclared(5, 12);
        let share = Limit::Share(percent.try_into().unwrap());
        spec.policy
            .limits
            .insert(Policy::DELETE_ACCOUNTS.to_owned(), share);
        let mut other = source_mut(&mut live).clone();
        other.name = "Other".into();
        other.id = "source-2".into();
        other.accounts = Collection::Complete(
            (0..100)
                .map(|number| live_account(&format!("B-{number}"), &format!("b{number}"), "i"))
                .collect(),
        );
        live.sources
            .insert("Other".into(), Collection::Complete(Some(other)));
        spec.sources.insert("Other".into(), SourceSpec::Unmanaged);
        let names = refusals(&spec, &live);
        assert_eq!(
            names.contains(&Policy::DELETE_ACCOUNTS),
            refused,
            "{percent} %"
        );
    }
}

/// The same for levels, tokens and scopes: two of audit01's, beside a source whose
/// identities have a hundred.
#[test]
fn planner_03_shares_of_levels_tokens_and_scopes_are_of_the_source() {
    let cases: [(&str, Change); 3] = [
        (Policy::REMOVE_LEVELS, |_, live| {
            let levels = ["REPORT_ADMIN".into(), "X".into(), "Y".into()];
            live.levels
                .insert("identity-1".into(), Collection::Complete(levels.into()));
        }),
        (Policy::DELETE_TOKENS, |spec, live| {
            spec.policy.unmanaged_tokens = model::UnmanagedTokens::Revoke;
            push(live, "x", &[]);
            push(live, "y", &[]);
        }),
        (Policy::REMOVE_SCOPES, |_, live| {
            if let Collection::Complete(tokens) = &mut live.tokens {
                let token = tokens.last_mut().unwrap();
                token
                    .scopes
                    .extend(["sp:x:read".into(), "sp:y:read".into()]);
            }
        }),
    ];
    for (name, change) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        push(
            &mut live,
            "monthly-report",
            &["sp:report:read", "sp:search:read"],
        );
        spec.policy
            .limits
            .insert(name.to_owned(), Limit::Share(30.try_into().unwrap()));
        let mut other = source_mut(&mut live).clone();
        other.name = "Other".into();
        other.id = "source-2".into();
        other.accounts = Collection::Complete(vec![live_account("B-1", "b1", "i2")]);
        live.sources
            .insert("Other".into(), Collection::Complete(Some(other)));
        spec.sources.insert("Other".into(), SourceSpec::Unmanaged);
        change(&mut spec, &mut live);
        let many = (0..100).map(|number| format!("L{number}"));
        live.levels.insert(
            "i2".into(),
            Collection::Complete(many.clone().map(Into::into).collect()),
        );
        if let Collection::Complete(tokens) = &mut live.tokens {
            for number in 0..100 {
                tokens.push(live_token(&format!("other-{number}"), "i2", &["a:b:c"]));
            }
        }
        assert_eq!(refusals(&spec, &live), [name]);
    }
}

fn push(live: &mut Live, name: &str, scopes: &[&str]) {
    if let Collection::Complete(tokens) = &mut live.tokens {
        tokens.push(live_token(name, "identity-1", scopes));
    }
}

#[test]
fn planner_11_a_schema_step_writes_only_the_descriptions_that_it_shows() {
    let (mut spec, mut live) = (guide(), applied_tenant());
    managed(&mut spec).attributes.push(model::AttributeSpec {
        name: "team".into(),
        description: Some("The team".to_owned()),
    });
    if let Collection::Complete(Some(schema)) = &mut source_mut(&mut live).schema {
        schema
            .attributes
            .retain(|attribute| attribute.name.as_str() != "purpose");
    }
    let plan = planned(&spec, &live);
    let written: Vec<_> = plan
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::DefineSchema { attributes, .. } => Some(attributes),
            _ => None,
        })
        .flatten()
        .map(|attribute| (attribute.name.as_str(), attribute.description.is_some()))
        .collect();
    assert_eq!(
        written,
        [
            ("id", false),
            ("name", false),
            ("e-mail", false),
            // It is new, and so is its description.
            ("purpose", true),
            ("team", true),
        ]
    );
}

#[test]
fn planner_05_nothing_is_dropped_while_the_accounts_are_unread() {
    let mut live = applied_tenant();
    if let Collection::Complete(Some(schema)) = &mut source_mut(&mut live).schema {
        schema.attributes.push(live_attribute("location"));
    }
    source_mut(&mut live).accounts = super::fixtures::forbidden();
    let plan = planned(&guide(), &live);
    assert!(plan.is_empty(), "{:?}", steps(&plan));
    assert!(
        plan.blocked
            .iter()
            .any(|blocked| blocked.address.to_string() == "schema/Service Accounts")
    );
}

#[test]
fn planner_13_no_scopes_are_all_scopes() {
    let cases: [(&[&str], &[&str], Option<u64>); 6] = [
        // Live, declared, what is lost.
        (&[], &["sp:scopes:all"], None),
        (&["sp:scopes:all"], &["sp:scopes:all"], None),
        (&["sp:scopes:all", "sp:x:read"], &["sp:scopes:all"], None),
        (&[], &["sp:search:read"], Some(1)),
        (&["sp:scopes:all"], &["sp:search:read"], Some(1)),
        (&["sp:search:read"], &["sp:scopes:all"], Some(1)),
    ];
    for (live_scopes, declared, removed) in cases {
        let (mut spec, mut live) = (guide(), applied_tenant());
        enroll(&mut live);
        push(&mut live, "monthly-report", live_scopes);
        let tokens = audit01(&mut spec).tokens.as_mut().unwrap();
        tokens.get_mut("monthly-report").unwrap().scopes =
            declared.iter().map(|scope| (*scope).into()).collect();
        spec.policy
            .limits
            .insert(Policy::REMOVE_SCOPES.to_owned(), Limit::Count(0));
        let plan = planned(&spec, &live);
        let step = plan.steps.first();
        assert_eq!(
            step.is_some(),
            removed.is_some(),
            "{live_scopes:?} {declared:?}"
        );
        let Some(removed) = removed else { continue };
        assert_eq!(step.unwrap().action, Action::Update);
        let guard = plan.guards.iter().find(|guard| guard.refuses()).unwrap();
        assert_eq!(
            (guard.name, guard.counted),
            (Policy::REMOVE_SCOPES, removed),
            "{live_scopes:?} {declared:?}"
        );
    }
}

/// Which cells feed the uid is not known while the profile is unread, so that no change
/// of one is planned; nor another mapping while the accounts are unread.
#[test]
fn planner_02_what_may_feed_the_uid_waits_until_it_is_read() {
    let changes: [fn(&mut Spec); 2] = [
        |spec| audit01(spec).row.as_mut().unwrap().name = "new01".into(),
        |spec| audit01(spec).row.as_mut().unwrap().purpose = "Another".to_owned(),
    ];
    for change in changes {
        let (mut spec, mut live) = (guide(), applied_tenant());
        change(&mut spec);
        source_mut(&mut live).profile = super::fixtures::forbidden();
        let plan = planned(&spec, &live);
        assert!(plan.steps.is_empty(), "{:?}", plan.steps);
        let blocked = plan.blocked.iter();
        assert!(
            blocked
                .map(|blocked| blocked.address.to_string())
                .any(|address| address == "account/SA-001")
        );
    }
    let (mut spec, mut live) = (guide(), applied_tenant());
    map_uid(&mut spec, &mut live, Some("e-mail"), of_account("name"));
    source_mut(&mut live).accounts = super::fixtures::forbidden();
    let plan = planned(&spec, &live);
    assert!(plan.steps.is_empty(), "{:?}", plan.steps);
}
