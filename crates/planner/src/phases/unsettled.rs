//! Holds the import of a source back while it would give identities other user names.
//!
//! ISC makes the identity of each imported row anew by the mappings that the profile has
//! by then, also by those that somebody changed and nobody applied. Processing shows whom
//! that renames, and its guard counts them; an import would do it unseen.

use crate::draft::Draft;
use crate::new_user_names::{self, NewUserNames};
use crate::view::live_source;
use model::{
    AccountKey, Action, Address, BlockedReason, Incomplete, Live, Operation, Reason, SourceName,
    Step, Who,
};

/// Blocks the planned rows of a source whose profile has a change pending that gives
/// identities another user name, or may give them one. New rows have no identity yet, and
/// ISC leaves the rows that did not change, unless it has to look at all of them again.
pub(crate) fn hold(draft: &mut Draft, live: &Live, name: &SourceName) {
    let Some(source) = live_source(live, name) else {
        return;
    };
    let profile = match source.profile.complete() {
        Ok(Some(profile)) => profile,
        Ok(None) => return,
        Err(why) => {
            hold_all(draft, name, why);
            return;
        }
    };
    let pending = if profile.refresh_required {
        new_user_names::pending(live, source, profile)
    } else {
        let mut renamed = new_user_names::unannounced(live, source, profile);
        renamed.extend(new_user_names::of_other_rows(live, source, profile));
        NewUserNames::Of(renamed)
    };
    if pending == NewUserNames::Of(Vec::new()) {
        return;
    }
    // What nobody announced is known of single rows only. A row that goes renames nobody.
    let concerns = |step: &Step| match (&pending, &step.operation) {
        (
            NewUserNames::Of(renamed),
            Operation::ImportRow {
                native_identity, ..
            },
        ) if !profile.refresh_required => {
            let mut renamed = renamed.iter();
            step.action != Action::Delete
                && renamed.any(|renamed| renamed.account.native_identity == *native_identity)
        }
        _ => true,
    };
    let all = draft
        .steps
        .iter()
        .any(|step| is_row(step, name) && step.reason == Reason::IdentityGone);
    let renames = |step: &Step| {
        is_row(step, name) && (all || step.action != Action::Create && concerns(step))
    };
    // What becomes of their identities is known once the row can be sent.
    let waiting: Vec<AccountKey> = draft
        .steps
        .iter()
        .filter(|step| renames(step) && is_rename(step.reason))
        .filter_map(|step| step.address.account().cloned())
        .collect();
    draft.unsettled.extend(waiting);
    let rows = draft.withdraw(renames);
    for row in rows {
        match &pending {
            NewUserNames::Of(_) if !profile.refresh_required => draft.block(
                row.clone(),
                BlockedReason::UserNamesPending,
                format!(
                    "an import may give an identity another user name: that of the identity is not what the identity profile \"{}\" makes of the account, although ISC says that no change of the profile is pending, or another row has the same identity",
                    profile.name
                ),
                "check in ISC what the profile maps uid from, and apply its changes there (Apply Changes); give rows that share an identity identities of their own, or leave this row as it is"
                    .to_owned(),
                Who::TenantAdmin,
            ),
            NewUserNames::Of(renamed) => draft.block(
                row.clone(),
                BlockedReason::UserNamesPending,
                format!(
                    "the identity profile \"{}\" has a change that is not applied yet and gives {} another user name; an import would carry it out",
                    profile.name,
                    identities(renamed.len()),
                ),
                format!(
                    "apply first what this plan has for {} and {}",
                    Address::Profile(name.clone()),
                    Address::Processing(name.clone()),
                ),
                Who::NextApply,
            ),
            NewUserNames::Unread { collection, why } => {
                draft.block_unread(row.clone(), collection, why);
            }
        }
        draft.hold(&row);
    }
}

/// Blocks the rows of a source whose profile was not read, so that nobody knows whether it
/// has such a change.
fn hold_all(draft: &mut Draft, name: &SourceName, why: &Incomplete) {
    let renames = |step: &Step| is_row(step, name) && step.action != Action::Create;
    let collection = format!("the identity profile of \"{name}\"");
    for row in draft.withdraw(renames) {
        draft.block_unread(row.clone(), &collection, why);
        draft.hold(&row);
    }
}

fn is_row(step: &Step, name: &SourceName) -> bool {
    matches!(&step.operation, Operation::ImportRow { source_name, .. } if source_name == name)
}

fn is_rename(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::IdChanges | Reason::NameChanges | Reason::UidChanges
    )
}

fn identities(count: usize) -> String {
    match count {
        1 => "1 identity".to_owned(),
        _ => format!("{count} identities"),
    }
}
