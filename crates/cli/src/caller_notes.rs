//! Notes about who steersman runs as, and about the clocks.

use crate::output::Output;
use crate::session::Session;
use jiff::SignedDuration;
use model::{Caller, Live};

/// How far clocks may be apart before it is said. Access tokens and certificates bear
/// about this.
pub(crate) const CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// Says what the first responses of the tenant show, and what would look like many other
/// failures later.
pub(crate) fn show(live: &Live, session: &Session, output: &mut Output) {
    if let Some(note) = api_client(&live.caller) {
        output.talk(&note);
    }
    if !session.is_on_this_machine()
        && let Some(note) = session.reader().clock_ahead().and_then(clock)
    {
        output.talk(&note);
    }
}

fn api_client(caller: &Caller) -> Option<String> {
    caller.is_api_client.then(|| {
        format!(
            "warning: SAIL_CLIENT_ID {} is an API client, not a personal access token: it has no user, so ISC refuses many requests, whatever its scopes\n  help: use a personal access token of an ISC admin (ORG_ADMIN)",
            caller.client_id
        )
    })
}

fn clock(ahead: SignedDuration) -> Option<String> {
    (ahead.abs() > CLOCKS).then(|| {
        let (seconds, direction) = (ahead.abs().as_secs(), if ahead.is_negative() { "behind" } else { "ahead of" });
        format!(
            "warning: the clock of this machine is {seconds} s {direction} the tenant's; steersman counts with the tenant's time\n  help: set the clock of this machine"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_apart_are_told() {
        let seconds = SignedDuration::from_secs;
        assert_eq!(clock(seconds(60)), None);
        assert_eq!(clock(seconds(-60)), None);
        assert!(
            clock(seconds(61))
                .unwrap()
                .contains("61 s ahead of the tenant's")
        );
        assert!(
            clock(seconds(-3600))
                .unwrap()
                .contains("3600 s behind the tenant's")
        );
    }
}
