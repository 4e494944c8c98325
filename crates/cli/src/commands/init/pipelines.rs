//! Pipelines of CI systems, from templates.

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

/// A file to write.
pub(super) struct File {
    pub(super) path: &'static str,
    pub(super) text: String,
}

/// The file that GitLab reads. A repository often has one of its own.
const GITLAB_ENTRY: &str = ".gitlab-ci.yml";

/// Where the actions and the releases of this program are. A release is built with both;
/// a person fills them in for other builds.
const REPOSITORY: Option<&str> = option_env!("STEERSMAN_RELEASE_REPOSITORY");
const COMMIT: Option<&str> = option_env!("STEERSMAN_RELEASE_COMMIT");

const UNKNOWN_REPOSITORY: &str = "OWNER/steersman";
const UNKNOWN_COMMIT: &str = "0000000000000000000000000000000000000000";

impl Ci {
    /// The pipeline, for these paths of the spec.
    pub(super) fn files(self, paths: &[String]) -> Vec<File> {
        self.templates()
            .into_iter()
            .map(|(path, template)| File {
                path,
                text: filled(template, paths),
            })
            .collect()
    }

    /// A file of the pipeline that a repository can have already, for other jobs, and the
    /// line that it needs.
    pub(super) fn shared(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Gitlab => Some((
                GITLAB_ENTRY,
                "include: [{local: .gitlab/ci/service-accounts.yml}]",
            )),
            Self::Github | Self::Azure => None,
        }
    }

    /// What a person does next.
    pub(super) fn next(self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let filled_in = match (self, REPOSITORY, COMMIT) {
            (Self::Github, Some(_), Some(_)) => {
                "review the workflows in .github/workflows".to_owned()
            }
            (Self::Github, _, _) => format!(
                "replace {UNKNOWN_REPOSITORY} and the commit {UNKNOWN_COMMIT}\nin .github/workflows by the repository and the commit of the release {version}"
            ),
            (Self::Gitlab, _, _) => {
                "fill in STEERSMAN_RELEASES and STEERSMAN_SHA256 in .gitlab/ci/service-accounts.yml"
                    .to_owned()
            }
            (Self::Azure, _, _) => {
                "fill in releases and sha256 in .azure/service-accounts.yml".to_owned()
            }
        };
        format!(
            "For the pipeline: {filled_in},\nthen create the environments that the comments at its top name (docs/ci.md)."
        )
    }

    fn templates(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Github => vec![
                (
                    ".github/workflows/service-accounts-pull-request.yml",
                    include_str!("../../../templates/ci/github/pull-request.yml"),
                ),
                (
                    ".github/workflows/service-accounts-apply.yml",
                    include_str!("../../../templates/ci/github/apply.yml"),
                ),
                (
                    ".github/workflows/service-accounts-schedule.yml",
                    include_str!("../../../templates/ci/github/schedule.yml"),
                ),
            ],
            Self::Gitlab => vec![
                (
                    GITLAB_ENTRY,
                    include_str!("../../../templates/ci/gitlab/gitlab-ci.yml"),
                ),
                (
                    ".gitlab/ci/service-accounts.yml",
                    include_str!("../../../templates/ci/gitlab/service-accounts.yml"),
                ),
            ],
            Self::Azure => vec![
                (
                    ".azure/service-accounts.yml",
                    include_str!("../../../templates/ci/azure/service-accounts.yml"),
                ),
                (
                    ".azure/install-steersman.yml",
                    include_str!("../../../templates/ci/azure/install-steersman.yml"),
                ),
                (
                    ".azure/keep-state.yml",
                    include_str!("../../../templates/ci/azure/keep-state.yml"),
                ),
            ],
        }
    }
}

/// A path that is text in every pipeline, and no option or expression.
pub(super) fn plain_path(text: &str) -> Result<String, String> {
    let plain = |character: char| character.is_alphanumeric() || "._-/ @+".contains(character);
    if text.is_empty() || text.trim() != text || text.starts_with(['-', '/']) {
        Err("expected a path in the repository, such as accounts".to_owned())
    } else if text.split('/').any(|part| part == "..") || !text.chars().all(plain) {
        Err("expected a path of letters, digits, blanks and ._-/@+ in the repository".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// The template with one line for each path, and where its release is.
fn filled(template: &str, paths: &[String]) -> String {
    let mut text = String::with_capacity(template.len());
    for line in template.lines() {
        if line.trim() == "PATHS" {
            let indent = &line[..line.len() - line.trim_start().len()];
            for path in paths {
                text.push_str(indent);
                text.push_str(path);
                text.push('\n');
            }
        } else {
            text.push_str(
                &line
                    .replace(UNKNOWN_REPOSITORY, REPOSITORY.unwrap_or(UNKNOWN_REPOSITORY))
                    .replace("@COMMIT # vVERSION", &pin())
                    .replace(": VERSION", concat!(": ", env!("CARGO_PKG_VERSION"))),
            );
            text.push('\n');
        }
    }
    text
}

fn pin() -> String {
    format!(
        "@{} # v{}",
        COMMIT.unwrap_or(UNKNOWN_COMMIT),
        env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    #[test]
    fn a_path_is_no_option_and_no_expression() {
        for (path, good) in [
            ("accounts", true),
            ("tenants/prod.yaml", true),
            ("service accounts/a+b@c", true),
            (".", true),
            ("", false),
            ("-x", false),
            ("/etc", false),
            ("../other", false),
            ("a/../../b", false),
            ("${{ secrets.X }}", false),
            ("a\nb", false),
            (" a", false),
        ] {
            assert_eq!(plain_path(path).is_ok(), good, "{path:?}");
        }
    }
}
