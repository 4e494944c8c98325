//! Why a plan has a step, by the word that the plan's document has for it.

use model::Reason;

/// A reason of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StepReason(Reason);

impl StepReason {
    const ALL: [Reason; 27] = [
        Reason::NotInTenant,
        Reason::FieldsDiffer,
        Reason::IdChanges,
        Reason::NameChanges,
        Reason::UidChanges,
        Reason::NotDeclared,
        Reason::IdentitiesDue,
        Reason::UserNamesChange,
        Reason::IdentityGone,
        Reason::NotInvited,
        Reason::InvitationMoves,
        Reason::InvitationExpired,
        Reason::RotationDue,
        Reason::RotationOverdue,
        Reason::Requested,
        Reason::RotationChanged,
        Reason::ExpiryShortened,
        Reason::Expired,
        Reason::SecretLost,
        Reason::DeliveryMissing,
        Reason::DeliveryMoved,
        Reason::ImmutableFieldDiffers,
        Reason::OverlapOver,
        Reason::IssuerSeen,
        Reason::IssuerReplaced,
        Reason::OverlapOverInUse,
        Reason::Disabled,
    ];

    /// All reasons.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().map(Self)
    }

    /// The reason with this word, without regard to case.
    pub(super) fn find(text: &str) -> Option<Self> {
        Self::all().find(|reason| reason.word().eq_ignore_ascii_case(text))
    }

    /// The word of the reason, as JSON has it.
    pub(super) fn word(self) -> String {
        match serde_json::to_value(self.0) {
            Ok(serde_json::Value::String(word)) => word,
            _ => String::new(),
        }
    }

    /// What it means, in a line.
    pub(super) fn title(self) -> &'static str {
        self.0.text()
    }

    /// The whole explanation.
    pub(super) fn text(self) -> String {
        format!(
            "{}: {}\n\nA reason for which a plan has a step.\n\n{}",
            self.word(),
            self.title(),
            self.next()
        )
    }

    /// What brings it, and what to do.
    fn next(self) -> &'static str {
        match self.0 {
            Reason::NotInTenant | Reason::FieldsDiffer | Reason::ImmutableFieldDiffers => {
                "The files and the tenant differ. `steersman drift --record FILE` says which of them has changed. To keep what the tenant has, declare it."
            }
            Reason::NotDeclared => {
                "`unmanaged: delete` of the source, or `policy.unmanagedTokens: revoke`, deletes what no file declares. To keep it, declare it."
            }
            Reason::IdChanges
            | Reason::NameChanges
            | Reason::UidChanges
            | Reason::UserNamesChange => {
                "The guard `renameAccounts` refuses the plan until you allow the number of such changes. docs/renames.md says how to prepare one."
            }
            Reason::IdentitiesDue | Reason::IdentityGone => {
                "ISC creates and updates identities when it processes a source. The plan starts that; there is nothing to do by hand."
            }
            Reason::NotInvited | Reason::InvitationMoves | Reason::InvitationExpired => {
                "An invitation is open for 7 days. Account holder: follow it, and set a password."
            }
            Reason::RotationDue | Reason::RotationOverdue | Reason::Expired => {
                "Time alone brings this step. `rotate` of the token or of the defaults says when it is due. What uses the token must read its new secret within the overlap."
            }
            Reason::OverlapOver | Reason::OverlapOverInUse => {
                "Time alone brings this step: it revokes the token that was replaced. To keep the old one instead of the new one, run `steersman token rollback` before it is applied."
            }
            Reason::IssuerSeen | Reason::IssuerReplaced => {
                "The next apply does this by itself, and needs no person. It is not drift: nothing that a file declares has changed."
            }
            Reason::Requested | Reason::RotationChanged => {
                "A person asked for it: by `steersman token rotate`, or by another `rotation` number in the files."
            }
            Reason::ExpiryShortened => {
                "To keep the later end, declare a longer `expires`. The guard `shortenTokens` counts such steps."
            }
            Reason::SecretLost | Reason::DeliveryMissing => {
                "A secret is shown once, so a new token replaces one whose secret is not in its store. Many at once mean that the store is not the right one: the guard `replaceTokens` counts them. `steersman store check` says what the store holds."
            }
            Reason::DeliveryMoved => {
                "A secret is not copied: a new token is created for the new place, and the old one is valid for the overlap. `steersman store move` moves the secrets of issuer tokens."
            }
            Reason::Disabled => {
                "A new token replaces the one that was stopped, and has its name. Its secret is in the same place."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StepReason;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_is_found_by_its_word() {
        let words: BTreeSet<String> = StepReason::all().map(StepReason::word).collect();
        assert_eq!(words.len(), StepReason::ALL.len());
        for word in words {
            assert_eq!(StepReason::find(&word).map(StepReason::word), Some(word));
        }
        assert_eq!(
            StepReason::find("issuerseen").map(StepReason::word),
            Some("issuerSeen".to_owned())
        );
    }
}
