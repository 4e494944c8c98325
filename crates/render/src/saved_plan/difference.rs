//! Differences between a new plan and the saved one.

use crate::plan_document::StepDocument;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The ways in which a plan is more than a part of the saved one, a line each.
/// Steps that only the saved plan has are no difference: they are done already,
/// or blocked now.
pub(super) fn find(saved: &[StepDocument], now: &[StepDocument]) -> Vec<String> {
    let saved: BTreeMap<&str, &StepDocument> = saved
        .iter()
        .map(|step| (step.address.as_str(), step))
        .collect();
    now.iter()
        .flat_map(|step| match saved.get(step.address.as_str()) {
            None => vec![format!(
                "{}: {} is not in the saved plan ({})",
                step.address, step.action, step.reason_text
            )],
            Some(saved) => compare(saved, step),
        })
        .collect()
}

fn compare(saved: &StepDocument, now: &StepDocument) -> Vec<String> {
    let StepDocument {
        address,
        kind: _,
        action,
        reason,
        reason_text,
        before,
        after,
        fingerprint,
        depends_on,
        destructive,
        // What a saved step assumed, the new plan knows.
        assuming: _,
    } = now;
    if *action != saved.action {
        return vec![format!(
            "{address}: action was {}, is now {action} ({reason_text})",
            saved.action
        )];
    }
    let mut lines = fields(&saved.before, before, |name, then, now| {
        format!("{address}: {name} was {then} when the plan was saved, is now {now}")
    });
    if lines.is_empty() && *fingerprint != saved.fingerprint {
        lines.push(format!(
            "{address}: changed in the tenant since the plan was saved"
        ));
    }
    lines.extend(fields(
        &saved.after,
        &as_saved(saved, after),
        |name, then, now| format!("{address}: planned {name} was {then}, is now {now}"),
    ));
    if *reason != saved.reason && lines.is_empty() {
        lines.push(format!(
            "{address}: reason was \"{}\", is now \"{reason_text}\"",
            saved.reason_text
        ));
    }
    if *destructive && !saved.destructive {
        lines.push(format!("{address}: is now irreversible"));
    }
    let is_part = |now: &[String], saved: &[String]| {
        let saved: BTreeSet<&String> = saved.iter().collect();
        now.iter().all(|one| saved.contains(one))
    };
    if !is_part(depends_on, &saved.depends_on) {
        lines.push(format!(
            "{address}: depends on more steps than when the plan was saved"
        ));
    }
    lines
}

type Fields = Option<model::Fields>;

/// Identity processing may be for fewer accounts than when the plan was saved;
/// that is a part of it, and no difference.
fn as_saved(saved: &StepDocument, after: &Fields) -> Fields {
    const ACCOUNTS: &str = "identitiesFor";
    let mut after = after.clone();
    let names = |fields: &Fields| -> Option<BTreeSet<String>> {
        let list = match fields.as_ref()?.get(ACCOUNTS) {
            Some(list) => list.as_array()?.as_slice(),
            None => &[],
        };
        list.iter()
            .map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    if saved.action == "run"
        && let (Some(then), Some(now)) = (names(&saved.after), names(&after))
        && now.is_subset(&then)
        && let (Some(fields), Some(list)) = (
            &mut after,
            saved.after.as_ref().and_then(|fields| fields.get(ACCOUNTS)),
        )
    {
        fields.insert(ACCOUNTS.to_owned(), list.clone());
    }
    after
}

fn fields(saved: &Fields, now: &Fields, line: impl Fn(&str, &str, &str) -> String) -> Vec<String> {
    let names: BTreeSet<&String> = saved
        .iter()
        .chain(now)
        .flat_map(model::Fields::keys)
        .collect();
    let value =
        |fields: &Fields, name: &str| fields.as_ref().and_then(|fields| fields.get(name)).cloned();
    names
        .into_iter()
        .filter_map(|name| {
            let (then, now) = (value(saved, name), value(now, name));
            (then != now).then(|| line(name, &shown(then.as_ref()), &shown(now.as_ref())))
        })
        .collect()
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) => format!("\"{text}\""),
        Some(Value::Array(list)) if list.is_empty() => "none".to_owned(),
        Some(Value::Array(list)) => {
            let items: Vec<String> = list
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect();
            items.join(", ")
        }
        Some(value) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn step(address: &str, action: &str, before: &Value, after: &Value) -> StepDocument {
        let fields = |value: &Value| {
            value
                .as_object()
                .map(|fields| fields.clone().into_iter().collect())
        };
        StepDocument {
            address: address.to_owned(),
            kind: address.split('/').next().unwrap().to_owned(),
            action: action.to_owned(),
            reason: "fieldsDiffer".to_owned(),
            reason_text: "differs from what is declared".to_owned(),
            before: fields(before),
            after: fields(after),
            fingerprint: Some("1".to_owned()),
            depends_on: Vec::new(),
            destructive: false,
            assuming: Vec::new(),
        }
    }

    fn levels(before: &[&str], after: &[&str]) -> StepDocument {
        step(
            "levels/SA-1",
            "update",
            &json!({"userLevels": before}),
            &json!({"userLevels": after}),
        )
    }

    #[test]
    fn a_part_is_no_difference() {
        let saved = [
            levels(&["A"], &["B"]),
            step("token/SA-1/x", "create", &Value::Null, &json!({})),
        ];
        assert!(find(&saved, &saved).is_empty());
        assert!(find(&saved, &saved[..1]).is_empty());
        assert!(find(&saved, &[]).is_empty());
    }

    #[test]
    fn additions_and_changes_are_differences() {
        let saved = levels(&["A"], &["B"]);
        let changed = |change: &dyn Fn(&mut StepDocument)| {
            let mut step = saved.clone();
            change(&mut step);
            step
        };
        let cases: [(StepDocument, &str); 9] = [
            (
                levels(&["A", "C"], &["B"]),
                "userLevels was A when the plan was saved, is now A, C",
            ),
            (
                levels(&[], &["B"]),
                "userLevels was A when the plan was saved, is now none",
            ),
            (levels(&["A"], &["C"]), "planned userLevels was B, is now C"),
            (
                step("levels/SA-2", "update", &Value::Null, &Value::Null),
                "levels/SA-2: update is not in the saved plan",
            ),
            (
                changed(&|step| step.action = "delete".to_owned()),
                "action was update, is now delete",
            ),
            (
                changed(&|step| step.fingerprint = Some("2".to_owned())),
                "changed in the tenant",
            ),
            (changed(&|step| step.reason_text.push('!')), ""),
            (
                changed(&|step| step.destructive = true),
                "is now irreversible",
            ),
            (
                changed(&|step| step.depends_on.push("source/x".to_owned())),
                "depends on more steps",
            ),
        ];
        for (now, expected) in cases {
            let lines = find(std::slice::from_ref(&saved), &[now]);
            if expected.is_empty() {
                assert!(lines.is_empty(), "{lines:?}");
            } else {
                assert_eq!(lines.len(), 1, "{lines:?}");
                assert!(lines[0].contains(expected), "{lines:?}");
            }
        }
    }

    #[test]
    fn processing_may_be_for_fewer_accounts() {
        let run = |names: &[&str]| {
            step(
                "processing/S",
                "run",
                &Value::Null,
                &json!({"identitiesFor": names}),
            )
        };
        let idle = step("processing/S", "run", &Value::Null, &json!({}));
        assert!(find(&[run(&["a", "b"])], &[run(&["b"])]).is_empty());
        assert!(find(&[run(&["a", "b"])], std::slice::from_ref(&idle)).is_empty());
        assert_eq!(find(&[run(&["a"])], &[run(&["a", "b"])]).len(), 1);
        assert_eq!(find(&[idle], &[run(&["a"])]).len(), 1);
    }
}
