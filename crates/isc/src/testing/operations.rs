//! All operations of the client, with arguments of a usual apply.

use super::hostile_tenant::SECRET;
use crate::Writer;
use model::{
    AttributeSpec, Credential, IdentityId, NewProfile, NewSource, NewToken, Operation, OwnerRef,
    Previously, Ref, SourceChange, SourceId, StoreKey, TenantError, TenantRead as _,
    TenantWrite as _, Wanted, WantedAccount, WantedSource,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many operations there are beside the survey.
const OTHERS: u8 = 29;

/// Runs the operation of a number; a number beyond the list is the survey. Returns
/// what a person would read of its errors.
pub(super) async fn run(number: u8, writer: &Writer) -> Vec<String> {
    let source = &SourceId::from("s1");
    let identity: &IdentityId = &"i1".into();
    let issuer = Credential {
        client_id: "issuer".into(),
        client_secret: SECRET.to_owned().into(),
    };
    let mut errors = Vec::new();
    match number % 64 {
        0 => note(writer.source_named(&"S".into()).await, &mut errors),
        1 => note(writer.account_schema(source).await, &mut errors),
        2 => note(writer.csv_columns(source).await, &mut errors),
        3 => note(writer.accounts(source).await, &mut errors),
        4 => note(writer.profile_of(source).await, &mut errors),
        5 => note(writer.identity(identity).await, &mut errors),
        6 => note(writer.user(identity).await, &mut errors),
        7 => note(writer.tokens_of(identity, Some(&issuer)).await, &mut errors),
        8 => note(writer.task(&"t1".into()).await, &mut errors),
        9 => note(writer.running_aggregation(source).await, &mut errors),
        10 => note(writer.identity_behind(&issuer).await, &mut errors),
        11 => note(writer.create_source(&new_source()).await, &mut errors),
        12 => note(
            writer
                .update_source(source, &[SourceChange::DeleteThreshold(20)])
                .await,
            &mut errors,
        ),
        13 => note(
            writer
                .define_schema(source, &"sc1".into(), &attributes())
                .await,
            &mut errors,
        ),
        14 => note(
            writer
                .import_accounts(source, b"id,name\r\nSA-1,a\r\n".to_vec(), false)
                .await,
            &mut errors,
        ),
        15 => note(
            writer.create_profile(&new_profile(), source).await,
            &mut errors,
        ),
        16 => note(writer.update_profile(&profile_change()).await, &mut errors),
        17 => note(writer.process_identities(&"p1".into()).await, &mut errors),
        18 => note(writer.invite(&[identity.clone()].into()).await, &mut errors),
        19 => note(
            writer
                .set_user_levels(
                    identity,
                    Some(&BTreeSet::new()),
                    &BTreeSet::from(["REPORT_ADMIN".into()]),
                    None,
                )
                .await,
            &mut errors,
        ),
        20 => note(writer.mint_token(&issuer, &new_token()).await, &mut errors),
        21 => note(
            writer
                .update_token(
                    &issuer,
                    &"k1".into(),
                    Some(&"report".into()),
                    Some(&BTreeSet::from(["sp:report:read".into()])),
                    Some(None),
                )
                .await,
            &mut errors,
        ),
        22 => note(
            writer.revoke_token(Some(&issuer), &"k1".into()).await,
            &mut errors,
        ),
        23 => note(writer.revoke_token(None, &"k1".into()).await, &mut errors),
        24 => note(writer.reader().source_names().await, &mut errors),
        25 => note(
            writer.listed_levels(&[identity.clone()].into()).await,
            &mut errors,
        ),
        26 => note(writer.tokens().await, &mut errors),
        27 => note(writer.compares_levels(identity).await, &mut errors),
        28 => note(writer.is_inviting().await, &mut errors),
        OTHERS.. => {
            let wanted = wanted();
            note(writer.survey(&wanted).await, &mut errors);
        }
    }
    errors
}

/// Keeps what is shown of an error. A result is only dropped: what a tenant names
/// its objects is the concern of the output gate.
fn note<T>(result: Result<T, TenantError>, errors: &mut Vec<String>) {
    if let Err(error) = result {
        errors.push(error.chain());
        errors.push(format!("{error:?}"));
    }
}

fn new_source() -> NewSource {
    NewSource {
        name: "S".into(),
        owner: "i1".into(),
        description: Some("d".to_owned()),
        delete_threshold: Some(20),
    }
}

fn new_profile() -> NewProfile {
    NewProfile {
        name: "P".to_owned(),
        owner: "i1".into(),
        source: Ref::Known("s1".into()),
        source_name: "S".into(),
        mappings: BTreeMap::from([("uid".into(), "name".into())]),
    }
}

fn profile_change() -> Operation {
    Operation::UpdateProfile {
        profile: "p1".into(),
        name: Some("P".to_owned()),
        owner: Some("i1".into()),
        enable: true,
        mappings: BTreeMap::from([("uid".into(), "name".into())]),
        source: "s1".into(),
        source_name: "S".into(),
    }
}

fn new_token() -> NewToken {
    let place = |key: &str| StoreKey {
        store: "local".into(),
        key: key.to_owned(),
    };
    NewToken {
        account: "SA-1".into(),
        account_name: "a".into(),
        identity: "i1".into(),
        issuer: place("issuer"),
        name: "report".into(),
        scopes: BTreeSet::from(["sp:report:read".into()]),
        access_token_validity: Some(900),
        expires: None,
        deliver: place("report"),
        form: model::DeliveredForm::Json,
        overwrites: None,
        rotation: 0,
        declared: model::Digest::of_bytes(b"declared"),
    }
}

fn attributes() -> Vec<AttributeSpec> {
    ["id", "name", "team"]
        .map(|name| AttributeSpec {
            name: name.into(),
            description: None,
        })
        .into()
}

/// The reads of a plan over a managed source and one that is not.
fn wanted() -> Wanted {
    let account = |source: &str, id: Option<&str>, name: &str, levels: &[&str]| WantedAccount {
        source: source.into(),
        native_identity: id.map(Into::into),
        name: name.into(),
        previously: Previously::default(),
        status: model::WantedStatus::Yes,
        levels: Some(levels.iter().map(|level| (*level).into()).collect()),
    };
    Wanted {
        settled: BTreeSet::new(),
        owners: BTreeSet::from([
            OwnerRef::Alias("jane".to_owned()),
            OwnerRef::Id("i9".to_owned()),
        ]),
        sources: [("S", true), ("AD", false)]
            .map(|(name, managed)| {
                let wanted = WantedSource {
                    managed,
                    undeclared_levels: managed,
                    uid: None,
                };
                (name.into(), wanted)
            })
            .into(),
        accounts: BTreeMap::from([
            ("SA-1".into(), account("S", Some("SA-1"), "a", &["A"])),
            ("SA-2".into(), account("S", Some("SA-2"), "b", &[])),
            ("svc".into(), account("AD", None, "svc", &["B"])),
        ]),
        known_levels: ["A", "B"].map(Into::into).into(),
        unknown_levels: ["own".into()].into(),
        tokens: true,
    }
}
