//! Invites identities to register, and registers account holders.

use jiff::Timestamp;
use serde_json::Value;

use super::records::{
    About, Completion, Deed, Event, IdentityStatus, Severity, TaskKind, TaskMessage, Work, WorkDone,
};
use super::{Tenant, delays};
use crate::errors::{ControlError, Refusal};

impl Tenant {
    /// Submits invitations. An empty list, or `uninvited`, invites all identities that are not registered.
    pub(crate) fn submit_invitation(
        &mut self,
        launcher: &str,
        body: &Value,
    ) -> Result<String, Refusal> {
        let uninvited = match body.get("uninvited") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(_) => return Err(Refusal::illegal_value("uninvited must be true or false.")),
        };
        let ids: Option<Vec<String>> = match body.get("ids") {
            None | Some(Value::Null) => None,
            Some(list) => Some(
                serde_json::from_value(list.clone())
                    .map_err(|_| Refusal::illegal_value("ids must be a list of identity ids."))?,
            ),
        };
        let unregistered = || {
            self.identities
                .all()
                .filter(|identity| identity.status == IdentityStatus::Unregistered)
                .map(|identity| identity.id.clone())
                .collect::<Vec<_>>()
        };
        let identities = match ids {
            Some(ids) if !uninvited && !ids.is_empty() => ids,
            None if !uninvited => return Err(Refusal::missing("ids or uninvited")),
            _ => unregistered(),
        };
        let work = Work::Invite { identities };
        Ok(self.start_task(
            TaskKind::Invitation,
            launcher,
            About::default(),
            work,
            delays::INVITATION,
        ))
    }

    pub(super) fn send_invitations(&mut self, ids: &[String], _launcher: &str) -> WorkDone {
        let mut done = WorkDone::success();
        let now = self.now;
        for id in ids {
            let problem = match self.identities.get(id) {
                None => Some(format!("There is no identity {id}.")),
                Some(identity) if identity.status == IdentityStatus::Active => {
                    Some(format!("The identity {} is registered.", identity.alias))
                }
                Some(identity) if identity.email().is_none() => Some(format!(
                    "The identity {} has no e-mail address.",
                    identity.alias
                )),
                Some(_) => None,
            };
            if let Some(text) = problem {
                done.completion = Completion::Warning;
                done.messages.push(TaskMessage {
                    severity: Severity::Warn,
                    text,
                });
                continue;
            }
            self.identities.update(id, |identity| {
                identity.status = IdentityStatus::Pending;
                identity.invited = Some(now);
                identity.modified = now;
            });
            self.after(
                delays::INVITATION_VALIDITY,
                Event::InvitationExpires {
                    identity: id.clone(),
                    sent: now,
                },
            );
        }
        done
    }

    pub(super) fn expire_invitation(&mut self, id: &str, sent: Timestamp) {
        let now = self.now;
        let Some(identity) = self.identities.get(id) else {
            return;
        };
        // A later invitation has its own end.
        if identity.status == IdentityStatus::Pending && identity.invited == Some(sent) {
            self.identities.update(id, |identity| {
                identity.status = IdentityStatus::Unregistered;
                identity.invited = None;
                identity.modified = now;
            });
        }
    }

    /// Invites an identity to register, as an administrator does in the user interface; no time passes.
    /// `who` is an account name (alias), a display name, an email address or an id.
    pub fn invite_person(&mut self, who: &str) -> Result<String, ControlError> {
        let id = self.find_person(who)?;
        let done = self.send_invitations(std::slice::from_ref(&id), "");
        if let Some(message) = done.messages.first() {
            return Err(ControlError::NotUnderstood(message.text.clone()));
        }
        self.touch();
        Ok(id)
    }

    /// Registers the account holder of an identity, as at the link of the invitation.
    /// `who` is an account name (alias), a display name, an email address or an id.
    /// Answers the identity's id.
    pub fn register_person(&mut self, who: &str) -> Result<String, ControlError> {
        let id = self.find_person(who)?;
        let status = self.identities.get(&id).map(|identity| identity.status);
        match status {
            Some(IdentityStatus::Pending) => {}
            Some(IdentityStatus::Active) => {
                return Err(ControlError::AlreadyRegistered(who.to_owned()));
            }
            _ => return Err(ControlError::NotInvited(who.to_owned())),
        }
        let now = self.now;
        self.identities.update(&id, |identity| {
            identity.status = IdentityStatus::Active;
            identity.invited = None;
            identity.registered = Some(now);
            identity.modified = now;
        });
        let name = self.actor(&id);
        self.note(&name, Deed::new("USER", "REGISTER"), &name);
        self.touch();
        Ok(id)
    }

    /// The id of the identity with this alias, display name, email address or id.
    pub fn find_person(&self, who: &str) -> Result<String, ControlError> {
        if let Some(identity) = self
            .identities
            .get(who)
            .or_else(|| self.identities.by_alias(who))
        {
            return Ok(identity.id.clone());
        }
        let mut found = self.identities.all().filter(|identity| {
            identity.name.eq_ignore_ascii_case(who) || identity.email() == Some(who)
        });
        match (found.next(), found.next()) {
            (Some(identity), None) => Ok(identity.id.clone()),
            (Some(_), Some(_)) => Err(ControlError::AmbiguousPerson(who.to_owned())),
            (None, _) => Err(ControlError::UnknownPerson(who.to_owned())),
        }
    }
}
