//! The HTML page of a plan, and its content security policy.

use super::item::{Item, LOSS, Markup};
use crate::count::counted;
use crate::error::RenderError;
use crate::view::plan::State;
use crate::view::summary::Part;
use crate::view::{PlanView, WaitingView};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::Action;
use sha2::{Digest as _, Sha256};

pub(crate) const STYLE: &str = include_str!("../../templates/plan.css");
const SCRIPT: &str = include_str!("../../templates/plan.js");
/// With more groups than this, those that take nothing away are shown closed.
const MANY: usize = 100;
/// Up to so many groups of waiting accounts are shown open.
const FEW_WAITING: usize = 2;

/// The page of a plan.
///
/// # Errors
/// None that is known: the template is checked when it is compiled, and
/// writing to memory does not fail.
pub fn render(view: &PlanView) -> Result<String, RenderError> {
    // What only waits for a person has a section of its own.
    let groups = || view.groups.iter().filter(|group| !group.only_waits());
    let few = groups().count() <= MANY;
    let page = Page {
        view,
        items: groups().map(|group| Item::new(group, few)).collect(),
        waiting: if view.hides_waiting {
            &[]
        } else {
            &view.waiting
        },
        waiting_open: view.waiting.len() <= FEW_WAITING,
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
    waiting: &'a [WaitingView],
    waiting_open: bool,
    chips: Vec<Chip>,
    cost: String,
    state: &'static str,
    version: &'static str,
    policy: String,
    style: &'static str,
    script: &'static str,
}

impl Page<'_> {
    /// Whether there is something to filter and to open.
    fn has_items(&self) -> bool {
        !self.items.is_empty() || !self.waiting.is_empty()
    }

    /// How many accounts wait for a person, where they are counted only.
    fn hidden(&self) -> Option<String> {
        let count = self.view.waiting_accounts();
        (self.view.hides_waiting && count > 0).then(|| counted(count, "account"))
    }
}

/// A number of the summary.
struct Chip {
    class: &'static str,
    /// What of the plan it counts; empty for what cannot be filtered.
    kind: &'static str,
    text: String,
}

fn chip((part, text): (Part, String)) -> Chip {
    let (class, kind) = match part {
        Part::Steps(Action::Create) => ("create", "create"),
        Part::Steps(Action::Update) => ("update", "update"),
        Part::Steps(Action::Replace) => ("replace", "replace"),
        Part::Steps(Action::Delete) => ("delete", "delete"),
        Part::Destructive => ("delete", LOSS),
        Part::Refused => ("delete", ""),
        Part::Steps(Action::Run) => ("run", "run"),
        Part::Nothing => ("well", ""),
        Part::Blocked => ("blocked", "blocked"),
        Part::Unmanaged => ("aside", "aside"),
        Part::Aside => ("aside", ""),
    };
    Chip { class, kind, text }
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
