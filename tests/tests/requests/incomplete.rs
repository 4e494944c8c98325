//! What is read in part, and what then is not done.

use crate::site::{Read, Site};
use model::{Address, SourceSpec, UnmanagedAccounts};
use simulator::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use tests::scale::{self, Stage};
use tests::world;

/// A tenant with something to do of every kind: accounts to create and to
/// delete, levels and tokens to change.
fn site(stage: Stage) -> Site {
    let mut site = Site::new(260, stage);
    site.keep(258);
    site.give(1, &["CERT_ADMIN", "HELPDESK"]);
    site.give(258, &[]);
    let account = site.spec.accounts["BULK-000002"].clone();
    let mut new = account.clone();
    new.key = "NEW".into();
    new.name = "new".into();
    let row = new.row.as_mut().unwrap();
    row.id = "NEW".into();
    row.name = "new".into();
    site.spec.accounts.insert(new.key.clone(), new);
    let changed = site.spec.accounts.get_mut("BULK-000003").unwrap();
    for token in changed
        .tokens
        .iter_mut()
        .flat_map(|tokens| tokens.iter_mut().map(|(_, token)| token))
    {
        token.scopes.insert("idn:sources:read".into());
    }
    for source in site.spec.sources.values_mut() {
        if let SourceSpec::Managed(source) = source {
            source.unmanaged = UnmanagedAccounts::Delete;
            source.description = Some("Another".to_owned());
        }
    }
    site.spec.policy.limits.clear();
    site
}

/// What is not known, what is blocked because of it, and what is done.
fn shown(title: &str, read: &Read) -> String {
    let mut text = format!("{title}\n");
    for (collection, why) in summed(read) {
        writeln!(text, "  not read: {collection}: {why}").unwrap();
    }
    let blocked = read.plan.blocked.iter();
    let unread = blocked.filter(|blocked| blocked.reason == model::BlockedReason::Unread);
    writeln!(
        text,
        "  blocked: {}",
        kinds(unread.map(|blocked| &blocked.address))
    )
    .unwrap();
    let steps = kinds(read.plan.steps.iter().map(|step| &step.address));
    writeln!(text, "  steps: {steps}").unwrap();
    text
}

/// The collections and reasons, those of single accounts summed up.
fn summed(read: &Read) -> Vec<(String, String)> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (collection, why) in &read.plan.incomplete {
        let collection = match collection.find("bulk") {
            Some(at) => format!("{}(an account)", &collection[..at]),
            None => collection.clone(),
        };
        *counts
            .entry((collection, why.reason.to_string()))
            .or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((collection, reason), count)| match count {
            1 => (collection, reason),
            _ => (format!("{collection} x{count}"), reason),
        })
        .collect()
}

/// Addresses by kind: one by itself, several as a number.
fn kinds<'a>(addresses: impl Iterator<Item = &'a Address>) -> String {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for address in addresses {
        let address = address.to_string();
        let kind = address.split('/').next().unwrap().to_owned();
        kinds.entry(kind).or_default().insert(address);
    }
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(kind, addresses)| match addresses.len() {
            0..=3 => addresses.into_iter().collect::<Vec<_>>().join(" "),
            count => format!("{kind} x{count}"),
        })
        .collect();
    match kinds.join(", ") {
        none if none.is_empty() => "nothing".to_owned(),
        some => some,
    }
}

#[test]
fn each_collection_blocks_what_depends_on_it_and_nothing_else() {
    let site = site(Stage::Ready);
    let whole = site.read();
    assert!(whole.plan.incomplete.is_empty());
    let all: BTreeSet<String> = whole.steps().into_iter().collect();
    let mut text = shown("all is read", &whole);
    let status = |status| Fault::Status { status };
    for (operation, fault) in [
        ("listSourcesV1", status(403)),
        ("listSourcesV1", Fault::MalformedJson),
        ("getSourceSchemasV1", status(403)),
        ("getSourceSchemasV1", status(404)),
        ("listIdentityProfilesV1", status(403)),
        ("listIdentityProfilesV1", status(503)),
        ("listAccountsV1", status(403)),
        ("listAccountsV1", status(503)),
        ("listAccountsV1", status(400)),
        ("listAccountsV1", Fault::ShortPage),
        ("listAccountsV1", Fault::ChangingTotal),
        ("listAccountsV1", Fault::MalformedJson),
        ("listPersonalAccessTokensV1", status(403)),
        ("listPersonalAccessTokensV1", status(503)),
        ("listPersonalAccessTokensV1", Fault::MalformedJson),
        ("listIdentitiesV1", status(403)),
        ("listIdentitiesV1", status(503)),
        ("listUserLevelIdentitiesV1", status(503)),
    ] {
        site.spoil(operation, &fault);
        let read = site.read();
        assert!(!read.plan.incomplete.is_empty(), "{operation} {fault:?}");
        for step in read.steps() {
            assert!(all.contains(&step), "{operation} {fault:?} brings {step}");
        }
        text.push_str(&shown(&format!("{operation}: {fault:?}"), &read));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn identities_and_levels_that_do_not_come_block_their_accounts() {
    let site = site(Stage::Invited);
    let mut text = shown("all is read", &site.read());
    let forbidden = Fault::Status { status: 403 };
    for operations in [
        &["listIdentitiesV1"] as &[&str],
        // Without lists each account is asked for, and is not answered either.
        &["listUserLevelsV1", "getAuthUserV1"],
    ] {
        site.spoil_all(operations, &forbidden);
        let read = site.read();
        assert!(!read.plan.incomplete.is_empty(), "{operations:?}");
        text.push_str(&shown(&operations.join(", "), &read));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_program_says_so_with_its_exit_code_and_writes_nothing() {
    let site = Site::new(3, Stage::Invited);
    let mut world = world!();
    for (path, text) in scale::repository(3, 1) {
        world.write(&path, text);
    }
    world.set(site.tenant.variables());
    let _ = world.steersman("plan").exits(0);
    world.replace(
        "steersman.yaml",
        "Accounts for trying",
        "Accounts for other",
    );
    site.tenant.simulator().clear_requests();
    for operation in [
        "getSourceSchemasV1",
        "listIdentityProfilesV1",
        "listIdentitiesV1",
        "getAuthUserV1",
    ] {
        site.spoil(operation, &Fault::Status { status: 403 });
        let plan = world.steersman("plan --detailed-exitcode").exits(6);
        assert!(plan.stdout.contains("not allowed"), "{}", plan.shown());
        assert_eq!(site.tenant.writes(), Vec::<String>::new(), "{operation}");
    }
}
