//! Which side moved since files and tenant last agreed about an object.

use super::agreement::{Agreement, FieldDigests, KnownObject, digest};
use super::report::Cause;
use model::Address;
use planner::{Compared, LiveFields};
use serde_json::Value;

/// What the records before know of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Known<'a> {
    /// There is no record.
    NoRecord,
    /// The record does not have the object.
    Later,
    /// The record has it.
    Object(&'a KnownObject),
}

impl<'a> Known<'a> {
    pub(super) fn of(record: Option<&'a Agreement>, address: &Address) -> Self {
        match record {
            None => Self::NoRecord,
            Some(record) => record
                .objects
                .get(&address.to_string())
                .map_or(Self::Later, Self::Object),
        }
    }

    /// Whether files and tenant agreed about it.
    pub(super) fn agreed(self) -> bool {
        matches!(self, Self::Object(KnownObject::Agreed { .. }))
    }
}

/// Which sides moved; none where that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) declared: bool,
    pub(super) live: bool,
}

impl Moved {
    fn cause(self) -> Cause {
        match (self.declared, self.live) {
            (true, true) => Cause::Both,
            (true, false) => Cause::Git,
            (false, true) => Cause::Tenant,
            // They agreed by the rules of then, and do not by those of now.
            (false, false) => Cause::Unknown,
        }
    }
}

/// The cause of a field that differs.
pub(super) fn of_field(known: Known<'_>, compared: Option<&Compared>, field: &str) -> Cause {
    match moved(known, compared, field) {
        Ok(moved) => moved.cause(),
        Err(cause) => cause,
    }
}

/// Which sides moved of a field, or the cause where digests do not show it.
pub(super) fn moved(
    known: Known<'_>,
    compared: Option<&Compared>,
    field: &str,
) -> Result<Moved, Cause> {
    let fields = match known {
        // What was unmanaged for a run with other files can have been declared before.
        Known::NoRecord
        | Known::Object(KnownObject::NeverAgreed { .. } | KnownObject::Unmanaged { .. }) => {
            return Err(Cause::Unknown);
        }
        // Declared after the record was written.
        Known::Later => return Err(Cause::Git),
        Known::Object(KnownObject::Agreed { at: _, fields }) => fields,
    };
    let Some(compared) = compared else {
        return Err(Cause::Unknown);
    };
    let Some(then) = fields.get(field) else {
        // The field was declared after the record was written.
        return Err(Cause::Git);
    };
    let then = FieldDigests::of(then);
    let declared = compared.declared.get(field).map(digest);
    let live = match &compared.live {
        LiveFields::Unread => None,
        LiveFields::Absent => Some(Value::Null),
        LiveFields::Present(fields) => fields.get(field).cloned(),
    };
    Ok(Moved {
        declared: declared.as_deref() != Some(then.declared),
        live: match (live.as_ref().map(digest), then.live) {
            (Some(now), Some(then)) => now != then,
            // One of the two was not read.
            (None, _) | (_, None) => false,
        },
    })
}

/// The cause of a declared object that the tenant does not have, or that has to be run.
pub(super) fn of_missing(known: Known<'_>, compared: Option<&Compared>) -> Cause {
    match known {
        Known::NoRecord
        | Known::Object(KnownObject::NeverAgreed { .. } | KnownObject::Unmanaged { .. }) => {
            Cause::Unknown
        }
        Known::Later => Cause::Git,
        Known::Object(KnownObject::Agreed { at: _, fields }) => {
            let has_moved = compared.is_some_and(|compared| {
                compared.declared.iter().any(|(name, value)| {
                    let then = fields.get(name).map(|then| FieldDigests::of(then).declared);
                    then != Some(digest(value).as_str())
                })
            });
            if has_moved {
                Cause::Both
            } else {
                Cause::Tenant
            }
        }
    }
}

/// The cause of an object that would be deleted because no file declares it.
pub(super) fn of_extra(known: Known<'_>) -> Cause {
    match known {
        Known::NoRecord | Known::Object(KnownObject::NeverAgreed { .. }) => Cause::Unknown,
        // It appeared after the record was written.
        Known::Later => Cause::Tenant,
        // The files declared it, or left it alone.
        Known::Object(KnownObject::Agreed { .. } | KnownObject::Unmanaged { .. }) => Cause::Git,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Fields;
    use serde_json::json;
    use std::collections::{BTreeMap, BTreeSet};

    fn compared(declared: &str, live: &str) -> Compared {
        let fields = |value: &str| Fields::from_iter([("purpose".to_owned(), json!(value))]);
        Compared {
            declared: fields(declared),
            live: LiveFields::Present(fields(live)),
            differing: BTreeSet::from(["purpose".to_owned()]),
        }
    }

    fn agreed(declared: &str, live: &str) -> KnownObject {
        let entry = FieldDigests::entry(&json!(declared), Some(&json!(live)));
        KnownObject::Agreed {
            at: String::new(),
            fields: BTreeMap::from([("purpose".to_owned(), entry)]),
        }
    }

    #[test]
    fn the_side_that_moved_is_the_cause() {
        // Both were `a`, or the tenant writes `A` for the `a` of the files.
        for (then, now, cause) in [
            (("a", "a"), ("a", "b"), Cause::Tenant),
            (("a", "a"), ("b", "a"), Cause::Git),
            (("a", "a"), ("b", "c"), Cause::Both),
            (("a", "A"), ("b", "A"), Cause::Git),
            (("a", "A"), ("a", "b"), Cause::Tenant),
            (("a", "b"), ("a", "b"), Cause::Unknown),
        ] {
            let object = agreed(then.0, then.1);
            let compared = compared(now.0, now.1);
            let found = of_field(Known::Object(&object), Some(&compared), "purpose");
            assert_eq!(found, cause, "{then:?} {now:?}");
        }
    }

    #[test]
    fn what_the_record_does_not_have_came_later() {
        let compared = compared("a", "b");
        let never = KnownObject::NeverAgreed {
            since: String::new(),
        };
        let unmanaged = KnownObject::Unmanaged {
            since: String::new(),
        };
        let same = agreed("a", "a");
        for (known, field, missing, extra) in [
            (
                Known::NoRecord,
                Cause::Unknown,
                Cause::Unknown,
                Cause::Unknown,
            ),
            (Known::Later, Cause::Git, Cause::Git, Cause::Tenant),
            (
                Known::Object(&never),
                Cause::Unknown,
                Cause::Unknown,
                Cause::Unknown,
            ),
            (
                Known::Object(&unmanaged),
                Cause::Unknown,
                Cause::Unknown,
                Cause::Git,
            ),
            (
                Known::Object(&same),
                Cause::Tenant,
                Cause::Tenant,
                Cause::Git,
            ),
        ] {
            assert_eq!(
                of_field(known, Some(&compared), "purpose"),
                field,
                "{known:?}"
            );
            assert_eq!(of_missing(known, Some(&compared)), missing, "{known:?}");
            assert_eq!(of_extra(known), extra, "{known:?}");
        }
    }
}
