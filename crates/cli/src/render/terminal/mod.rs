//! A plan for a terminal, and for a log.

mod cells;
mod group;
mod line;
mod notes;
mod plan;
mod waiting;
mod width;

pub(crate) use plan::{Layout, lines, render, whole};
pub(crate) use waiting::waiting;
