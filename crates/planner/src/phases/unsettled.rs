//! Holds the import of a source back while it would give identities other user names.
//!
//! ISC makes the identity of each imported row anew by the mappings that the profile has
//! by then, also by those that somebody changed and nobody applied. Processing shows whom
//! that renames, and its guard counts them; an import would do it unseen.

use crate::draft::Draft;
use crate::new_user_names::{self, NewUserNames};
use crate::view::live_source;
use model::{Address, BlockedReason, Live, Operation, SourceName, Step, Who};

/// Blocks the planned rows of a source whose profile has a change pending that gives
/// identities another user name, or may give them one.
pub(crate) fn hold(draft: &mut Draft, live: &Live, name: &SourceName) {
    let Some(source) = live_source(live, name) else {
        return;
    };
    let Ok(Some(profile)) = source.profile.complete() else {
        return;
    };
    let pending = new_user_names::pending(live, source, profile);
    if pending == NewUserNames::Of(Vec::new()) {
        return;
    }
    let rows = draft.withdraw(|step| is_row(step, name));
    for row in rows {
        match &pending {
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

fn is_row(step: &Step, name: &SourceName) -> bool {
    matches!(&step.operation, Operation::ImportRow { source_name, .. } if source_name == name)
}

fn identities(count: usize) -> String {
    match count {
        1 => "1 identity".to_owned(),
        _ => format!("{count} identities"),
    }
}
