//! Journal reader: unfinished mints and used plans of earlier runs.

use super::created::Created;
use super::entry::{Entry, Event, FORMAT, Operation};
use super::error::JournalError;
use super::intent::{
    Conclusion, IntentId, LeftInvited, LeftRaised, RaiseIntent, Target, Unfinished,
};
use camino::Utf8Path;
use jiff::Timestamp;
use model::{Address, IdentityId, Invited, StoreKey, TokenId, Tries};
use std::collections::BTreeMap;
use std::io::{BufRead, Read};

/// How large a journal may be: 128 MiB. Three hundred thousand created tokens fit.
const MOST_BYTES: usize = 128 << 20;

/// How long a line may be. Steersman writes lines of a few hundred bytes.
const MOST_IN_LINE: u64 = 1 << 20;

/// How many intents may be without a conclusion. A run that is killed leaves as many as
/// it had begun at a time.
const MOST_UNFINISHED: usize = 20_000;

/// The content of a journal.
#[derive(Debug, Default)]
pub(super) struct History {
    /// Intents without a conclusion, the oldest first.
    pub(super) unfinished: Vec<Unfinished>,
    /// Thresholds that were raised and not set back, the oldest first.
    pub(super) raised: Vec<LeftRaised>,
    /// Invitations that may have been sent, the oldest first.
    pub(super) invited: Vec<LeftInvited>,
    /// The invitations that were sent, by identity.
    pub(super) sent: BTreeMap<IdentityId, Invited>,
    /// When each saved plan was applied, by its id.
    pub(super) used_plans: BTreeMap<String, Timestamp>,
    /// Where each token was delivered to last.
    pub(super) delivered: BTreeMap<Address, StoreKey>,
    /// Which token was delivered last, as far as the journal says.
    pub(super) created: BTreeMap<Address, Created>,
    /// The places that tokens were delivered to before, and nothing since.
    pub(super) left: BTreeMap<StoreKey, Address>,
    /// The places that runs for other tenants delivered to, with the tenant.
    pub(super) of_others: BTreeMap<Target, String>,
    /// The creations of tokens that failed since the last one that succeeded.
    pub(super) tries: BTreeMap<Address, Tries>,
    /// How long the text is up to the end of the last whole line, in bytes.
    pub(super) whole: usize,
    /// Whether the last whole line lacks nothing but its line break.
    pub(super) unended: bool,
    /// Whether the text ends in a part of a line.
    pub(super) is_cut: bool,
    /// How many intents without a conclusion name no tenant.
    pub(super) without_tenant: usize,
}

/// The intents without a conclusion so far. Found by their ids, because a journal can
/// have very many.
#[derive(Default)]
struct Pending {
    /// By line, each with its tenant.
    by_line: BTreeMap<usize, (Option<String>, Unfinished)>,
    /// The lines of an id.
    lines: BTreeMap<IntentId, Vec<usize>>,
}

impl History {
    /// Reads a journal's text line by line, and keeps the intents for this tenant. The
    /// path is for errors.
    pub(super) fn read(
        path: &Utf8Path,
        mut text: impl BufRead,
        tenant: &str,
    ) -> Result<Self, JournalError> {
        let mut history = Self::default();
        let mut unfinished = Pending::default();
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = text
                .by_ref()
                .take(MOST_IN_LINE)
                .read_until(b'\n', &mut line);
            let length = read.map_err(|source| JournalError::Open {
                path: path.to_owned(),
                source,
            })?;
            if length == 0 {
                break;
            }
            history.refuse_too_much(path, &line, &unfinished)?;
            let ended = line.ends_with(b"\n");
            if !line.trim_ascii().is_empty() {
                match serde_json::from_slice(&line) {
                    Ok(entry) => history.add((path, number, tenant), entry, &mut unfinished)?,
                    Err(_) if !ended => {
                        history.is_cut = true;
                        break;
                    }
                    Err(source) => {
                        return Err(JournalError::Damaged {
                            path: path.to_owned(),
                            line: number,
                            source,
                        });
                    }
                }
            }
            history.whole += line.len();
            history.unended = !ended;
        }
        for (of, unfinished) in unfinished.by_line.into_values() {
            match of {
                Some(of) if of == tenant => history.unfinished.push(unfinished),
                Some(_) => {}
                None => history.without_tenant += 1,
            }
        }
        Ok(history)
    }

    /// Refuses what would fill the memory.
    fn refuse_too_much(
        &self,
        path: &Utf8Path,
        line: &[u8],
        unfinished: &Pending,
    ) -> Result<(), JournalError> {
        let is_endless = line.len() as u64 == MOST_IN_LINE && !line.ends_with(b"\n");
        let limit = if is_endless {
            "a line of more than 1 MiB"
        } else if self.whole.saturating_add(line.len()) > MOST_BYTES {
            "more than 128 MiB"
        } else if unfinished.by_line.len() > MOST_UNFINISHED
            || self.raised.len() > MOST_UNFINISHED
            || self.invited.len() > MOST_UNFINISHED
        {
            "more than 20,000 operations without an end"
        } else {
            return Ok(());
        };
        Err(JournalError::TooLarge {
            path: path.to_owned(),
            limit,
        })
    }

    fn add(
        &mut self,
        (path, line, tenant): (&Utf8Path, usize, &str),
        entry: Entry,
        unfinished: &mut Pending,
    ) -> Result<(), JournalError> {
        let Entry {
            time,
            run: _,
            event,
        } = entry;
        match event {
            Event::Began { format, version: _ } if format > FORMAT => {
                return Err(JournalError::Newer {
                    path: path.to_owned(),
                    line,
                    format,
                });
            }
            Event::Began { .. }
            | Event::Intended {
                operation: Operation::Skipped,
                ..
            } => {}
            Event::UsedPlan { plan } => {
                self.used_plans.entry(plan).or_insert(time);
            }
            Event::Intended {
                id,
                address,
                operation: Operation::Mint { tenant, intent },
            } => {
                let intended = Unfinished {
                    id,
                    time,
                    address,
                    intent,
                };
                let lines = unfinished.lines.entry(intended.id.clone()).or_default();
                lines.push(line);
                unfinished.by_line.insert(line, (tenant, intended));
            }
            Event::Intended {
                id,
                address: _,
                operation: Operation::RaiseThreshold { tenant: of, intent },
            } => {
                if of == tenant {
                    self.raised.push(LeftRaised { id, intent });
                }
            }
            Event::Intended {
                id,
                address: _,
                operation: Operation::InviteIdentities { tenant: of, intent },
            } => {
                if of == tenant {
                    self.invited.push(LeftInvited { id, time, intent });
                }
            }
            Event::Concluded {
                id,
                conclusion,
                token,
            } => {
                if conclusion == Conclusion::Done {
                    for left in self.invited.iter().filter(|left| left.id == id) {
                        left.was_sent(&mut self.sent);
                    }
                }
                self.invited.retain(|invited| invited.id != id);
                self.raised.retain(|raised| raised.id != id);
                for line in unfinished.lines.remove(&id).into_iter().flatten() {
                    let Some((of, unfinished)) = unfinished.by_line.remove(&line) else {
                        continue;
                    };
                    match of {
                        Some(of) if of == tenant => {}
                        Some(of) if conclusion == Conclusion::Done => {
                            self.of_others.insert(unfinished.intent.target(), of);
                            continue;
                        }
                        Some(_) | None => continue,
                    }
                    match &conclusion {
                        Conclusion::Done => {
                            self.tries.remove(&unfinished.address);
                            self.of_others.remove(&unfinished.intent.target());
                            self.has_delivered(unfinished, token.clone());
                        }
                        Conclusion::Failed(why) => self.has_failed(unfinished, why),
                        Conclusion::Superseded => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes note of where a token was delivered to.
    fn has_delivered(&mut self, unfinished: Unfinished, token: Option<TokenId>) {
        let Unfinished {
            id: _,
            time: _,
            address,
            intent,
        } = unfinished;
        match token {
            Some(token) => {
                let target = intent.target.clone();
                let created = Created { token, target };
                self.created.insert(address.clone(), created)
            }
            None => self.created.remove(&address),
        };
        self.left.remove(&intent.deliver);
        let before = self
            .delivered
            .insert(address.clone(), intent.deliver.clone());
        if let Some(before) = before.filter(|before| *before != intent.deliver) {
            self.left.insert(before, address);
        }
    }

    /// Counts a creation that failed. One of an earlier version, which does not say what
    /// was declared, is not counted.
    fn has_failed(&mut self, unfinished: Unfinished, why: &str) {
        let Unfinished {
            id: _,
            time,
            address,
            intent,
        } = unfinished;
        let Some(declared) = intent.declared else {
            return;
        };
        let before = self.tries.get(&address);
        let before = before.filter(|tries| tries.declared == declared);
        let failed = before.map_or(0, |tries| tries.failed).saturating_add(1);
        let tries = Tries {
            failed,
            last: time,
            why: why.to_owned(),
            declared,
        };
        self.tries.insert(address, tries);
    }

    /// What a person should know about the journal.
    pub(super) fn notices(&self, path: &Utf8Path) -> Vec<String> {
        let mut notices = Vec::new();
        if self.is_cut {
            notices.push(format!(
                "the journal `{path}` ends in an incomplete line, as after a crash; the operation of that line had not begun, if the file was not edited or copied"
            ));
        }
        for LeftRaised { id: _, intent } in &self.raised {
            let RaiseIntent {
                source: _,
                name,
                to,
                back,
            } = intent;
            notices.push(format!(
                "the journal `{path}` has an open change: a run raised the delete threshold of \"{name}\" to {to}% for one CSV import, and has not set it back to {back}%; where it is still {to}%, an apply sets it back"
            ));
        }
        if self.without_tenant > 0 {
            notices.push(format!(
                "the journal `{path}` has {} unfinished token creations of an earlier version, which name no tenant; steersman leaves their tokens alone: compare the stores with ISC, then delete these lines",
                self.without_tenant
            ));
        }
        notices
    }
}

#[cfg(test)]
mod tests {
    use super::super::intent::{InviteIntent, MintIntent};
    use super::*;
    use std::collections::BTreeSet;

    /// Whether a line is refused after so many bytes, and so many mints, thresholds and
    /// invitations without an end.
    fn is_refused(line: &[u8], whole: usize, [mints, raised, invited]: [usize; 3]) -> bool {
        let id = IntentId::unwritten;
        let raise = LeftRaised {
            id: id(),
            intent: RaiseIntent {
                source: "2c91".into(),
                name: "Service accounts".into(),
                to: 20,
                back: 10,
            },
        };
        let invite = LeftInvited {
            id: id(),
            time: Timestamp::UNIX_EPOCH,
            intent: InviteIntent {
                identities: BTreeSet::new(),
                since: None,
            },
        };
        let mint = Unfinished {
            id: id(),
            time: Timestamp::UNIX_EPOCH,
            address: Address::Account("SA-001".into()),
            intent: MintIntent {
                owner: "2c91".into(),
                token: "report".into(),
                deliver: StoreKey {
                    store: "local".into(),
                    key: "report".to_owned(),
                },
                target: None,
                since: None,
                declared: None,
            },
        };
        let history = History {
            whole,
            raised: vec![raise; raised],
            invited: vec![invite; invited],
            ..History::default()
        };
        let pending = Pending {
            by_line: (0..mints)
                .map(|line| (line, (None, mint.clone())))
                .collect(),
            lines: BTreeMap::new(),
        };
        let read = history.refuse_too_much("journal.jsonl".into(), line, &pending);
        matches!(read, Err(JournalError::TooLarge { .. }))
    }

    #[test]
    fn a_journal_is_read_up_to_its_limits() {
        let most = 134_217_728;
        for (whole, expected) in [(0, false), (most - 3, false), (most - 2, true)] {
            assert_eq!(is_refused(b"{}\n", whole, [0; 3]), expected, "{whole}");
        }
        for kind in 0..3 {
            for (count, expected) in [(20_000, false), (20_001, true)] {
                let mut counts = [0; 3];
                counts[kind] = count;
                assert_eq!(is_refused(b"{}\n", 0, counts), expected, "{counts:?}");
            }
        }
    }
}
