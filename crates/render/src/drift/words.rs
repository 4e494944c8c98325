//! Words of a drift report, shared by text, Markdown and HTML.

use super::report::{
    AuditEvent, Cause, Drift, DriftKind, DriftReport, Expiring, Reading, RecordUse, WhoDid,
};
use crate::count::counted;
use crate::view::waiting::with_placeholder;
use model::{Address, visible};
use serde_json::Value;

/// What to do about unmanaged accounts that may still have access; none where there are none.
pub(super) fn of_unmanaged(report: &DriftReport) -> Option<&str> {
    report
        .unmanaged
        .iter()
        .find_map(|one| one.remedy.as_deref())
}

/// The mark in front of a drift, as in a plan.
pub(super) fn mark(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "-",
        DriftKind::Differs => "~",
        DriftKind::Extra => "+",
        DriftKind::Pending => ">",
    }
}

/// A value as a person reads it.
pub(super) fn value(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "\"\"".to_owned(),
        Some(Value::String(text)) => visible(text),
        Some(Value::Array(items)) if items.is_empty() => "none".to_owned(),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|item| self::value(Some(item))).collect();
            items.join(", ")
        }
        Some(Value::Object(fields)) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, field)| format!("{}: {}", visible(name), self::value(Some(field))))
                .collect();
            fields.join("; ")
        }
        Some(other) => visible(&other.to_string()),
    }
}

/// The name of the declared account that an address belongs to.
pub(super) fn name_of(report: &DriftReport, address: &str) -> Option<String> {
    let address: Address = address.parse().ok()?;
    let name = report.account_names.get(address.account()?.as_str())?;
    Some(visible(name))
}

/// The address, with the account's name and the field where there are any.
pub(super) fn what(report: &DriftReport, address: &str, field: Option<&str>) -> String {
    let mut what = visible(address);
    if let Some(name) = name_of(report, address) {
        what = format!("{what} ({name})");
    }
    match field {
        Some(field) => format!("{what} {}", visible(field)),
        None => what,
    }
}

/// What differs, in a few words: for a line that has the address already.
pub(crate) fn difference(drift: &Drift) -> String {
    let live = value(drift.live.as_ref());
    let declared = value(drift.declared.as_ref());
    match (drift.kind, &drift.field) {
        (DriftKind::Differs, Some(field)) => {
            format!("{} is {live}, declared is {declared}", visible(field))
        }
        (DriftKind::Differs, None) => format!("is {live}, declared is {declared}"),
        (kind, _) => kind.words().to_owned(),
    }
}

/// What has to be done by a person, and for what.
pub(super) struct Waiting {
    /// How many objects of which accounts.
    pub(super) subject: String,
    pub(super) why: String,
    pub(super) who: String,
    pub(super) remedy: String,
}

/// The blocked objects, those that wait for the same together, with the placeholder of a
/// plan for the names of several accounts.
pub(super) fn waiting(report: &DriftReport, most_names: usize) -> Vec<Waiting> {
    struct Group<'r> {
        texts: [String; 3],
        own: [&'r str; 3],
        objects: Vec<&'r str>,
        names: Vec<String>,
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in &report.blocked {
        let name = name_of(report, &one.address);
        let own = [&*one.message, &*one.who, &*one.remedy];
        let texts = own.map(|text| match &name {
            Some(name) => with_placeholder(&visible(text), name),
            None => visible(text),
        });
        let known = groups.iter().position(|group| group.texts == texts);
        let place = known.unwrap_or_else(|| {
            groups.push(Group {
                texts,
                own,
                objects: Vec::new(),
                names: Vec::new(),
            });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(place) else {
            continue;
        };
        group.objects.push(&one.address);
        if let Some(name) = name.filter(|name| !group.names.contains(name)) {
            group.names.push(name);
        }
    }
    let group = |group: Group<'_>| {
        let Group {
            texts,
            own,
            objects,
            names,
        } = group;
        let [why, who, remedy] = if names.len() > 1 {
            texts
        } else {
            own.map(visible)
        };
        let subject = match (objects.as_slice(), names.as_slice()) {
            ([only], _) => what(report, only, None),
            (several, []) => counted(several.len(), "object"),
            (several, [only]) => format!("{} of {only}", counted(several.len(), "object")),
            (several, names) => {
                let shown: Vec<&str> = names.iter().take(most_names).map(String::as_str).collect();
                let more = names.len() - shown.len();
                let more = if more > 0 {
                    format!(", and {more} more")
                } else {
                    String::new()
                };
                format!(
                    "{} of {}: {}{more}",
                    counted(several.len(), "object"),
                    counted(names.len(), "account"),
                    shown.join(", ")
                )
            }
        };
        Waiting {
            subject,
            why,
            who,
            remedy,
        }
    };
    groups.into_iter().map(group).collect()
}

/// What an operator does about drifts; none where there are none.
pub(super) fn next_step(report: &DriftReport) -> Option<&'static str> {
    let summary = &report.summary;
    if summary.drifts == 0 {
        return None;
    }
    let count = |cause| summary.by_cause.get(&cause).copied().unwrap_or_default();
    Some(if count(Cause::Git) == summary.drifts {
        "next: `steersman apply` brings the tenant to the files"
    } else {
        "next: `steersman apply` brings the tenant back to the files; to keep a change of the tenant, write it into the files"
    })
}

/// The values of both sides; none where there are none.
pub(super) fn sides(drift: &Drift) -> Vec<(&'static str, String)> {
    match drift.kind {
        DriftKind::Pending => Vec::new(),
        DriftKind::Missing => vec![("declared", value(drift.declared.as_ref()))],
        DriftKind::Extra => vec![("tenant", value(drift.live.as_ref()))],
        DriftKind::Differs => vec![
            ("declared", value(drift.declared.as_ref())),
            ("tenant", value(drift.live.as_ref())),
        ],
    }
}

/// Who did it, in lines.
pub(super) fn who(who: &WhoDid) -> Vec<String> {
    match who {
        WhoDid::Found { event } => vec![self::event(event)],
        WhoDid::Candidates { events, more } => {
            let total = events.len() + more;
            let first = format!("not certain: {} fit", counted(total, "audit event"));
            let mut lines = vec![first];
            lines.extend(events.iter().map(self::event));
            if *more > 0 {
                lines.push(format!("and {more} more"));
            }
            lines
        }
        WhoDid::NotKnown { why } => vec![format!("not known: {}", visible(why))],
    }
}

fn event(event: &AuditEvent) -> String {
    let AuditEvent {
        at,
        actor,
        what,
        target,
        tracking,
    } = event;
    let actor = actor
        .as_deref()
        .map_or_else(|| "an actor that ISC does not name".to_owned(), visible);
    let mut text = format!("{actor}: {} at {}", visible(what), visible(at));
    if let Some(target) = target {
        text = format!("{text}, target {}", visible(target));
    }
    if let Some(tracking) = tracking {
        text = format!("{text}, tracking {}", visible(tracking));
    }
    text
}

/// The first line: how much differs.
pub fn headline(report: &DriftReport) -> String {
    let summary = &report.summary;
    let is_whole = report.reading == Reading::Complete;
    if summary.drifts == 0 {
        return match (is_whole, summary.blocked) {
            (false, _) => "partial read: no drift in what could be read".to_owned(),
            (true, 0) => "no drift: the tenant matches the files".to_owned(),
            (true, _) => "no drift in what is not blocked".to_owned(),
        };
    }
    let causes: Vec<String> = Cause::ALL
        .into_iter()
        .filter_map(|cause| {
            let count = summary.by_cause.get(&cause).copied().unwrap_or_default();
            (count > 0).then(|| format!("{count} {}", cause.name()))
        })
        .collect();
    let mut text = format!(
        "{} ({})",
        counted(summary.drifts, "drift"),
        causes.join(", ")
    );
    if summary.new > 0 {
        text = format!("{text}, {} new", summary.new);
    }
    if summary.counted < summary.drifts {
        text = format!("{text}, {} counted", summary.counted);
    }
    if !is_whole {
        text.push_str(", in a partial read");
    }
    text
}

/// What is beside the drifts.
pub(super) fn beside(report: &DriftReport) -> Vec<String> {
    let summary = &report.summary;
    [
        (summary.resolved, "resolved"),
        (summary.due, "due"),
        (summary.unmanaged, "unmanaged"),
        (summary.expiring, "expiring"),
        (summary.blocked, "blocked"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect()
}

/// What the causes come from.
pub(super) fn record(record: &RecordUse) -> String {
    match record {
        RecordUse::None => "no record: causes are unknown; `--record FILE` keeps one".to_owned(),
        RecordUse::First { file } => format!(
            "{} is new: causes are unknown, and of what differs now until it is reconciled",
            visible(file)
        ),
        RecordUse::Compared { file, written_at } => {
            format!("compared with {} of {}", visible(file), visible(written_at))
        }
    }
}

/// When a token expires.
pub(super) fn expiry(token: &Expiring) -> String {
    let days = usize::try_from(token.days_left.unsigned_abs()).unwrap_or(usize::MAX);
    let when = if token.days_left < 0 {
        "has expired".to_owned()
    } else {
        format!("expires in {}", counted(days, "day"))
    };
    let rotates = if token.rotates {
        "apply rotates it"
    } else {
        "no rotation is declared"
    };
    format!("{when} ({}); {rotates}", visible(&token.expires))
}
