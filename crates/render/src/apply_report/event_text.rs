//! An event file as text: a line for each event.

use super::document::ResultDocument;
use super::event_line::{EventDocument, EventLine, RetryDocument};
use crate::count::counted;
use model::visible;
use std::fmt::Write as _;

/// The events of a file, oldest first. A file that does not end with the end of a run says
/// so.
pub fn events_text(events: &[EventLine]) -> String {
    let mut text = String::new();
    for EventLine { time, event } in events {
        let _ = writeln!(text, "{}  {}", visible(time), one(event));
    }
    let ended = events.last().map(|line| &line.event);
    if !matches!(ended, Some(EventDocument::RunEnded { .. })) {
        text.push_str("the run has not ended, or was killed, or could not write its end\n");
    }
    text
}

fn one(event: &EventDocument) -> String {
    match event {
        EventDocument::RunStarted {
            format_version: _,
            tool: _,
            tenant,
            user,
            spec_digest: _,
            plan_digest: _,
            steps,
            blocked,
        } => format!(
            "{} of {} begin as {}; {blocked} blocked",
            counted(*steps, "step"),
            visible(tenant),
            visible(user)
        ),
        EventDocument::StepsStarted { addresses } => format!("begun: {}", list(addresses)),
        EventDocument::Waiting {
            addresses,
            on,
            seconds,
            done,
            of,
        } => {
            let count = match (done, of) {
                (Some(done), Some(of)) => format!(", {done} of {of}"),
                (None, _) | (_, None) => String::new(),
            };
            format!(
                "waiting for {} since {seconds} s{count}: {}",
                visible(on),
                list(addresses)
            )
        }
        EventDocument::RequestRetried(retry) => format!("sent again: {}", again(retry)),
        EventDocument::RequestThrottled(retry) => format!("rate limit: {}", again(retry)),
        EventDocument::StepEnded {
            address,
            action,
            result,
            seconds,
            tracking_ids,
        } => {
            let tracking = if tracking_ids.is_empty() {
                String::new()
            } else {
                format!(", tracking {}", list(tracking_ids))
            };
            format!(
                "{} {}: {} after {seconds} s{tracking}",
                visible(action),
                visible(address),
                ended(result)
            )
        }
        EventDocument::StepRevised { address, result } => {
            format!("revised: {}: {}", visible(address), ended(result))
        }
        EventDocument::Notice { address, text } => {
            format!("{}: {}", visible(address), visible(text))
        }
        EventDocument::RunEnded {
            ending,
            exit_code,
            requests: _,
            seconds,
        } => format!(
            "ended after {seconds} s: {}; exit code {exit_code}",
            ending.words()
        ),
    }
}

fn again(retry: &RetryDocument) -> String {
    let RetryDocument {
        call,
        attempt,
        status,
        tracking_id,
        wait_seconds,
    } = retry;
    let status = status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let tracking = tracking_id
        .as_deref()
        .map_or_else(String::new, |id| format!(", tracking {}", visible(id)));
    format!(
        "{} after attempt {attempt} ({status}{tracking}), in {wait_seconds} s",
        visible(call)
    )
}

fn ended(result: &ResultDocument) -> String {
    let (words, text) = match result {
        ResultDocument::Done { note } => ("done", note.as_deref()),
        ResultDocument::SentNotVerified { error, help: _ } => {
            ("sent, not verified", Some(error.as_str()))
        }
        ResultDocument::Failed { error, help: _ } => ("failed", Some(error.as_str())),
        ResultDocument::Skipped { because } => ("skipped, because of", Some(because.as_str())),
        ResultDocument::Blocked { error, help: _ } => ("blocked", Some(error.as_str())),
        ResultDocument::NeverTried => ("never tried", None),
    };
    match text {
        Some(text) => format!("{words}: {}", visible(text)),
        None => words.to_owned(),
    }
}

fn list(texts: &[String]) -> String {
    visible(&texts.join(", "))
}
