//! The HTML page of a plan, and its content security policy.

use super::item::{Item, Markup};
use crate::error::RenderError;
use crate::view::PlanView;
use crate::view::plan::State;
use crate::view::summary::Part;
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Action;
use sha2::{Digest as _, Sha256};

pub(crate) const STYLE: &str = include_str!("../../templates/plan.css");
const SCRIPT: &str = include_str!("../../templates/plan.js");
/// With more groups than this, they are shown closed.
const MANY: usize = 40;

/// The page of a plan.
///
/// # Errors
/// None that is known: the template is checked when it is compiled, and
/// writing to memory does not fail.
pub fn render(view: &PlanView) -> Result<String, RenderError> {
    let few = view.groups.len() <= MANY;
    let page = Page {
        view,
        items: view
            .groups
            .iter()
            .map(|group| Item::new(group, few))
            .collect(),
        // Why a plan is refused has a section of its own.
        chips: view
            .summary
            .parts()
            .into_iter()
            .filter(|(part, _)| *part != Part::Refused)
            .map(chip)
            .collect(),
        cost: view.summary.cost(),
        state: match view.state {
            State::Empty => "well",
            State::Applyable => "ready",
            State::Waiting | State::Unread => "waits",
            State::Refused | State::Errored => "refused",
        },
        version: env!("CARGO_PKG_VERSION"),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
    };
    page.render().map_err(RenderError::Html)
}

/// The page, as its template takes it. Everything but style and script is
/// escaped.
#[derive(Template)]
#[template(path = "plan.html")]
struct Page<'a> {
    view: &'a PlanView,
    items: Vec<Item<'a>>,
    chips: Vec<Chip>,
    cost: String,
    state: &'static str,
    version: &'static str,
    policy: String,
    style: &'static str,
    script: &'static str,
}

/// A number of the summary.
struct Chip {
    class: &'static str,
    text: String,
}

fn chip((part, text): (Part, String)) -> Chip {
    let class = match part {
        Part::Steps(Action::Create) => "create",
        Part::Steps(Action::Update) => "update",
        Part::Steps(Action::Replace) => "replace",
        Part::Steps(Action::Delete) | Part::Destructive | Part::Refused => "delete",
        Part::Steps(Action::Run) => "run",
        Part::Nothing => "well",
        Part::Blocked => "blocked",
        Part::Aside => "aside",
    };
    Chip { class, text }
}

/// What the browser lets the page do: nothing but its own style and script,
/// which are named by their digests. So even a text that got past the escaping
/// could neither run nor fetch anything.
pub(crate) fn policy() -> String {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(STYLE),
        digest(SCRIPT)
    )
}
