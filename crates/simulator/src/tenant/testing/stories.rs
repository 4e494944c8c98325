//! Random stories of a tenant: a saved tenant is the same tenant, with the same future.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tenants::{csv, seconds, with_profile};
use crate::tenant::{Tenant, TokenRequest};

/// Something that may be done to a tenant; what it refuses does not matter here.
#[derive(Debug, Clone)]
enum Deed {
    Import(Vec<u8>),
    Pass(i64),
    Process,
    InviteEverybody,
    Register(u8),
    Mint(u8),
    Remove(u8),
    Rename(u8),
    DeleteProfile,
    Levels(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        proptest::collection::vec(0..6_u8, 0..6).prop_map(Deed::Import),
        (0..1_000_000_i64).prop_map(Deed::Pass),
        (0..10_i64).prop_map(Deed::Pass),
        Just(Deed::Process),
        Just(Deed::InviteEverybody),
        (0..6_u8).prop_map(Deed::Register),
        (0..6_u8).prop_map(Deed::Mint),
        (0..6_u8).prop_map(Deed::Remove),
        (0..6_u8).prop_map(Deed::Rename),
        Just(Deed::DeleteProfile),
        (0..6_u8).prop_map(Deed::Levels),
    ]
}

fn name(number: u8) -> String {
    format!("account{number}")
}

impl Deed {
    fn done_to(&self, tenant: &mut Tenant, source: &str, profile: &str) {
        match self {
            Self::Import(numbers) => {
                let names: Vec<String> = numbers.iter().map(|number| name(*number)).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let _ = tenant.submit_aggregation(
                    "jane.doe",
                    source,
                    Some(csv(&names).as_bytes()),
                    true,
                );
            }
            Self::Pass(count) => tenant.advance_by(seconds(*count)),
            Self::Process => drop(tenant.process_profile(profile)),
            Self::InviteEverybody => {
                drop(tenant.submit_invitation("jane.doe", &json!({"uninvited": true})));
            }
            Self::Register(number) => drop(tenant.register_person(&name(*number))),
            Self::Mint(number) => {
                let request = TokenRequest {
                    name: "t".into(),
                    ..TokenRequest::default()
                };
                drop(tenant.mint_personal_access_token_as_owner(&name(*number), request));
            }
            Self::Remove(number) => {
                drop(tenant.remove_account_out_of_band("Service Accounts", &name(*number)));
            }
            Self::Rename(number) => {
                let attributes = json!({"id": format!("ID-{}", name(*number)), "name": format!("other{number}")});
                let Value::Object(attributes) = attributes else {
                    return;
                };
                drop(tenant.put_account_out_of_band("Service Accounts", attributes));
            }
            Self::DeleteProfile => {
                drop(tenant.submit_profile_deletion("jane.doe", &[profile.to_owned()]));
            }
            Self::Levels(number) => {
                drop(tenant.set_levels_out_of_band(&name(*number), vec!["REPORT_ADMIN".into()]));
            }
        }
    }
}

/// Makes a change of a tenant in its copy, by way of what is logged of it.
fn follow(followed: &mut Tenant, tenant: &mut Tenant) {
    let line = serde_json::to_string(&tenant.take_change()).unwrap();
    followed.apply(serde_json::from_str(&line).unwrap());
}

proptest! {
    #[test]
    fn a_saved_tenant_is_the_same_tenant(deeds in proptest::collection::vec(deed(), 0..30), later in 0..1_000_000_i64) {
        let (mut tenant, source, profile) = with_profile();
        tenant.forget_changes();
        let mut followed = tenant.clone();
        for deed in &deeds {
            deed.done_to(&mut tenant, &source, &profile);
            follow(&mut followed, &mut tenant);
        }
        tenant.generation = 0;
        let text = serde_json::to_string(&tenant).unwrap();
        let mut loaded: Tenant = serde_json::from_str(&text).unwrap();
        prop_assert!(loaded == tenant, "what was loaded is not what was saved");
        // The future is saved, too.
        tenant.advance_by(seconds(later));
        loaded.advance_by(seconds(later));
        follow(&mut followed, &mut tenant);
        loaded.position = tenant.position;
        for tenant in [&mut tenant, &mut loaded, &mut followed] {
            tenant.generation = 0;
        }
        prop_assert!(loaded == tenant, "what was loaded is not what was saved");
        // Whoever has the changes alone has the same tenant.
        prop_assert!(followed == tenant, "what was changed is not what was logged");
        // Nothing refers to what is not there.
        for account in tenant.accounts.all() {
            prop_assert!(tenant.sources.contains_key(&account.source));
            prop_assert!(account.identity.as_ref().is_none_or(|id| tenant.identities.contains(id)));
        }
        for token in tenant.tokens.all() {
            prop_assert!(tenant.identities.contains(&token.owner));
        }
    }
}
