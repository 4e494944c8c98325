//! Audit event of the tenant: who did what to what, and when.

/// An event of the search index `events`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// When it happened, as ISC writes it.
    pub at: String,
    /// Who did it, as ISC names the actor.
    pub actor: Option<String>,
    /// What was done, such as `CAPABILITY_UPDATE_EVENT`.
    pub what: String,
    /// The name of what it was done to.
    pub target: Option<String>,
    /// Whether it took effect; none where ISC does not say.
    pub passed: Option<bool>,
    /// ISC's tracking number.
    pub tracking: Option<String>,
}

/// The events of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEvents {
    /// The events, the latest first.
    pub found: Vec<AuditEvent>,
    /// Whether these are all that match.
    pub is_whole: bool,
}
