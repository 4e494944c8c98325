//! Guard against an import with more rows than SailPoint recommends for one file.

use super::info::{GuardInfo, Lifting};
use super::limit::count;
use crate::draft::Draft;
use crate::imports::{removes, sources_of};
use crate::view::live_source;
use model::{Action, GuardReport, Live, Operation, SourceName, Verdict};

/// SailPoint recommends files of at most so many lines for one source.
const MOST: u64 = 400_000;

/// The guard.
pub(super) const INFO: GuardInfo = GuardInfo {
    name: "importRows",
    about: "rows of a CSV import, if they are more than the 400,000 that SailPoint recommends for one file; ISC may refuse the file",
    default: "400,000",
    lifting: Lifting::Count,
};

/// Counts the rows of each import.
pub(super) fn run(live: &Live, draft: &Draft) -> Vec<GuardReport> {
    sources_of(draft)
        .into_iter()
        .filter_map(|name| {
            let steps = || draft.steps.iter();
            let listed = live_source(live, name).map_or(0, |source| source.accounts.found().len());
            let added = steps()
                .filter(|step| step.action == Action::Create || step.action == Action::Replace)
                .filter(|step| {
                    matches!(&step.operation, Operation::ImportRow { source_name, .. } if source_name == name)
                })
                .count();
            let removed = steps().filter(|step| removes(step, name)).count();
            let rows = count((listed + added).saturating_sub(removed));
            report(name, rows)
        })
        .collect()
}

fn report(name: &SourceName, rows: u64) -> Option<GuardReport> {
    (rows > MOST).then(|| GuardReport {
        name: INFO.name,
        verdict: Verdict::Refused,
        counted: rows,
        limit: MOST,
        message: format!(
            "the CSV import of \"{name}\" would have {rows} rows; SailPoint recommends at most {MOST} for one file"
        ),
        remedy: format!(
            "declare the accounts on several sources, or pass `--allow {}={rows}` to send the file anyway",
            INFO.name
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::{MOST, report};

    #[test]
    fn tenants_21_as_many_rows_as_one_file_takes() {
        let rows = |rows| report(&"Robots".into(), rows).map(|report| report.counted);
        assert_eq!((rows(MOST), rows(MOST + 1)), (None, Some(MOST + 1)));
    }
}
