//! Virtual time of the tenant: runs the events that are due.

use jiff::{SignedDuration, Timestamp};

use super::Tenant;
use super::records::Event;
use crate::clock::to_millisecond;

impl Tenant {
    /// Advances the time to `time`. Events that are due run in order, each at its own time. A time
    /// in the past changes nothing.
    pub(crate) fn advance_to(&mut self, time: Timestamp) {
        let time = to_millisecond(time);
        while let Some((at, event)) = self.events.pop_until(time) {
            self.now = self.now.max(at);
            self.touch();
            self.happen(event);
        }
        self.now = self.now.max(time);
    }

    /// Advances the time by this duration.
    pub fn advance_by(&mut self, duration: SignedDuration) {
        if let Ok(time) = self.now.checked_add(duration) {
            self.advance_to(time);
        }
    }

    /// When the next thing happens by itself, if anything is going to.
    pub(crate) fn next_event(&self) -> Option<Timestamp> {
        self.events.next_due()
    }

    pub(crate) fn after(&mut self, delay: SignedDuration, event: Event) {
        let at = self.now.checked_add(delay).unwrap_or(Timestamp::MAX);
        self.events.schedule(at, event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::TaskCompletes { task } => self.complete_task(&task),
            Event::IdentityRefresh {
                profile,
                everything,
            } => self.refresh_identities(&profile, everything),
            Event::IdentityDeletion => self.delete_orphaned_identities(),
            Event::InvitationExpires { identity, sent } => self.expire_invitation(&identity, sent),
            Event::ScopesTakeEffect { token } => self.let_scopes_take_effect(&token),
        }
    }
}
