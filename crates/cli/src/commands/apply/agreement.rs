//! What files and tenant agree about at the end of an apply, for its record.

use crate::git_commit;
use camino::{Utf8Path, Utf8PathBuf};
use model::{Live, Spec};
use planner::Allowances;
use render::apply_report::RunBy;
use render::drift::{self, Agreement, Facts, Renewing};

/// The agreement by the last reading of the tenant. It is of the whole spec, whatever part
/// of it was applied.
pub(super) fn of(
    spec: &Spec,
    paths: &[Utf8PathBuf],
    live: &Live,
    earlier: Option<&Agreement>,
) -> Agreement {
    let plan = planner::plan(spec, live, live.observed_at, &Allowances::default());
    let compared = planner::compared(spec, live, &plan);
    let facts = Facts {
        plan: &plan,
        compared: &compared,
        record: earlier,
        since: None,
    };
    let path = paths
        .first()
        .map_or(Utf8Path::new("."), Utf8PathBuf::as_path);
    let by = Renewing {
        who: RunBy {
            name: live.caller.name(),
            identity: live.caller.identity.as_ref().map(ToString::to_string),
            client_id: live.caller.client_id.to_string(),
        },
        commit: git_commit::of(path),
    };
    drift::renew(facts, &drift::find(facts), by)
}
