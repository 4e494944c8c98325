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
        Self::Stale {
            message: error.to_string(),
            items: error.items(),
        }
    }
}
