//! Fuzz target: files that are, or claim to be, a record of an apply.

use crate::apply_report::{
    Commit, Record, ReportBuilder, RunBy, html, markdown, record_text, report_text,
};
use crate::{gate, gate_plain};
use camino::Utf8Path;
use jiff::Timestamp;
use model::{Action, Address, Ending, Event, StepResult, Traffic};
use std::sync::OnceLock;
use std::time::Duration;

/// A file in one of two ways, by the first byte: any bytes, or the file of a run with
/// bytes replaced.
///
/// It is refused with a short message, or is a record that is written and read as the
/// same, and whose texts pass the gate.
///
/// # Panics
/// Where that does not hold.
pub fn record(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    if kind % 4 == 0 {
        return check(rest);
    }
    let mut bytes = original().clone().into_bytes();
    for edit in rest.chunks_exact(4) {
        let [high, low, how, byte] = edit else {
            continue;
        };
        let at = (usize::from(*high) << 8 | usize::from(*low)) % bytes.len();
        match how % 3 {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            _ => {
                bytes.remove(at);
                if bytes.is_empty() {
                    return;
                }
            }
        }
    }
    check(&bytes);
}

fn check(bytes: &[u8]) {
    let path = Utf8Path::new("record.json");
    let record = match Record::parse(path, bytes) {
        Ok(record) => record,
        Err(error) => {
            // A message may repeat a value, and not a whole file.
            assert!(error.to_string().len() < 64 * 1024, "{error}");
            return;
        }
    };
    let text = record.text().unwrap_or_default();
    assert_eq!(Record::parse(path, text.as_bytes()).as_ref(), Ok(&record));
    assert_eq!(gate(&text), text);
    let shown = record_text(&record);
    assert_eq!(gate(&gate(&shown)), gate(&shown));
    if let Some(run) = &record.run {
        for text in [report_text(run), markdown(run)] {
            let _ = gate_plain(&text);
        }
        assert!(html(run).is_ok());
    }
}

/// The file of a run with a step of each result.
fn original() -> &'static String {
    static FILE: OnceLock<String> = OnceLock::new();
    FILE.get_or_init(|| {
        let mut builder = ReportBuilder::new(Timestamp::UNIX_EPOCH);
        let text = || "403".to_owned();
        let results = [
            StepResult::Done { note: Some(text()) },
            StepResult::SentNotVerified {
                error: text(),
                help: None,
            },
            StepResult::Failed {
                error: text(),
                help: Some(text()),
            },
            StepResult::Skipped {
                because: Address::Levels("SA-0".into()),
            },
            StepResult::Blocked {
                error: text(),
                help: None,
            },
            StepResult::NeverTried,
        ];
        for (number, result) in results.into_iter().enumerate() {
            let event = Event::Finished {
                address: Address::Levels(format!("SA-{number}").as_str().into()),
                action: Action::Update,
                result,
                elapsed: Duration::from_millis(1500),
                tracking_ids: vec!["4711".to_owned()],
            };
            builder.add(Timestamp::UNIX_EPOCH, &event);
        }
        let ended = Event::RunEnded {
            ending: Ending::Partial,
            exit_code: 3,
            traffic: Traffic::default(),
            elapsed: Duration::from_secs(7),
        };
        builder.add(Timestamp::UNIX_EPOCH, &ended);
        let who = RunBy {
            name: "jane".to_owned(),
            identity: Some("i1".to_owned()),
            client_id: "c1".to_owned(),
        };
        let record = Record::of_apply(who, Commit::None, builder.report(), None);
        record.text().unwrap_or_default()
    })
}
