//! Fuzz target: a journal of any bytes, and of lines that are nearly right.

use super::entry::{Entry, Event, Operation};
use super::history::History;
use super::intent::{Conclusion, IntentId, MintIntent};
use camino::Utf8Path;
use jiff::Timestamp;
use model::{Address, StoreKey};
use serde_json::Value;

const TENANT: &str = "https://acme.api.identitynow.com";

/// Reads a journal made of the bytes: as they are, or as lines of a program with
/// values replaced, cut off, repeated.
///
/// It is refused, or read; then what counts as whole is read again as the same, and
/// a run that follows can write an intent and find it.
///
/// # Panics
/// Where that does not hold.
pub fn journal(input: &[u8]) {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    if kind.is_multiple_of(2) {
        check(rest);
    } else {
        check(&composed(rest));
    }
}

fn check(text: &[u8]) {
    let path = Utf8Path::new("journal.jsonl");
    let Ok(history) = History::read(path, text, TENANT) else {
        return;
    };
    assert!(history.whole <= text.len());
    assert!(history.is_cut || history.whole == text.len());
    let _ = history.notices(path);
    // What a run that writes makes of it: whole lines, and one more.
    let mut kept = text.get(..history.whole).unwrap_or_default().to_vec();
    if history.unended {
        kept.push(b'\n');
    }
    let again = History::read(path, kept.as_slice(), TENANT).ok();
    assert!(again.is_some(), "what is whole can be read");
    let Some(again) = again else { return };
    assert_eq!(again.unfinished, history.unfinished);
    assert_eq!(again.used_plans, history.used_plans);
    assert!(!again.is_cut);
    let next = intended("a-new-run", 1);
    kept.extend(next.line().unwrap_or_default());
    let with_next = History::read(path, kept.as_slice(), TENANT)
        .map(|history| history.unfinished)
        .unwrap_or_default();
    let new = with_next.last().map(|unfinished| unfinished.id.clone());
    assert_eq!(new, Some(IntentId::new("a-new-run", 1)));
    assert_eq!(with_next.len(), history.unfinished.len() + 1);
}

/// Lines as the program writes them, each changed as the bytes say.
fn composed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.iter().copied();
    let mut text = Vec::new();
    while let Some(kind) = bytes.next() {
        let number = u64::from(bytes.next().unwrap_or_default() % 4);
        let event = match kind % 4 {
            0 => intended("run", number).event,
            1 => Event::Concluded {
                id: IntentId::new("run", number),
                conclusion: match number {
                    0 => Conclusion::Done,
                    1 => Conclusion::Failed("why".to_owned()),
                    _ => Conclusion::Superseded,
                },
                token: (number == 0).then(|| "2f9c".into()),
            },
            2 => Event::UsedPlan {
                plan: number.to_string(),
            },
            _ => Event::Began {
                format: u32::try_from(number).unwrap_or_default(),
                version: "0.1.0".to_owned(),
            },
        };
        let entry = entry(event);
        let mut line = entry.line().unwrap_or_default();
        match bytes.next().unwrap_or_default() % 8 {
            // Another value somewhere.
            0 => {
                let mut value: Value = serde_json::from_slice(&line).unwrap_or_default();
                let at = usize::from(bytes.next().unwrap_or_default());
                if let Some(fields) = value.as_object_mut()
                    && let Some((_, field)) = fields.iter_mut().nth(at % 8)
                {
                    *field = match bytes.next().unwrap_or_default() % 8 {
                        0 => Value::Null,
                        1 => u64::MAX.into(),
                        2 => "".into(),
                        3 => "9999-12-31T23:59:59Z".into(),
                        4 => "-009999-01-02T00:00:00Z".into(),
                        5 => "https://other.api.identitynow.com".into(),
                        6 => Value::Array(Vec::new()),
                        _ => "token/a/b".into(),
                    };
                }
                line = value.to_string().into_bytes();
                line.push(b'\n');
            }
            // A part of it.
            1 => {
                let end = usize::from(bytes.next().unwrap_or_default()) * line.len() / 256;
                line.truncate(end);
            }
            // Without its break.
            2 => {
                line.pop();
            }
            _ => {}
        }
        text.extend(line);
    }
    text
}

fn intended(run: &str, number: u64) -> Entry {
    entry(Event::Intended {
        id: IntentId::new(run, number),
        address: Address::Token("SA-001".into(), "report".into()),
        operation: Operation::Mint {
            tenant: Some(TENANT.to_owned()),
            intent: MintIntent {
                owner: "i1".into(),
                token: "report".into(),
                deliver: StoreKey {
                    store: "local".into(),
                    key: "k".to_owned(),
                },
                target: None,
                since: Some(Timestamp::UNIX_EPOCH),
                declared: None,
            },
        },
    })
}

fn entry(event: Event) -> Entry {
    Entry {
        time: Timestamp::UNIX_EPOCH,
        run: "run".to_owned(),
        event,
    }
}
