//! Sends the notices of a run, and keeps what was sent.

use super::address::Address;
use super::sender::Sender;
use crate::output::Output;
use crate::redaction::redactor;
use futures::future::join_all;
use model::{NoticeReceiver, SigningKey};
use render::notice::{self, NoticeState, ReceiverState};
use render::redact_json;
use render::run_facts::RunFacts;
use std::collections::BTreeMap;
use std::time::Duration;

/// A receiver that is ready.
pub(super) struct Ready {
    pub(super) receiver: NoticeReceiver,
    /// None where its variable is not set.
    pub(super) address: Option<Address>,
}

impl Ready {
    /// What people may read of it.
    fn shown(&self) -> String {
        let kind = self.receiver.kind;
        match &self.address {
            Some(address) => format!("{kind} receiver {}", address.host),
            None => format!("{kind} receiver of {}", self.receiver.declared_at),
        }
    }

    /// Tells it from others in the record: by its variable, else by its host.
    fn name(&self) -> String {
        let kind = self.receiver.kind;
        match (&self.address, self.receiver.variable.as_str()) {
            (Some(address), "") => format!("{kind} {}", address.host),
            (_, variable) => format!("{kind} ${{{variable}}}"),
        }
    }
}

/// How a delivery went.
pub(super) struct Delivered {
    pub(super) state: NoticeState,
    pub(super) failed: usize,
}

/// Sends to all receivers at once. What was not sent is said, and is sent by the next run.
pub(super) async fn all(
    ready: &[Ready],
    run: &RunFacts,
    earlier: Option<NoticeState>,
    authorities: &[u8],
    timeout: Duration,
    output: &mut Output,
) -> Delivered {
    let mut earlier = earlier.unwrap_or_default();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let sends = ready.iter().map(|receiver| {
        let name = receiver.name();
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count == 1 {
            name
        } else {
            format!("{name} #{count}")
        };
        let state = earlier.receivers.remove(&name).unwrap_or_default();
        async move {
            let (state, problem) = one(receiver, run, state, authorities, timeout).await;
            (name, state, problem)
        }
    });
    let sends: Vec<_> = sends.collect();
    let mut delivered = Delivered {
        // What is not declared in this run stays: another command may have its receivers.
        state: earlier,
        failed: 0,
    };
    for ((name, state, problem), receiver) in join_all(sends).await.into_iter().zip(ready) {
        delivered.state.receivers.insert(name, state);
        if let Some((count, why)) = problem {
            delivered.failed += count;
            let (notices, were) = match count {
                1 => ("1 notice".to_owned(), "was"),
                _ => (format!("{count} notices"), "were"),
            };
            output.talk(&format!(
                "warning: {notices} to the {} {were} not sent: {why}; the next run sends what is still true",
                receiver.shown()
            ));
        }
    }
    delivered
}

/// Sends what is due to one receiver; also returns how much was not sent, and why.
async fn one(
    ready: &Ready,
    run: &RunFacts,
    state: ReceiverState,
    authorities: &[u8],
    timeout: Duration,
) -> (ReceiverState, Option<(usize, String)>) {
    let receiver = &ready.receiver;
    let (due, mut state) = notice::due(run, &receiver.on, state);
    if due.is_empty() {
        return (state, None);
    }
    let count = due.len();
    let Some(address) = &ready.address else {
        let why = unset(&receiver.variable);
        return (state, Some((count, why)));
    };
    let key = match &receiver.key {
        SigningKey::None => None,
        SigningKey::Key(key) => Some(key),
        SigningKey::Unset { variable } => {
            let why = format!("its key: {}", unset(variable));
            return (state, Some((count, why)));
        }
    };
    let sender = match Sender::new(address, authorities, timeout) {
        Ok(sender) => sender,
        Err(error) => return (state, Some((count, error.to_string()))),
    };
    for (index, notice) in due.iter().enumerate() {
        let body = notice::body(receiver.kind, run, notice);
        let body = body.and_then(|body| Ok(redact_json(&body, redactor())?.into_owned()));
        let sent = match body {
            Ok(body) => sender
                .send(address, key, &body)
                .await
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = sent {
            // The same is in the way of the others.
            return (state, Some((count - index, why)));
        }
        state.sent(notice, run.ended);
    }
    (state, None)
}

/// What to do about a variable without a value.
fn unset(variable: &str) -> String {
    format!("the variable {variable} is not set; set STEERSMAN_VAR_{variable} in the environment")
}
