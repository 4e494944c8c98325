//! The steps of the guide, one write after the other, each read back.

use crate::tenant::Tenant;
use model::{
    IdentityStatus, LiveMapping, LiveSource, Operation, SourceChange, TaskState, TenantErrorKind,
    TenantRead as _, TenantWrite as _,
};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn the_guide_is_walked_and_read_back() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let source = tenant.guide().await;
    let live = tenant.source().await;
    assert_eq!(live.id, source);
    assert_eq!(live.kind, LiveSource::DELIMITED_FILE);
    let description = live.description.as_deref();
    assert_eq!(description, Some("Identities for automation"));
    let thresholds = (live.delete_threshold, live.connector_delete_threshold);
    assert_eq!(thresholds, (Some(20), Some(20)));

    let schema = writer.account_schema(&source).await.unwrap().unwrap();
    assert_eq!(schema.identity_attribute, Some("id".into()));
    assert_eq!(schema.display_attribute, Some("name".into()));
    let names: Vec<&str> = schema
        .attributes
        .iter()
        .map(|found| found.name.as_str())
        .collect();
    assert_eq!(names, ["id", "name", "e-mail", "purpose"]);
    assert_eq!(writer.csv_columns(&source).await.unwrap(), names);

    let profile = writer.profile_of(&source).await.unwrap().unwrap();
    assert!(profile.enabled);
    let uid = LiveMapping::Account {
        source: source.clone(),
        attribute: "name".into(),
    };
    assert_eq!(profile.mappings["uid"], uid);

    let identity = tenant.identity_of(&source).await;
    let person = writer.identity(&identity).await.unwrap().unwrap();
    assert_eq!(person.alias, "audit01");
    assert_eq!(person.status, IdentityStatus::Unregistered);
    assert_eq!(writer.identity(&"nobody".into()).await.unwrap(), None);
}

#[tokio::test]
async fn sources_and_profiles_are_changed() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let source = tenant.guide().await;
    let changes = [
        SourceChange::Description("other".to_owned()),
        SourceChange::DeleteThreshold(50),
    ];
    writer.update_source(&source, &changes).await.unwrap();
    let live = tenant.source().await;
    assert_eq!(live.description.as_deref(), Some("other"));
    let thresholds = (live.delete_threshold, live.connector_delete_threshold);
    assert_eq!(thresholds, (Some(50), Some(50)));

    let before = writer.profile_of(&source).await.unwrap().unwrap();
    let update = Operation::UpdateProfile {
        profile: before.id.clone(),
        name: Some("Renamed".to_owned()),
        owner: None,
        enable: true,
        mappings: BTreeMap::from([("displayName".into(), "purpose".into())]),
        source: source.clone(),
        source_name: "Service Accounts".into(),
    };
    writer.update_profile(&update).await.unwrap();
    let after = writer.profile_of(&source).await.unwrap().unwrap();
    assert_eq!(after.name, "Renamed");
    let mut expected = before.mappings.clone();
    expected.insert(
        "displayName".into(),
        LiveMapping::Account {
            source: source.clone(),
            attribute: "purpose".into(),
        },
    );
    assert_eq!(after.mappings, expected);
    assert!(after.refresh_required);
    writer.process_identities(&after.id).await.unwrap();
    tenant.advance(60);
    let processed = writer.profile_of(&source).await.unwrap().unwrap();
    assert!(!processed.refresh_required);

    let other = Operation::UpdateSource {
        source,
        changes: Vec::new(),
    };
    writer.update_profile(&other).await.unwrap_err();
}

#[tokio::test]
async fn imports_run_one_at_a_time_and_warn_at_the_threshold() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let source = tenant.guide().await;
    assert_eq!(writer.running_aggregation(&source).await.unwrap(), None);
    let task = tenant.import(&source, "SA-002,other,o@x.org,others").await;
    let running = writer.running_aggregation(&source).await.unwrap();
    assert_eq!(running.as_ref(), Some(&task));
    let second = tenant
        .import(&source, "SA-001,audit01,a@x.org,audits")
        .await;
    let second = writer.task(&second).await.unwrap();
    assert_eq!(second.state, TaskState::Failed("ERROR".to_owned()));
    let messages = second.messages.concat();
    assert!(messages.contains("currently running"), "{messages}");
    let ended = tenant.ended(&task).await;
    assert_eq!(ended.state, TaskState::Warning);
    assert!(!ended.messages.is_empty());

    let bad = b"id,nickname\n".to_vec();
    let refused = writer
        .import_accounts(&source, bad, false)
        .await
        .unwrap_err();
    let TenantErrorKind::Rejected {
        status: 400,
        detail_code: Some(code),
        ..
    } = &refused.kind
    else {
        panic!("{refused:?}");
    };
    assert_eq!(code, "400.1.3 Illegal value");
}

#[tokio::test]
async fn people_are_invited_and_given_levels() {
    let tenant = Tenant::start(0).await;
    let writer = &tenant.writer;
    let source = tenant.guide().await;
    let identity = tenant.identity_of(&source).await;
    let task = writer.invite(&[identity.clone()].into()).await.unwrap();
    assert_eq!(tenant.ended(&task).await.state, TaskState::Success);
    let person = writer.identity(&identity).await.unwrap().unwrap();
    assert_eq!(person.status, IdentityStatus::Pending);

    let none = BTreeSet::new();
    assert_eq!(writer.user_levels(&identity).await.unwrap(), none);
    let levels = BTreeSet::from(["REPORT_ADMIN".into(), "CERT_ADMIN".into()]);
    for wanted in [&levels, &none] {
        let told = writer
            .set_user_levels(&identity, None, wanted, None)
            .await
            .unwrap();
        assert_eq!(told.as_ref(), Some(wanted));
        assert_eq!(writer.user_levels(&identity).await.unwrap(), *wanted);
    }
}
