//! Everyday jobs of integrations, as the calls that they make.

/// A job.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    /// The calls, as somebody would write them under `calls:`.
    pub(crate) calls: &'static [&'static str],
}

pub(crate) const JOBS: &[Job] = &[
    Job {
        name: "audit export",
        calls: &["POST /search/v1", "GET /public-identities/v1"],
    },
    Job {
        name: "HR import",
        calls: &["POST /sources/v1/{id}/load-accounts", "GET /task-status/v1"],
    },
    Job {
        name: "access-request bot",
        calls: &["POST /access-requests/v1", "GET /public-identities/v1"],
    },
    Job {
        name: "source aggregation trigger",
        calls: &["GET /sources/v1", "POST /sources/v1/{id}/load-accounts"],
    },
    Job {
        name: "SIEM event reader",
        calls: &["POST /search/v1"],
    },
    Job {
        name: "certification campaign starter",
        calls: &["GET /campaign-templates/v1", "POST /campaigns/v1"],
    },
    Job {
        name: "unlock bot of the service desk",
        calls: &["GET /accounts/v1", "POST /accounts/v1/{id}/unlock"],
    },
    Job {
        name: "inviter of new identities",
        calls: &["GET /identities/v1", "POST /identities/v1/invite"],
    },
    Job {
        name: "watcher of its own tokens' expiry",
        calls: &["GET /personal-access-tokens/v1", "GET /identities/v1"],
    },
    Job {
        name: "role catalogue",
        calls: &["GET /roles/v1", "GET /access-profiles/v1"],
    },
    Job {
        name: "nightly copy of source settings",
        calls: &[
            "GET /sources/v1",
            "GET /sources/v1/{sourceId}/schemas",
            "GET /sources/v1/{sourceId}/source-health",
        ],
    },
    Job {
        name: "watcher of failed tasks",
        calls: &["GET /task-status/v1", "GET /tenant/v1"],
    },
];
