//! Purpose of an apply: the whole plan of the files, or named tokens.

use super::basis::Basis;
use super::token_work::TokenWork;
use crate::assessment::{Assessment, assess_selected};
use crate::failure::Failure;
use crate::output::Output;
use model::Plan;

/// What an apply plans, executes and verifies.
#[derive(Clone, Debug, Default)]
pub(super) enum Purpose {
    /// What the files declare.
    #[default]
    Everything,
    /// Named tokens, and nothing else.
    Tokens(TokenWork),
}

impl Purpose {
    /// The command that applies what the files declare.
    pub(super) const APPLY: &str = "apply";

    /// Reads and plans, before anything is written.
    ///
    /// # Errors
    /// A tenant that cannot be read, or tokens that must not be changed.
    pub(super) async fn first(
        &self,
        basis: Basis<'_>,
        output: &mut Output,
    ) -> Result<Assessment, Failure> {
        match self {
            Self::Everything => everything(basis).await,
            Self::Tokens(work) => work.first(basis, output).await,
        }
    }

    /// Reads and plans after the writes: what is left.
    ///
    /// # Errors
    /// A tenant that cannot be read.
    pub(super) async fn again(&self, basis: Basis<'_>) -> Result<Assessment, Failure> {
        match self {
            Self::Everything => everything(basis).await,
            Self::Tokens(work) => work.again(basis).await,
        }
    }

    /// Why the steps that are left are applied with this run; none where they are not.
    pub(super) fn why_follows(&self, first: &Plan, next: &Plan) -> Option<&'static str> {
        match self {
            Self::Everything => super::following::follows(first, next).then_some(
                "ISC has settled the identities of this plan, and these steps follow from that:",
            ),
            Self::Tokens(work) => work.why_follows(next),
        }
    }

    /// The command that continues a run that did not reach its end.
    pub(super) fn command(&self) -> String {
        match self {
            Self::Everything => Self::APPLY.to_owned(),
            Self::Tokens(work) => work.command(),
        }
    }

    /// Whether a part of what was asked for could not be planned. What the files declare
    /// may be blocked.
    pub(super) fn is_blocked(&self) -> bool {
        match self {
            Self::Everything => false,
            Self::Tokens(work) => work.is_blocked(),
        }
    }

    /// Tells what comes after a run that reached its end.
    pub(super) fn tell_what_follows(&self, output: &mut Output) {
        match self {
            Self::Everything => {}
            Self::Tokens(work) => work.tell_what_follows(output),
        }
    }
}

async fn everything(basis: Basis<'_>) -> Result<Assessment, Failure> {
    let Basis {
        spec,
        reader,
        facts,
        allow,
        selection,
    } = basis;
    assess_selected(spec, reader, facts, allow, selection).await
}
