//! The Markdown comment of a plan: head, parts, foot.

use super::blocks::{self, Block};
use super::cut::fit;
use super::escape::{code, in_comment, prose};
use crate::view::PlanView;
use crate::view::powers::{Powers, Unlike};
use crate::view::sections::{sections, set_apart};
use crate::view::summary::Part;
use std::fmt::Write as _;

/// The plan as a comment of at most `limit` bytes.
///
/// The first line is a comment that is not shown and that names the tenant, so
/// that a workflow finds the comment of the last run and replaces it.
pub fn render(view: &PlanView, limit: usize) -> String {
    let head = head(view);
    let foot = foot(view);
    let mut parts: Vec<Block> = blocks::notes(view);
    let powers = Powers::of(&view.groups);
    // A combined section can be cut. What is unlike the rest must not go with it.
    let sections = set_apart(sections(&view.groups, false), |group| {
        powers.ranked(group).1 != Unlike::Not
    });
    parts.extend(sections.iter().map(|one| blocks::section(one, &powers)));
    if !view.hides_waiting {
        parts.extend(view.waiting.iter().map(blocks::waiting));
    }
    parts.extend(view.stores.iter().map(blocks::store));
    let room = limit.saturating_sub(head.len() + foot.len());
    format!("{head}{}{foot}", fit(&parts, room))
}

fn head(view: &PlanView) -> String {
    let mut head = format!(
        "<!-- steersman:plan tenant={} -->\n### steersman plan for {}\n\nas {}\n\n",
        in_comment(&view.tenant),
        code(&view.tenant),
        code(&view.user)
    );
    let parts: Vec<String> = view
        .summary
        .parts()
        .into_iter()
        .map(|(part, words)| match part {
            Part::Steps(_) | Part::Nothing | Part::Refused => format!("**{words}**"),
            Part::Destructive => format!("&#9888;&#65039; **{words}**"),
            Part::Blocked | Part::Unmanaged | Part::Aside => words,
        })
        .collect();
    let _ = writeln!(head, "{}", parts.join(" · "));
    head.push('\n');
    head
}

fn foot(view: &PlanView) -> String {
    format!(
        "\n<sub>{} · planned {} from spec {} by steersman {}</sub>\n",
        prose(&view.summary.cost()),
        code(&view.created_at),
        code(&view.spec_digest),
        prose(env!("CARGO_PKG_VERSION"))
    )
}
