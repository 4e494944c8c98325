//! Whole readings of a tenant.

use crate::tenant::Tenant;
use model::{
    Collection, LiveSource, OwnerRef, TenantRead as _, Wanted, WantedAccount, WantedSource,
};
use simulator::{Fault, RequestFilter};
use std::collections::BTreeSet;

fn wanted_source(wanted: &mut Wanted, name: &str, managed: bool) {
    let source = WantedSource {
        managed,
        undeclared_levels: false,
        uid: None,
    };
    wanted.sources.insert(name.into(), source);
}

fn found(source: &Collection<Option<LiveSource>>) -> &LiveSource {
    source.complete().unwrap().as_ref().unwrap()
}

#[tokio::test]
async fn a_whole_reading_says_all_that_is_wanted() {
    let tenant = Tenant::start(0).await;
    let identity = tenant.identity_of(&tenant.guide().await).await;
    let jane = OwnerRef::Alias("jane.doe".to_owned());
    let by_email = OwnerRef::Email("jane.doe@example.com".to_owned());
    let nobody = OwnerRef::Alias("no.body".to_owned());
    let mut wanted = Wanted {
        owners: BTreeSet::from([jane.clone(), by_email.clone(), nobody.clone()]),
        tokens: true,
        unknown_levels: BTreeSet::from(["acme".into()]),
        ..Wanted::default()
    };
    wanted_source(&mut wanted, "Service Accounts", true);
    wanted_source(&mut wanted, "Active Directory", false);
    wanted_source(&mut wanted, "No such source", true);
    for (key, source, id, name) in [
        ("SA-001", "Service Accounts", Some("SA-001"), "audit01"),
        ("SA-002", "Service Accounts", Some("SA-002"), "new"),
        ("svc-backup", "Active Directory", None, "svc-backup"),
    ] {
        let account = WantedAccount {
            source: source.into(),
            native_identity: id.map(Into::into),
            name: name.into(),
            previously: model::Previously::default(),
            status: model::WantedStatus::Yes,
            levels: Some(BTreeSet::new()),
        };
        wanted.accounts.insert(key.into(), account);
    }
    tenant.running.clear_requests();
    let live = tenant.writer.survey(&wanted).await.unwrap();

    let admin = live.caller.identity.clone();
    assert_eq!(live.caller.user_name.as_deref(), Some("jane.doe"));
    assert_eq!(live.owners[&jane], Collection::Complete(admin.clone()));
    assert_eq!(live.owners[&by_email], Collection::Complete(admin));
    assert_eq!(live.owners[&nobody], Collection::Complete(None));
    assert_eq!(live.sources["No such source"], Collection::Complete(None));
    let managed = found(&live.sources["Service Accounts"]);
    assert_eq!(managed.accounts.complete().unwrap().len(), 1);
    assert!(managed.schema.complete().unwrap().is_some());
    assert!(managed.profile.complete().unwrap().is_some());
    let directory = found(&live.sources["Active Directory"]);
    let accounts = directory.accounts.complete().unwrap();
    assert_eq!(accounts.len(), 1, "only what is declared: {accounts:?}");
    let backup = accounts[0].identity.clone().unwrap();
    for id in [&identity, &backup] {
        assert!(live.identities[id].complete().unwrap().is_some());
        assert!(live.levels[id].complete().is_ok());
    }
    assert_eq!((live.identities.len(), live.levels.len()), (2, 2));
    assert_eq!(live.custom_levels, Collection::Complete(BTreeSet::new()));
    assert_eq!(live.tokens.complete().unwrap().len(), 1);
    let now = tenant.running.now();
    assert_eq!(live.observed_at.as_second(), now.as_second());
    let sent = tenant.running.requests(&RequestFilter::default());
    assert_eq!(u64::try_from(sent.len()).unwrap(), live.requests);
    let writes = tenant.running.requests(&RequestFilter {
        writes: Some(true),
        ..RequestFilter::default()
    });
    assert!(writes.is_empty(), "{writes:?}");
}

#[tokio::test]
async fn a_thousand_accounts_take_few_requests() {
    let tenant = Tenant::start(1_100).await;
    let mut wanted = Wanted::default();
    wanted_source(&mut wanted, "Bulk", true);
    for index in 0..300 {
        let id = format!("BULK-{index:06}");
        let account = WantedAccount {
            source: "Bulk".into(),
            native_identity: Some(id.as_str().into()),
            name: format!("bulk{index:06}").into(),
            previously: model::Previously::default(),
            status: model::WantedStatus::Yes,
            levels: (index < 20).then(BTreeSet::new),
        };
        wanted.accounts.insert(id.into(), account);
    }
    let live = tenant.writer.survey(&wanted).await.unwrap();
    let bulk = found(&live.sources["Bulk"]);
    assert_eq!(bulk.accounts.complete().unwrap().len(), 1_100);
    assert_eq!(live.identities.len(), 300);
    assert!(
        live.identities
            .values()
            .all(|found| matches!(found, Collection::Complete(Some(_))))
    );
    // Sign-in, source, schema, profiles, five pages, three batches, twenty levels.
    assert_eq!(live.requests, 1 + 1 + 1 + 1 + 5 + 3 + 20);
}

#[tokio::test]
async fn accounts_of_a_source_managed_elsewhere_take_the_shorter_way() {
    let tenant = Tenant::start(1_100).await;
    // One batch; pages instead of eleven batches; batches instead of four pages.
    for (declared, requests) in [(90, 1), (1_090, 5), (150, 1 + 2)] {
        let mut wanted = Wanted::default();
        wanted_source(&mut wanted, "Bulk", false);
        for index in 0..declared {
            let name = format!("bulk{index:06}");
            let account = WantedAccount {
                source: "Bulk".into(),
                native_identity: None,
                name: name.as_str().into(),
                previously: model::Previously::default(),
                status: model::WantedStatus::No,
                levels: None,
            };
            wanted.accounts.insert(name.into(), account);
        }
        tenant.running.clear_requests();
        let live = tenant.writer.survey(&wanted).await.unwrap();
        let bulk = found(&live.sources["Bulk"]);
        let accounts = bulk.accounts.complete().unwrap();
        assert!(accounts.len() >= declared, "{declared}");
        let counts = tenant.running.request_counts(&RequestFilter::default());
        assert_eq!(counts["listAccountsV1"], requests, "{declared}");
    }
}

#[tokio::test]
async fn lists_that_move_are_incomplete_and_lists_that_stumble_are_not() {
    let tenant = Tenant::start(600).await;
    let name = "Bulk".into();
    let bulk = tenant.writer.source_named(&name).await.unwrap().unwrap();
    for fault in [Fault::ShortPage, Fault::ChangingTotal] {
        tenant.faults(fault.clone(), "listAccountsV1", None);
        let read = tenant.writer.accounts(&bulk.id).await.unwrap();
        assert!(read.complete().is_err(), "{fault:?}");
    }
    for fault in [
        Fault::ExpiredToken,
        Fault::Status { status: 503 },
        Fault::TruncatedBody,
    ] {
        tenant.faults(fault.clone(), "listAccountsV1", Some(1));
        let read = tenant.writer.accounts(&bulk.id).await.unwrap();
        assert_eq!(read.complete().unwrap().len(), 600, "{fault:?}");
    }
}

#[tokio::test]
async fn planner_04_accounts_declared_by_their_id_are_read_however_many_there_are() {
    let tenant = Tenant::start(300).await;
    // By batches, and page by page.
    for declared in [20, 250] {
        let mut wanted = Wanted::default();
        wanted_source(&mut wanted, "Bulk", false);
        for index in 0..declared {
            // Every second one by its name.
            let word = match index % 2 {
                0 => format!("BULK-{index:06}"),
                _ => format!("bulk{index:06}"),
            };
            let account = WantedAccount {
                source: "Bulk".into(),
                native_identity: None,
                name: word.as_str().into(),
                previously: model::Previously::default(),
                status: model::WantedStatus::Yes,
                levels: (index < 20).then(BTreeSet::new),
            };
            wanted.accounts.insert(word.into(), account);
        }
        let live = tenant.writer.survey(&wanted).await.unwrap();
        assert_eq!(live.identities.len(), declared);
        assert_eq!(live.levels.len(), 20, "of {declared}");
        let bulk = found(&live.sources["Bulk"]);
        assert!(bulk.accounts.complete().unwrap().len() >= declared);
    }
}
