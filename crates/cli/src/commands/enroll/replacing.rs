//! Replaces an entered issuer token by one that no person has seen, and revokes it and the
//! one that was stored before.

use super::answer::Enrolled;
use super::site::{Site, Subject};
use crate::output::Output;
use applier::{IssuerNotReplaced, IssuerReplaced, replace_issuer, revoke_former_issuer};
use model::{IdentityId, LiveToken, error_chain, visible};

/// Replaces the issuer token that was just stored. Where that fails it stays, because it
/// works, and the next apply tries again.
pub(super) async fn replace(
    site: &Site<'_>,
    subject: Subject<'_>,
    identity: &IdentityId,
    entered: &LiveToken,
    enrolled: &mut Enrolled,
    output: &mut Output,
) {
    let Subject { account, location } = subject;
    let name = &account.name;
    let kept = |output: &mut Output, why: &str| {
        output.talk(&format!(
            "warning: the issuer token of {name} stays the one that was entered: {}; the next apply replaces it",
            visible(why)
        ));
    };
    if site.cancel.is_cancelled() {
        return kept(output, "the run is to stop");
    }
    let now = site.assessment.live.observed_at;
    let replacement = planner::issuer_replacement(account, identity, location, entered, now);
    let writer = site.session.writer();
    let replacing = replace_issuer(&replacement, &writer, site.stores, site.journal, now);
    let result = Box::pin(replacing).await;
    let notices = match result {
        Ok(IssuerReplaced {
            token,
            name: issuer,
            old_lives,
            notices,
        }) => {
            enrolled.replaced_by(token, issuer, replacement.new.expires, old_lives.is_none());
            if let Some(why) = old_lives {
                output.talk(&format!(
                    "warning: the token of {name} that was entered could not be revoked ({}); the next apply revokes it",
                    visible(&why)
                ));
            }
            notices
        }
        Err(IssuerNotReplaced {
            message,
            help,
            notices,
        }) => {
            kept(output, &message);
            if let Some(help) = help {
                output.talk(&format!("  help: {}", visible(&help)));
            }
            notices
        }
    };
    for notice in notices {
        output.talk(&format!("warning: {}", visible(&notice)));
    }
}

/// Revokes the issuer token that was in the place before. Its secret was nowhere else, so
/// nothing can use it, and it would take one of the ten places of its owner for ever.
pub(super) async fn revoke_former(
    site: &Site<'_>,
    subject: Subject<'_>,
    former: Option<LiveToken>,
    output: &mut Output,
) {
    let Some(former) = former else { return };
    let Subject { account, location } = subject;
    let name = &former.name;
    let writer = site.session.writer();
    let revoked = revoke_former_issuer(&writer, site.stores, location, &former.id).await;
    match revoked {
        Ok(false) => {}
        Ok(true) => output.talk(&format!(
            "note: the issuer token that {} had before, {}, is revoked",
            account.name,
            visible(name.as_str())
        )),
        Err(why) => output.talk(&format!(
            "warning: the issuer token that {} had before, {}, could not be revoked ({}); nothing can use it, and `steersman token revoke --token {}` revokes it",
            account.name,
            visible(name.as_str()),
            visible(&error_chain(&why)),
            model::shell_quoted(&visible(&format!("{}/{name}", account.name)))
        )),
    }
}
