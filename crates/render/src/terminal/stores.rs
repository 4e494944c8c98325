//! Stores of a plan on the terminal.

use super::layout::Layout;
use super::line::{Line, length};
use super::tone::Tone;
use crate::view::stores::StoreView;

/// Puts each store with its facts, a line each; nothing without stores.
pub(super) fn push(text: &mut String, stores: &[StoreView], layout: Layout<'_>) {
    let widest = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|text| length(text)).max().unwrap_or(0)
    };
    let name = widest(&mut stores.iter().map(|store| &store.name));
    for store in stores {
        let line = Line::new()
            .lead(Tone::Quiet, "store ")
            .lead(Tone::Plain, format!("{:name$}  ", store.name))
            .text(Tone::Quiet, store.kind.clone());
        if let [(fact, value)] = store.facts.as_slice()
            && fact == "secrets"
        {
            line.text(Tone::Quiet, format!(" · {fact} "))
                .text(Tone::Plain, value.clone())
                .write(text, layout);
            continue;
        }
        line.write(text, layout);
        let fact = widest(&mut store.facts.iter().map(|(name, _)| name));
        for (name, value) in &store.facts {
            Line::new()
                .lead(Tone::Quiet, format!("      {name:fact$}  "))
                .text(Tone::Plain, value.clone())
                .write(text, layout);
        }
    }
    if !stores.is_empty() {
        text.push('\n');
    }
}
