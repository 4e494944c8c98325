//! An operation of the catalog in an answer: its levels, notes and table.

use super::format::table;
use catalog::Operation;
use serde::Serialize;
use std::fmt;

/// An operation as answers show it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact of the catalogue"
)]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownOperation {
    pub(crate) call: String,
    id: &'static str,
    scopes: &'static [&'static str],
    levels: &'static [&'static str],
    any_user: bool,
    application_auth: bool,
    experimental: bool,
    deprecated: bool,
    scopes_unstated: bool,
    levels_unstated: bool,
}

impl ShownOperation {
    pub(crate) fn new(operation: &'static Operation) -> Self {
        Self {
            call: operation.to_string(),
            id: operation.id,
            scopes: operation.scopes,
            levels: operation.levels,
            any_user: operation.levels.is_empty(),
            application_auth: operation.application_auth,
            experimental: operation.experimental,
            deprecated: operation.deprecated,
            scopes_unstated: operation.scopes_unstated,
            levels_unstated: operation.levels_unstated,
        }
    }

    /// Who may call the operation where no user level is named.
    pub(crate) fn without_level(&self) -> &'static str {
        match (self.levels_unstated, self.any_user) {
            (true, _) => "not stated",
            (false, true) => "any user",
            (false, false) => "none fits",
        }
    }

    /// What a caller must know about the operation.
    pub(crate) fn notes(&self) -> Vec<OperationNote<'_>> {
        let call = self.call.as_str();
        let unstated = match (self.scopes_unstated, self.levels_unstated) {
            (true, _) => Some(OperationNote::ScopesUnstated(call)),
            (false, true) => Some(OperationNote::LevelsUnstated(call)),
            (false, false) => None,
        };
        let experimental = self
            .experimental
            .then_some(OperationNote::Experimental(call));
        let deprecated = self.deprecated.then_some(OperationNote::Deprecated(call));
        [unstated, experimental, deprecated]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// A note on a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OperationNote<'a> {
    /// SailPoint's description names neither scopes nor levels.
    ScopesUnstated(&'a str),
    /// SailPoint's description names no user level.
    LevelsUnstated(&'a str),
    /// It needs a header.
    Experimental(&'a str),
    /// It is about to go.
    Deprecated(&'a str),
}

impl fmt::Display for OperationNote<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ScopesUnstated(call) => write!(
                formatter,
                "SailPoint's description names no scope for {call}; test the call with your token"
            ),
            Self::LevelsUnstated(call) => write!(
                formatter,
                "SailPoint's description names no user level for {call}; it may need one"
            ),
            Self::Experimental(call) => write!(
                formatter,
                "{call} is experimental: send the header X-SailPoint-Experimental: true"
            ),
            Self::Deprecated(call) => write!(formatter, "{call} is deprecated"),
        }
    }
}

/// A table of operations and the user levels that may call them.
pub(crate) fn operations_text(operations: &[ShownOperation]) -> String {
    let mut table = table(&["CALL", "LEVELS"]);
    for operation in operations {
        let levels = match operation.levels {
            [] => operation.without_level().to_owned(),
            levels => levels.join(", "),
        };
        table.add_row([operation.call.clone(), levels]);
    }
    table.trim_fmt()
}
