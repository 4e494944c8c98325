//! Turns errors of the crate `render` into failures of the program.

use crate::failure::Failure;
use render::RenderError;
use render::saved_plan::SavedPlanError;

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::Internal {
            message: "cannot render the result".to_owned(),
            source: Box::new(error),
        }
    }
}

impl From<SavedPlanError> for Failure {
    fn from(error: SavedPlanError) -> Self {
        match error {
            SavedPlanError::OtherArguments { .. } => Self::Usage {
                message: error.to_string(),
                help: "give beside `--plan` the paths, `--only`, `--except` and `--allow` that you approved; if the file records others, do not apply it: save a new plan".to_owned(),
            },
            SavedPlanError::Damaged { .. }
            | SavedPlanError::Foreign { .. }
            | SavedPlanError::PlanDocument { .. }
            | SavedPlanError::Format { .. }
            | SavedPlanError::Version { .. }
            | SavedPlanError::Edited { .. }
            | SavedPlanError::OtherDigest { .. }
            | SavedPlanError::Time { .. }
            | SavedPlanError::OtherSpec { .. }
            | SavedPlanError::OtherTenant { .. }
            | SavedPlanError::NothingLeft { .. }
            | SavedPlanError::Changed { .. } => Self::Stale {
                message: error.to_string(),
                items: error.items(),
            },
        }
    }
}
