//! Reads the generated facts.
//!
//! First the operations (`createSourceV1 takes source`, `listAccountsV1 asks detailLevel SLIM FULL`),
//! then each shape after `= name`: a path, a
//! type with `?` where null is allowed, and the values that a text can have.

use std::collections::{BTreeMap, HashMap};

use super::shape::{Kind, Shape};

/// The shapes of bodies and of what is patched, by operation.
pub(super) struct Facts {
    pub(super) bodies: HashMap<&'static str, Shape>,
    pub(super) patched: HashMap<&'static str, Shape>,
    /// The values that parameters of a query can have.
    pub(super) asked: HashMap<&'static str, Vec<(&'static str, Vec<&'static str>)>>,
}

pub(super) fn facts(text: &'static str) -> Facts {
    let mut uses = Vec::new();
    let mut asked = HashMap::new();
    let mut shapes: HashMap<&str, Vec<&'static str>> = HashMap::new();
    let mut name = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("= "), name) {
            (Some(next), _) => name = Some(next),
            (None, Some(name)) => shapes.entry(name).or_default().push(line),
            (None, None) => match line.split(' ').collect::<Vec<_>>().as_slice() {
                [operation, "asks", name, values @ ..] => (asked.entry(*operation))
                    .or_insert_with(Vec::new)
                    .push((*name, values.to_vec())),
                [operation, verb, name] => uses.push([*operation, *verb, *name]),
                _ => {}
            },
        }
    }
    let mut known = Facts {
        bodies: HashMap::new(),
        patched: HashMap::new(),
        asked,
    };
    for [operation, verb, name] in uses {
        let Some(lines) = shapes.get(name) else {
            continue;
        };
        let shape = shape(lines, "");
        if verb == "takes" {
            known.bodies.insert(operation, shape);
        } else {
            known.patched.insert(operation, shape);
        }
    }
    known
}

/// The shape at a path, from the lines of its name.
fn shape(lines: &[&'static str], path: &str) -> Shape {
    let own = if path.is_empty() { "." } else { path };
    let mut words = lines
        .iter()
        .map(|line| line.split(' '))
        .find_map(|mut words| (words.next() == Some(own)).then_some(words));
    let kind = words.as_mut().and_then(Iterator::next).unwrap_or("any");
    let nullable = kind.ends_with('?');
    let kind = match kind.trim_end_matches('?') {
        "text" => Kind::Text(words.into_iter().flatten().collect()),
        "flag" => Kind::Flag,
        "whole" => Kind::Whole,
        "number" => Kind::Number,
        "map" => Kind::Map,
        "list" => Kind::List(Box::new(shape(lines, &format!("{path}/*")))),
        "fields" => Kind::Fields(fields(lines, path)),
        _ => Kind::Any,
    };
    Shape { kind, nullable }
}

fn fields(lines: &[&'static str], path: &str) -> BTreeMap<&'static str, Shape> {
    lines
        .iter()
        .filter_map(|line| {
            let name = line
                .split(' ')
                .next()?
                .strip_prefix(path)?
                .strip_prefix('/')?;
            (!name.contains('/')).then(|| (name, shape(lines, &format!("{path}/{name}"))))
        })
        .collect()
}
