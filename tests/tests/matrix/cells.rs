//! All cells of an apply.

use crate::cell::{Asked, Cell, Disturbance, Request, Which};
use crate::faults;
use crate::prepared::Prepared;

/// So many kills at random moments.
const MOMENTS: u32 = 50;
/// So many places of the journal at which a write of it is cut.
const CUTS: u64 = 24;
/// What fails for ever from a request on.
const OUTAGES: [&str; 2] = ["503", "reset-before"];
/// Sizes that no file can exceed: between those of documents, journal, events and record.
const SIZES: [u64; 13] = [
    0, 1, 200, 600, 1000, 2000, 4000, 4096, 5000, 8000, 12_000, 16_000, 20_000,
];

/// All cells, in an order that is the same each time.
pub(crate) fn of(which: Which) -> Vec<Cell> {
    let prepared = Prepared::of(which);
    let mut disturbances = Vec::new();
    for (operation, count) in &prepared.requests {
        for skip in 0..*count {
            let request = Request {
                operation: operation.clone(),
                skip,
            };
            for kind in faults::kinds() {
                if kind.meets.concerns(operation) {
                    disturbances.push(Disturbance::Fault(request.clone(), kind.name));
                }
            }
            for kind in OUTAGES {
                disturbances.push(Disturbance::Outage(request.clone(), kind));
            }
            for asked in Asked::ALL {
                disturbances.push(Disturbance::Signal(request.clone(), asked));
            }
            disturbances.push(Disturbance::KilledAt(request));
        }
    }
    let (lines, bytes) = prepared.journal;
    disturbances.extend((1..=lines).map(Disturbance::KilledAtLine));
    for cut in 0..CUTS {
        let byte = bytes * cut / CUTS;
        disturbances.push(Disturbance::TornJournal(byte));
        disturbances.push(Disturbance::FullJournal(byte));
    }
    let moments = (0..MOMENTS).map(|moment| random(u64::from(moment)) % 1000);
    disturbances
        .extend(moments.map(|moment| Disturbance::KilledAfter(u32::try_from(moment).unwrap())));
    disturbances.extend(SIZES.map(Disturbance::FullDisk));
    disturbances.extend(["events", "record", "report", "stdout"].map(Disturbance::FullReport));
    if which == Which::Mixed {
        let ways = ["folder-in-place", "read-only", "exposed", "link"];
        disturbances.extend(ways.map(Disturbance::Store));
    }
    let cell = |disturbance| Cell { which, disturbance };
    disturbances.into_iter().map(cell).collect()
}

/// So many cells of all, by a seed.
pub(crate) fn sample(cells: Vec<Cell>, seed: u64, count: usize) -> Vec<Cell> {
    let mut cells: Vec<(u64, Cell)> = (0_u64..)
        .zip(cells)
        .map(|(number, cell)| (random(seed ^ random(number)), cell))
        .collect();
    cells.sort_by_key(|(drawn, _)| *drawn);
    cells
        .into_iter()
        .map(|(_, cell)| cell)
        .take(count)
        .collect()
}

/// A number that looks random (`SplitMix64`).
fn random(of: u64) -> u64 {
    let mut z = of.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
