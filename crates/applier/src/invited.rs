//! Invitations of earlier runs: sent or not, as far as it is known.

use crate::context::Context;
use crate::journal::{Conclusion, LeftInvited};
use jiff::{SignedDuration, Timestamp};
use model::{IdentityId, TenantWrite};

/// For how long an invitation that was begun may still be on its way to ISC.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(5);

/// For how long ISC may be sending invitations.
const SENDING: SignedDuration = SignedDuration::from_mins(15);

/// Whether an earlier run may have invited this identity, and ISC still be sending it.
/// An invitation of which the tenant shows nothing afterwards was not sent.
pub(crate) async fn may_be_sending<T: TenantWrite>(
    context: &Context<'_, T>,
    left: &[LeftInvited],
    identity: &IdentityId,
) -> bool {
    let now = Timestamp::now();
    let age = left
        .iter()
        .filter(|left| left.intent.identities.contains(identity))
        .map(|left| now.duration_since(left.time))
        .min();
    let Some(age) = age.filter(|age| *age < SENDING) else {
        return false;
    };
    age < ON_ITS_WAY || context.tenant.is_inviting().await.unwrap_or(true)
}

/// Closes the intents of earlier runs, once a run has done all that it planned.
pub(crate) async fn settle<T: TenantWrite>(context: &Context<'_, T>) {
    for left in context.journal.earlier().invited {
        let mut is_over = true;
        for identity in &left.intent.identities {
            let left = std::slice::from_ref(&left);
            is_over &= !may_be_sending(context, left, identity).await;
        }
        if is_over {
            // An entry that stays is looked at again by the next run.
            let _ = context.journal.conclude(left.id, &Conclusion::Superseded);
        }
    }
}
