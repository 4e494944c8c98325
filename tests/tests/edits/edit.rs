//! What a person changes in the tenant by hand, and how it is seen to be kept.

use crate::site::State;
use serde_json::json;
use simulator::Tenant;
use std::collections::BTreeSet;
use tests::scale::{self, SOURCE};

/// The account that a person adds.
pub(crate) const ADDED: &str = "HAND-1";

/// An edit; a number is that of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    AddAccount,
    RemoveAccount(usize),
    /// Another purpose.
    ChangeRow(usize),
    /// Other user levels.
    SetLevels(usize),
    Invite(usize),
    RevokeToken(usize, &'static str),
    /// Other scopes.
    ChangeToken(usize, &'static str),
    RenameSource,
    AddAttribute,
}

const BY_HAND: &str = "Changed by hand, with \"care\"";
const LEVEL: &str = "HELPDESK";
const SCOPE: &str = "sp:search:read";
const RENAMED: &str = "Bulk of old";
const ATTRIBUTE: &str = "team";

impl Edit {
    /// Makes the edit. The ids of tokens are those of a state before it.
    pub(crate) fn make(self, tenant: &mut Tenant, before: &State) {
        let token = |number, name: &str| {
            let of = (scale::name(number), name.to_owned());
            before.tokens[&of].0.clone()
        };
        let row = |id: &str, name: &str, purpose: &str| {
            let row = json!({
                "id": id, "name": name, "e-mail": format!("{name}@example.com"), "purpose": purpose,
            });
            row.as_object().unwrap().clone()
        };
        match self {
            Self::AddAccount => {
                let row = row(ADDED, "byhand", BY_HAND);
                tenant.put_account_out_of_band(SOURCE, row).unwrap();
            }
            Self::RemoveAccount(number) => {
                let id = scale::id(number);
                tenant.remove_account_out_of_band(SOURCE, &id).unwrap();
            }
            Self::ChangeRow(number) => {
                let row = row(&scale::id(number), &scale::name(number), BY_HAND);
                tenant.put_account_out_of_band(SOURCE, row).unwrap();
            }
            Self::SetLevels(number) => {
                let name = scale::name(number);
                let levels = vec![LEVEL.to_owned()];
                tenant.set_levels_out_of_band(&name, levels).unwrap();
            }
            Self::Invite(number) => {
                tenant.invite_person(&scale::name(number)).unwrap();
            }
            Self::RevokeToken(number, name) => {
                let id = token(number, name);
                tenant.revoke_token_out_of_band(&id).unwrap();
            }
            Self::ChangeToken(number, name) => {
                let (id, scopes) = (token(number, name), Some(vec![SCOPE.to_owned()]));
                tenant.change_token_out_of_band(&id, None, scopes).unwrap();
            }
            Self::RenameSource => tenant.rename_source_out_of_band(SOURCE, RENAMED).unwrap(),
            Self::AddAttribute => tenant.add_attribute_out_of_band(SOURCE, ATTRIBUTE).unwrap(),
        }
    }

    /// Sees that the edit is still there, and that no account is gone but those that a
    /// person has removed.
    #[track_caller]
    pub(crate) fn is_kept(self, before: &State, after: &State) {
        let mut expected: BTreeSet<&str> = before.rows.keys().map(String::as_str).collect();
        let removed = match self {
            Self::RemoveAccount(number) => Some(scale::id(number)),
            _ => None,
        };
        if let Some(id) = &removed {
            assert!(expected.remove(id.as_str()));
        }
        if self == Self::AddAccount {
            expected.insert(ADDED);
        }
        let rows: BTreeSet<&str> = after.rows.keys().map(String::as_str).collect();
        assert_eq!(rows, expected, "{self:?}: other accounts");
        match self {
            Self::AddAccount => assert_eq!(after.rows[ADDED]["purpose"], BY_HAND),
            Self::RemoveAccount(_) => {}
            Self::ChangeRow(number) => {
                assert_eq!(after.rows[&scale::id(number)]["purpose"], BY_HAND);
            }
            Self::SetLevels(number) => {
                let (levels, _) = &after.people[&scale::name(number)];
                assert_eq!(*levels, BTreeSet::from([LEVEL.to_owned()]), "{self:?}");
            }
            Self::Invite(number) => {
                let (_, status) = &after.people[&scale::name(number)];
                assert_eq!(status, "PENDING", "{self:?}");
            }
            Self::RevokeToken(number, name) => {
                let of = (scale::name(number), name.to_owned());
                assert_eq!(after.tokens.get(&of), None, "{self:?}");
            }
            Self::ChangeToken(number, name) => {
                let of = (scale::name(number), name.to_owned());
                let (id, scopes) = &after.tokens[&of];
                assert_eq!(*id, before.tokens[&of].0, "{self:?}");
                assert_eq!(*scopes, BTreeSet::from([SCOPE.to_owned()]), "{self:?}");
            }
            Self::RenameSource => assert_eq!(after.source, RENAMED),
            Self::AddAttribute => assert!(after.columns.contains(ATTRIBUTE)),
        }
    }
}
