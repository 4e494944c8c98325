//! Why something is blocked, by the word that plans, lists and metrics have for it.

use model::BlockedReason;
use std::str::FromStr;

/// A reason for which a plan leaves something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Why(BlockedReason);

impl Why {
    const ALL: [BlockedReason; 23] = [
        BlockedReason::NoAccount,
        BlockedReason::NoIdentity,
        BlockedReason::NotRegistered,
        BlockedReason::InvitationsUnanswered,
        BlockedReason::NoIssuer,
        BlockedReason::StoreNotAsked,
        BlockedReason::ForeignSecret,
        BlockedReason::Unread,
        BlockedReason::NoTokenSlot,
        BlockedReason::TriesUsedUp,
        BlockedReason::IssuerInFlight,
        BlockedReason::StillUsed,
        BlockedReason::SuccessorMissing,
        BlockedReason::RolledBack,
        BlockedReason::OwnerNotFound,
        BlockedReason::IdentityUnusable,
        BlockedReason::RenameUnclear,
        BlockedReason::NotOwn,
        BlockedReason::OwnToken,
        BlockedReason::OwnAccess,
        BlockedReason::OwnershipUnknown,
        BlockedReason::UserNamesPending,
        BlockedReason::Contradiction,
    ];

    /// All reasons.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().map(Self)
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
        self.texts().0
    }

    /// The whole explanation.
    pub(super) fn text(self) -> String {
        let (title, why, fix) = self.texts();
        format!(
            "{}: {title}\n\nA reason for which a plan leaves something out; the rest of the plan goes on.\n\n{why}\n\nFix: {fix}",
            self.word()
        )
    }

    /// What it means, why nothing is done, and what to do.
    fn texts(self) -> (&'static str, &'static str, &'static str) {
        match self.0 {
            BlockedReason::NoAccount => (
                "The account is not on its source",
                "steersman does not create accounts on a source that it does not manage.",
                "Create the account on the source, or declare another one.",
            ),
            BlockedReason::NoIdentity => (
                "The account has no identity yet",
                "ISC creates the identity of an account when it processes the source.",
                "Apply again; if it stays so, look at the identity profile of the source.",
            ),
            BlockedReason::NotRegistered => (
                "The account holder must register first",
                "An identity owns tokens only after its holder has accepted the invitation and set a password.",
                "Account holder: open the invitation in the mailbox of the account.",
            ),
            BlockedReason::InvitationsUnanswered => (
                "Invitations have expired unanswered",
                "No further invitation is sent, because no one reads the mailbox.",
                "Check the email address of the account, then invite it again in ISC.",
            ),
            BlockedReason::NoIssuer => (
                "The store has no issuer token that works",
                "Only the owner can create tokens, and steersman does that with the issuer token of the account.",
                "Account holder: run `steersman enroll ACCOUNT`.",
            ),
            BlockedReason::StoreNotAsked => (
                "The store runs a program, and the operator did not allow programs",
                "The files name the program, and files can come from others.",
                "Check the program in the files, then add `--allow-commands`.",
            ),
            BlockedReason::ForeignSecret => (
                "The place holds the secret of another tenant, account or token",
                "steersman neither uses nor overwrites such a secret. That of a declared token which has another place now is overwritten once that token is delivered there.",
                "Declare another key, or do what the plan says of the other token. Delete the secret only if nothing uses it.",
            ),
            BlockedReason::Unread => (
                "Something was not read completely",
                "What was not read is not known, so nothing is decided from it.",
                "Read the reason in the plan, fix it, and plan again.",
            ),
            BlockedReason::NoTokenSlot => (
                "The identity has as many tokens as ISC allows",
                "ISC allows ten tokens for each user, retiring ones and those of SailPoint included.",
                "Revoke a token that is no longer needed, for example one that `steersman token list --unused-for 90d` shows.",
            ),
            BlockedReason::TriesUsedUp => (
                "Creating the token failed too often",
                "Each further try would create and revoke another token.",
                "Fix the cause in the plan, then write the next `rotation` number of the token.",
            ),
            BlockedReason::IssuerInFlight => (
                "Another run may be replacing the issuer token",
                "A successor of the issuer token exists, and the store does not hold it.",
                "Wait for the other run. An apply an hour after the creation cleans up.",
            ),
            BlockedReason::StillUsed => (
                "The replaced token was used since its replacement, and is kept",
                "Something reads the secret before. The token is revoked when `overlap.max` is over, and what uses it fails then.",
                "Let what uses it read the new secret, before the date in the plan.",
            ),
            BlockedReason::SuccessorMissing => (
                "The replaced token is kept, because its successor is not in its place",
                "What used the token before has no other secret: the place of its successor holds none of it, or was not read.",
                "Fix what the plan says of the successor. The next apply then revokes the replaced token.",
            ),
            BlockedReason::RolledBack => (
                "The last rotation of the token was undone",
                "It is not rotated by time or by number while the newer token is kept.",
                "Let what uses it take a new secret; to rotate it now, run `steersman token rotate --token ACCOUNT/TOKEN`.",
            ),
            BlockedReason::OwnerNotFound => (
                "No identity of the tenant is the declared owner",
                "ISC needs an identity as the owner of a source.",
                "Correct `owner`: a user name, an email address, or an id.",
            ),
            BlockedReason::IdentityUnusable => (
                "The identity is locked, disabled or in error",
                "Such an identity cannot sign in, so it can own no token that works.",
                "ISC admin: find out why, and fix it in ISC.",
            ),
            BlockedReason::RenameUnclear => (
                "Accounts exist under the present and under the earlier id",
                "It is not known which of them is meant. The earlier one is left alone.",
                "Delete one of them, or remove `previously`.",
            ),
            BlockedReason::NotOwn => (
                "The identity is not the account's own, such as a person's",
                "Levels and tokens of a person are not changed by accident.",
                "If it is meant, declare `identity` on the account.",
            ),
            BlockedReason::OwnToken => (
                "The step would change or revoke the token that steersman runs as",
                "The run would cut off its own access.",
                "Run steersman once with the token of another ISC admin.",
            ),
            BlockedReason::OwnAccess => (
                "The step would change the identity that steersman runs as",
                "The run could take its own access away.",
                "Run steersman once as another ISC admin, or leave the account out.",
            ),
            BlockedReason::OwnershipUnknown => (
                "Nothing shows whether the identity is the account's own",
                "Undeclared levels and tokens of it may be a person's.",
                "Check in ISC whose identity it is; then declare `identity` on the account.",
            ),
            BlockedReason::UserNamesPending => (
                "A change of the identity profile is pending that gives identities other user names",
                "An import would carry it out, and ISC may recreate the identities: their tokens stop working.",
                "Look at the profile in ISC, and process it when you mean it.",
            ),
            BlockedReason::Contradiction => (
                "Several declared accounts have one identity, and declare different things for it",
                "Each apply would undo what the one before has done.",
                "Declare the same, or give each account an identity of its own.",
            ),
        }
    }
}

impl FromStr for Why {
    type Err = String;

    /// Reads the word of a reason without regard to case.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::all()
            .find(|why| why.word().eq_ignore_ascii_case(text))
            .ok_or_else(|| "no reason has this word".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reason_is_found_by_its_word() {
        let words: BTreeSet<String> = Why::all().map(Why::word).collect();
        assert_eq!(words.len(), Why::ALL.len());
        for word in words {
            assert_eq!(word.parse::<Why>().map(Why::word), Ok(word));
        }
        assert!(
            "stillUsed"
                .parse::<Why>()
                .is_ok_and(|why| why.text().contains("overlap.max"))
        );
        assert!("none".parse::<Why>().is_err());
    }
}
