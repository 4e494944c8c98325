//! A saved plan as text, for who has to approve or apply it.

use super::document::{SavedPlan, SavedSelection};
use super::file_digest::FileDigest;
use crate::count::counted;
use crate::plan_document::{BlockedDocument, GuardDocument, StepDocument};
use model::{Fields, visible};
use owo_colors::OwoColorize;
use serde_json::Value;
use std::fmt::Write as _;

/// The saved plan of a file with this digest, with each step in full.
pub fn saved_plan_text(saved: &SavedPlan, digest: &FileDigest) -> String {
    let SavedPlan {
        steersman: _,
        format_version: _,
        id,
        tenant,
        paths,
        selection: SavedSelection { only, except },
        allowances,
        plan,
    } = saved;
    let list = |texts: &[String]| visible(&texts.join(", "));
    let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "{} {}\n{} {} by {}, steersman {}\n{} {}\n",
        "Tenant:".bold(),
        visible(tenant),
        "Saved plan:".bold(),
        visible(id),
        visible(&plan.user),
        visible(&plan.tool.version),
        "Made at:".bold(),
        visible(&plan.created_at),
    );
    let allowed: Vec<String> = allowances
        .iter()
        .map(|(name, count)| format!("{name}={count}"))
        .collect();
    for (title, texts) in [
        ("Paths:", &paths),
        ("Only:", only),
        ("Except:", except),
        ("Allowed:", &allowed),
    ] {
        if !texts.is_empty() {
            let _ = writeln!(text, "{} {}", title.bold(), list(texts));
        }
    }
    for step in &plan.steps {
        push_step(&mut text, step);
    }
    for guard in &plan.guards {
        let GuardDocument {
            name,
            verdict,
            message,
            ..
        } = guard;
        let _ = writeln!(
            text,
            "\nguard {} {}: {}",
            visible(name),
            visible(verdict),
            visible(message)
        );
    }
    for one in &plan.blocked {
        let BlockedDocument {
            address, message, ..
        } = one;
        let _ = writeln!(text, "\n! {}: {}", visible(address), visible(message));
    }
    let _ = write!(
        text,
        "\n{} {}, {} blocked\n{} {digest}\n",
        "Plan:".bold(),
        counted(plan.steps.len(), "step"),
        plan.blocked.len(),
        "Digest:".bold(),
    );
    text
}

fn push_step(text: &mut String, step: &StepDocument) {
    let destructive = if step.destructive {
        ", irreversible"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "\n{} {}: {}{destructive}",
        visible(&step.action),
        visible(&step.address).bold(),
        visible(&step.reason_text)
    );
    let none = Fields::default();
    let before = step.before.as_ref().unwrap_or(&none);
    let after = step.after.as_ref().unwrap_or(&none);
    let fields = after.iter();
    for (name, new) in fields {
        let new = value(new);
        match before.get(name).map(value) {
            Some(old) if old == new => {}
            Some(old) => {
                let _ = writeln!(text, "    {}: {old} -> {new}", visible(name));
            }
            None => {
                let _ = writeln!(text, "    {}: {new}", visible(name));
            }
        }
    }
    for place in &step.assuming {
        let _ = writeln!(text, "    assumes what {} holds", visible(place));
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::String(text) => visible(text),
        other => visible(&other.to_string()),
    }
}
