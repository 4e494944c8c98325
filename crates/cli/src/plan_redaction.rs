//! Redaction of a plan: nothing of it is replaced in silence, and nothing by others' choice.

use crate::failure::Failure;
use crate::output::Output;
use crate::redaction::redactor;
use model::{Origin, Plan, Redactor, Replaced};
use render::plan_document::PlanDocument;
use render::{counted, secret_place};

/// The redactor of a plan that is shown. It counts, so that nothing is replaced in silence.
pub(crate) fn of_plan() -> Redactor {
    redactor().counting()
}

/// A finished text of a plan, without secrets.
///
/// # Errors
/// A plan that repeats a secret of others than the operator.
pub(crate) fn finished(text: &str, plan: &Plan, redactor: &Redactor) -> Result<String, Failure> {
    let text = redactor.redact_layout(text).into_owned();
    refuse_repeated(plan, redactor)?;
    Ok(text)
}

/// Refuses to show a plan in which a secret of a store or the tenant was replaced: who
/// writes there can choose a "secret" that is a text of the plan, to hide that text.
///
/// # Errors
/// A plan that repeats such a secret.
pub(crate) fn refuse_repeated(plan: &Plan, redactor: &Redactor) -> Result<(), Failure> {
    let Replaced {
        texts: _,
        of_others,
    } = redactor.replaced();
    let Some(origin) = of_others.first() else {
        return Ok(());
    };
    let is_theirs = |text: &str| {
        let redactor = redactor.counting();
        let _ = redactor.redact(text);
        !redactor.replaced().of_others.is_empty()
    };
    let place = secret_place(&PlanDocument::of(plan), is_theirs)?;
    Err(Failure::NotPermitted {
        message: format!(
            "cannot show this plan: {} repeats {}, and a plan hides no text that others than you can choose",
            place.as_deref().unwrap_or("it"),
            origins(&of_others)
        ),
        help: match origin {
            Origin::Store(_) => "find out who wrote the document there; remove it if it is not of a token, otherwise remove its secret from the text that repeats it, and replace that token",
            Origin::Tenant | Origin::Operator => "check the address of the tenant; if it is right, ask SailPoint's support why its token is a text of this plan",
        }
        .to_owned(),
    })
}

fn origins(all: &[Origin]) -> String {
    /// How many are named.
    const MOST: usize = 5;
    let mut named: Vec<String> = all.iter().take(MOST).map(ToString::to_string).collect();
    if all.len() > MOST {
        named.push(format!("{} more", all.len() - MOST));
    }
    named.join(", ")
}

/// Says that texts of a plan repeat a secret of the operator.
pub(crate) fn warn_of_replaced(redactor: &Redactor, output: &mut Output) {
    let texts = redactor.replaced().texts;
    if texts > 0 {
        output.talk(&format!(
            "warning: a secret of this run is in {} of the plan, shown as [secret]: replace that secret in ISC, because others can read it there",
            counted(texts, "text")
        ));
    }
}
