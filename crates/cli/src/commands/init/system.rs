//! CI systems with pipeline templates.

use clap::ValueEnum;

/// A CI system with pipeline templates.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Ci {
    /// GitHub Actions: .github/workflows
    Github,
    /// GitLab CI/CD: .gitlab/ci
    Gitlab,
    /// Azure Pipelines: .azure
    Azure,
}
