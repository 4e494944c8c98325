//! The agreement in a record: for each object, digests of when files and tenant last agreed.

use super::report::Cause;
use crate::apply_report::{Commit, RunBy};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

/// What a run knows of the runs before: when files and tenant last agreed about each
/// object, and the drifts that were there. It holds digests, no values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// When the tenant was read for it, by its clock, in RFC 3339.
    pub observed_at: String,
    /// Who read the tenant.
    pub who: RunBy,
    /// The Git commit of the spec.
    pub commit: Commit,
    /// A digest of the desired state.
    pub spec_digest: String,
    /// The objects by address. One that is not here was declared, or appeared, later.
    pub objects: BTreeMap<String, KnownObject>,
    /// The drifts by id.
    pub drifts: BTreeMap<String, KnownDrift>,
}

/// What is known of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "state",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum KnownObject {
    /// Files and tenant agreed.
    Agreed {
        /// When they last did, by the tenant's clock, in RFC 3339.
        at: String,
        /// For each declared field, 16 hexadecimal digits: the digest of the declared
        /// value, and after a space that of the observed one where it is written
        /// otherwise; `DIGEST ?` where the observed value was not read.
        fields: BTreeMap<String, String>,
    },
    /// They have differed since the first record.
    NeverAgreed {
        /// When that was, in RFC 3339.
        since: String,
    },
    /// No file declared it, and the tenant had it.
    Unmanaged {
        /// When that was first seen, in RFC 3339.
        since: String,
    },
}

impl KnownObject {
    /// Whether files and tenant agreed about it.
    pub fn has_agreed(&self) -> bool {
        match self {
            Self::Agreed { .. } => true,
            Self::NeverAgreed { .. } | Self::Unmanaged { .. } => false,
        }
    }
}

impl Agreement {
    /// Checks the form of digests and times: one of another form would never be equal to
    /// anything, and so decide a cause for good.
    ///
    /// # Errors
    /// Where, and what is wrong.
    pub(crate) fn check(&self) -> Result<(), String> {
        let time = |place: &dyn Display, text: &str| match text.parse::<Timestamp>() {
            Ok(_) => Ok(()),
            Err(_) => Err(format!("{place} is not a time in RFC 3339")),
        };
        time(&"agreement.observedAt", &self.observed_at)?;
        if !is_hexadecimal(&self.spec_digest, 64) {
            return Err("agreement.specDigest is not a digest of 64 hexadecimal digits".to_owned());
        }
        for (address, object) in &self.objects {
            let place = format!("agreement.objects.\"{address}\"");
            match object {
                KnownObject::Agreed { at, fields } => {
                    time(&format_args!("{place}.at"), at)?;
                    let wrong = fields.iter().find(|(_, entry)| {
                        let FieldDigests { declared, live } = FieldDigests::of(entry);
                        !is_digest(declared) || !live.is_none_or(is_digest)
                    });
                    if let Some((field, _)) = wrong {
                        return Err(format!(
                            "{place}.fields.{field} has not one or two digests of {DIGITS} hexadecimal digits"
                        ));
                    }
                }
                KnownObject::NeverAgreed { since } | KnownObject::Unmanaged { since } => {
                    time(&format_args!("{place}.since"), since)?;
                }
            }
        }
        for (id, drift) in &self.drifts {
            time(&format_args!("agreement.drifts.{id}.since"), &drift.since)?;
        }
        Ok(())
    }

    /// What two runs know together. Each read the tenant for itself, and neither knows of
    /// the other: of each object the later agreement stays, and the time of the later
    /// reading.
    pub(crate) fn beside(self, other: Self) -> Self {
        let (mut later, earlier) = if moment(&self.observed_at) < moment(&other.observed_at) {
            (other, self)
        } else {
            (self, other)
        };
        for (address, object) in earlier.objects {
            let is_known_later = match (&object, later.objects.get(&address)) {
                (KnownObject::Agreed { at, .. }, Some(KnownObject::Agreed { at: last, .. })) => {
                    moment(at) <= moment(last)
                }
                // The later reading does not know that they had agreed before, or had other
                // files.
                (KnownObject::Agreed { .. }, Some(KnownObject::NeverAgreed { .. }))
                | (KnownObject::Agreed { .. } | KnownObject::NeverAgreed { .. }, None) => false,
                (KnownObject::Agreed { .. }, Some(KnownObject::Unmanaged { .. }))
                | (KnownObject::NeverAgreed { .. }, Some(_))
                | (KnownObject::Unmanaged { .. }, _) => true,
            };
            if !is_known_later {
                later.objects.insert(address, object);
            }
        }
        for (id, drift) in &mut later.drifts {
            if let Some(known) = earlier.drifts.get(id)
                && moment(&known.since) < moment(&drift.since)
            {
                drift.since.clone_from(&known.since);
            }
        }
        later
    }
}

/// The moment of a text in a record; the first one of all where it is none.
fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::MIN)
}

/// A drift that was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KnownDrift {
    /// The object.
    pub address: String,
    /// The field; null for the object as a whole.
    pub field: Option<String>,
    /// Which side moved.
    pub cause: Cause,
    /// When a run first saw it, in RFC 3339.
    pub since: String,
}

/// The digests of a field when files and tenant agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldDigests<'a> {
    pub(super) declared: &'a str,
    /// None where it was not read.
    pub(super) live: Option<&'a str>,
}

impl<'a> FieldDigests<'a> {
    /// The digests of an entry of [`KnownObject::Agreed`].
    pub(super) fn of(entry: &'a str) -> Self {
        match entry.split_once(' ') {
            None => Self {
                declared: entry,
                live: Some(entry),
            },
            Some((declared, "?")) => Self {
                declared,
                live: None,
            },
            Some((declared, live)) => Self {
                declared,
                live: Some(live),
            },
        }
    }

    /// The entry.
    pub(super) fn entry(declared: &Value, live: Option<&Value>) -> String {
        let declared = digest(declared);
        match live.map(digest) {
            None => format!("{declared} ?"),
            Some(live) if live == declared => declared,
            Some(live) => format!("{declared} {live}"),
        }
    }
}

/// How many digits of a digest are kept.
const DIGITS: usize = 16;

fn is_digest(text: &str) -> bool {
    is_hexadecimal(text, DIGITS)
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The first digits of the digest of a value.
pub(super) fn digest(value: &Value) -> String {
    let digest = model::Digest::of(value);
    digest.as_str().chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreed(hour: u8, digest: char) -> KnownObject {
        let entry = digest.to_string().repeat(DIGITS);
        KnownObject::Agreed {
            at: format!("2026-11-27T{hour:02}:00:00Z"),
            fields: BTreeMap::from([("purpose".to_owned(), entry)]),
        }
    }

    fn agreement(hour: u8, objects: &[(&str, KnownObject)]) -> Agreement {
        Agreement {
            observed_at: format!("2026-11-27T{hour:02}:00:00Z"),
            who: RunBy {
                name: "jane.doe".to_owned(),
                identity: None,
                client_id: "x".to_owned(),
            },
            commit: Commit::None,
            spec_digest: "0".repeat(64),
            objects: objects
                .iter()
                .map(|(address, object)| ((*address).to_owned(), object.clone()))
                .collect(),
            drifts: BTreeMap::new(),
        }
    }

    #[test]
    fn of_two_runs_at_once_the_later_agreement_of_each_object_stays() {
        let never = KnownObject::NeverAgreed {
            since: "2026-11-27T03:00:00Z".to_owned(),
        };
        let unmanaged = KnownObject::Unmanaged {
            since: "2026-11-27T02:00:00Z".to_owned(),
        };
        let earlier = [
            ("account/A", agreed(2, 'a')),
            // It differed in the later reading, which keeps what it knew before.
            ("account/B", agreed(2, 'a')),
            ("account/C", agreed(2, 'a')),
            // Declared by the files of the earlier run only.
            ("account/D", agreed(2, 'a')),
            // Gone since.
            ("account/E", unmanaged),
        ];
        let later = [
            ("account/A", agreed(3, 'b')),
            ("account/B", agreed(1, 'b')),
            ("account/C", never),
        ];
        let expected = [
            ("account/A", agreed(3, 'b')),
            ("account/B", agreed(2, 'a')),
            ("account/C", agreed(2, 'a')),
            ("account/D", agreed(2, 'a')),
        ];
        let (earlier, later) = (agreement(2, &earlier), agreement(3, &later));
        let expected = agreement(3, &expected);
        assert_eq!(earlier.clone().beside(later.clone()), expected);
        assert_eq!(later.clone().beside(earlier), expected);
        assert_eq!(later.check(), Ok(()));
    }
}
