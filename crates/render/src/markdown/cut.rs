//! Cuts a Markdown comment to a maximum size, in whole parts.

use super::blocks::{Block, Importance};
use super::escape::code;
use crate::count::counted;
use crate::view::powers::Unlike;
use std::fmt::Write as _;

/// How a block is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Full,
    Short,
    LeftOut,
}

/// So many blocks that are left out are named.
const NAMED: usize = 5;
/// Room for the sentence about what was left out, its names aside.
const SENTENCE: usize = 400;

/// The blocks within `room` bytes, each whole: the most important ones in full,
/// of the others as many as possible by one line, and a sentence about what was
/// left out. It begins with what is left out that nobody should overlook.
pub(super) fn fit(blocks: &[Block], room: usize) -> String {
    let all: usize = blocks.iter().map(|block| block.full.len()).sum();
    if all <= room {
        return blocks.iter().map(|block| block.full.as_str()).collect();
    }
    let warned = warning(blocks.iter()).len();
    let room = room.saturating_sub(SENTENCE + longest_names(blocks) + warned);
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|index| blocks.get(*index).map(|block| block.importance));
    let mut shown = vec![Shown::LeftOut; blocks.len()];
    let mut taken = 0;
    for (from, to) in [(Shown::LeftOut, Shown::Short), (Shown::Short, Shown::Full)] {
        for index in &order {
            let (Some(block), Some(now)) = (blocks.get(*index), shown.get_mut(*index)) else {
                continue;
            };
            let grown = taken + size(block, to) - size(block, from);
            if *now == from && grown <= room {
                taken = grown;
                *now = to;
            }
        }
    }
    let left_out = blocks
        .iter()
        .zip(&shown)
        .filter(|(_, shown)| **shown == Shown::LeftOut);
    let mut text = warning(left_out.map(|(block, _)| block));
    text.reserve(taken + SENTENCE);
    for (block, shown) in blocks.iter().zip(&shown) {
        text.push_str(match shown {
            Shown::Full => &block.full,
            Shown::Short => &block.short,
            Shown::LeftOut => "",
        });
    }
    text.push_str(&sentence(blocks, &shown));
    text
}

/// How many bytes a block takes. What is shorter in full than in one line is
/// counted as if it were not, so that sizes only grow.
fn size(block: &Block, shown: Shown) -> usize {
    match shown {
        Shown::Full => block.full.len().max(block.short.len()),
        Shown::Short => block.short.len(),
        Shown::LeftOut => 0,
    }
}

/// Says of blocks that are left out how many of them nobody should overlook.
fn warning<'b>(blocks: impl Iterator<Item = &'b Block>) -> String {
    let (mut refusals, mut losses, mut rights, mut places) = (0_usize, 0_usize, 0_usize, 0_usize);
    for block in blocks {
        match block.importance {
            Importance::Refusal => refusals += 1,
            Importance::Loss => losses += 1,
            Importance::Unlike(Unlike::Right(_)) => rights += 1,
            Importance::Unlike(Unlike::Place(..)) => places += 1,
            Importance::Unlike(Unlike::Not) | Importance::Change | Importance::Waiting => {}
        }
    }
    let parts: Vec<String> = [
        (
            refusals,
            "note",
            " of why it cannot be applied, or not completely",
        ),
        (losses, "part", " with irreversible steps"),
        (rights, "part", " with rights that few others get"),
        (
            places,
            "part",
            " with addresses or stores that few others have",
        ),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, noun, what)| format!("{}{what}", counted(count, noun)))
    .collect();
    if parts.is_empty() {
        return String::new();
    }
    format!(
        "> [!CAUTION]\n> **Too long for this comment, and not shown:** {}. Read {ELSEWHERE} before anybody applies it.\n\n",
        parts.join("; ")
    )
}

/// Where everything is.
const ELSEWHERE: &str = "the log of `steersman plan`, or its `--out html=FILE`,";

fn longest_names(blocks: &[Block]) -> usize {
    let mut lengths: Vec<usize> = blocks
        .iter()
        .map(|block| code(&block.name).len() + 2)
        .collect();
    lengths.sort_unstable_by(|left, right| right.cmp(left));
    lengths.iter().take(NAMED).sum()
}

fn sentence(blocks: &[Block], shown: &[Shown]) -> String {
    let short = shown.iter().filter(|shown| **shown == Shown::Short).count();
    let left_out: Vec<&str> = blocks
        .iter()
        .zip(shown)
        .filter(|(_, shown)| **shown == Shown::LeftOut)
        .map(|(block, _)| block.name.as_str())
        .collect();
    let mut text = String::from("\n> [!NOTE]\n> Cut to fit.");
    if short > 0 {
        let _ = write!(
            text,
            " {short} of {} parts are shown in one line only.",
            blocks.len()
        );
    }
    if !left_out.is_empty() {
        let named: Vec<String> = left_out.iter().take(NAMED).map(|name| code(name)).collect();
        let _ = write!(text, " Left out: {}", named.join(", "));
        match left_out.len().saturating_sub(NAMED) {
            0 => text.push('.'),
            more => {
                let _ = write!(text, " and {more} more.");
            }
        }
    }
    text.push_str(" `--out html=FILE` and `--out json=FILE` have everything.\n\n");
    text
}

#[cfg(test)]
mod tests {
    use super::super::blocks::Importance;
    use super::*;

    fn blocks() -> Vec<Block> {
        (0..40)
            .map(|index: usize| Block {
                full: format!("[full {index} {}]", "x".repeat(index * 37 % 400)),
                short: format!("[short {index}]"),
                name: format!("`name` {index}"),
                importance: match index % 7 {
                    0 => Importance::Loss,
                    1 => Importance::Refusal,
                    _ => Importance::Change,
                },
            })
            .collect()
    }

    #[test]
    fn blocks_are_whole_and_fit_into_any_room() {
        let blocks = blocks();
        let all: usize = blocks.iter().map(|block| block.full.len()).sum();
        for room in (1200..all + 100).step_by(61) {
            let text = fit(&blocks, room);
            assert!(text.len() <= room, "{} of {room}", text.len());
            let kept = text.split("\n> [!NOTE]").next().unwrap();
            let kept = match kept.strip_prefix("> [!CAUTION]\n") {
                Some(rest) => rest.split_once("\n\n").unwrap().1,
                None => kept,
            };
            for part in kept.split_inclusive(']') {
                assert!(
                    blocks
                        .iter()
                        .any(|block| part == block.full || part == block.short),
                    "{part}"
                );
            }
            assert_eq!(text.contains("Cut to fit"), all > room, "{room}");
        }
    }

    #[test]
    fn the_most_important_blocks_are_in_full_first() {
        let text = fit(&blocks(), 2500);
        for (index, block) in blocks().iter().enumerate() {
            if block.importance == Importance::Refusal {
                assert!(text.contains(&block.full), "{index}");
            }
        }
    }
}
