//! Pipelines of CI systems, from templates.

use super::system::Ci;
use super::tenant_names::TenantNames;

/// A file to write.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
    /// Whether the pipelines of several tenants use it, so that a later one keeps it.
    pub(super) is_shared: bool,
}

/// The file that GitLab reads. A repository often has one of its own.
const GITLAB_ENTRY: &str = ".gitlab-ci.yml";

const GITHUB_APPLY: &str = ".github/workflows/service-accounts-apply.yml";
const GITLAB_JOBS: &str = ".gitlab/ci/service-accounts.yml";
const AZURE_STAGES: &str = ".azure/service-accounts.yml";

/// The files that the pipelines of all tenants of a repository use.
const SHARED: [&str; 3] = [
    GITLAB_ENTRY,
    ".azure/install-steersman.yml",
    ".azure/keep-state.yml",
];

/// Where the actions and the releases of this program are. A release is built with both;
/// a person fills them in for other builds.
const REPOSITORY: Option<&str> = option_env!("STEERSMAN_RELEASE_REPOSITORY");
const COMMIT: Option<&str> = option_env!("STEERSMAN_RELEASE_COMMIT");

const UNKNOWN_REPOSITORY: &str = "OWNER/steersman";
/// The version in the address of a page.
const OF_VERSION: &str = "/vVERSION/";
const UNKNOWN_COMMIT: &str = "0000000000000000000000000000000000000000";

impl Ci {
    /// The pipeline of a tenant, for these paths of the spec.
    pub(super) fn files(self, paths: &[String], names: &TenantNames) -> Vec<File> {
        self.templates()
            .into_iter()
            .map(|(path, template)| File {
                path: names.path(path),
                text: names.text(self, &filled(template, paths)),
                is_shared: SHARED.contains(&path),
            })
            .collect()
    }

    /// A file of the pipeline that a repository can have already, for other jobs, and the
    /// line that it needs.
    pub(super) fn entry(self, names: &TenantNames) -> Option<(&'static str, String)> {
        match self {
            Self::Gitlab => Some((
                GITLAB_ENTRY,
                format!("include: [{{local: {}}}]", names.path(GITLAB_JOBS)),
            )),
            Self::Github | Self::Azure => None,
        }
    }

    /// What a person does next.
    pub(super) fn next(self, names: &TenantNames) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let filled_in = match (self, REPOSITORY, COMMIT) {
            (Self::Github, Some(_), Some(_)) => {
                "review the workflows in .github/workflows".to_owned()
            }
            (Self::Github, _, _) => format!(
                "replace {UNKNOWN_REPOSITORY} and the commit {UNKNOWN_COMMIT} in .github/workflows by the repository and the commit of the release {version}"
            ),
            (Self::Gitlab, _, _) => format!(
                "fill in STEERSMAN_RELEASES and STEERSMAN_SHA256 in {}",
                names.path(GITLAB_JOBS)
            ),
            (Self::Azure, _, _) => {
                format!(
                    "fill in releases and sha256 in {}",
                    names.path(AZURE_STAGES)
                )
            }
        };
        let [plan, read, write, rotate] = names.environments();
        format!(
            "For the pipeline: {filled_in}, then create the environments {read}, {write} and {rotate}, as the comments at the top of {} say; {plan} is optional. Each setting is described at {}",
            names.path(self.described_in()),
            page("ci.md")
        )
    }

    /// The file whose first lines say what to set up.
    fn described_in(self) -> &'static str {
        match self {
            Self::Github => GITHUB_APPLY,
            Self::Gitlab => GITLAB_JOBS,
            Self::Azure => AZURE_STAGES,
        }
    }

    fn templates(self) -> Vec<(&'static str, &'static str)> {
        match self {
            Self::Github => vec![
                (
                    ".github/workflows/service-accounts-pull-request.yml",
                    include_str!("../../../templates/ci/github/pull-request.yml"),
                ),
                (
                    GITHUB_APPLY,
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
                    GITLAB_JOBS,
                    include_str!("../../../templates/ci/gitlab/service-accounts.yml"),
                ),
            ],
            Self::Azure => vec![
                (
                    AZURE_STAGES,
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
                    .replace(OF_VERSION, concat!("/v", env!("CARGO_PKG_VERSION"), "/"))
                    .replace(": VERSION", concat!(": ", env!("CARGO_PKG_VERSION"))),
            );
            text.push('\n');
        }
    }
    text
}

/// The address of a page of the documentation, as it was at this version.
pub(super) fn page(name: &str) -> String {
    format!(
        "https://github.com/{}/blob/v{}/docs/{name}",
        REPOSITORY.unwrap_or(UNKNOWN_REPOSITORY),
        env!("CARGO_PKG_VERSION")
    )
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
    use crate::commands::init::system::Ci;
    use crate::commands::init::tenant_names::TenantNames;
    use std::collections::BTreeSet;

    /// What the pipelines of a repository must not share: names of workflows, jobs, groups,
    /// environments, caches and comments.
    fn names_of(text: &str) -> BTreeSet<String> {
        const KEYS: [&str; 16] = [
            "name:",
            "group:",
            "environment:",
            "resource_group:",
            "key:",
            "state:",
            "comment:",
            "KIT_COMMENT:",
            "KIT_JOURNAL:",
            "KIT_RECORD:",
            "extends:",
            "needs:",
            "paths:",
            "variables:",
            "steersman",
            ".st",
        ];
        // What differs by run or job, or is of the repository.
        const COMMON: [&str; 10] = [
            "environment:",
            "variables:",
            "variables: &write",
            "needs: []",
            "needs: plan",
            "name: plan",
            "name: check",
            "paths: |",
            "paths: [$STEERSMAN_STORES]",
            "paths: [.steersman-results/plan.json, .steersman-results/plan.md]",
        ];
        text.lines()
            .map(|line| line.split(" #").next().unwrap_or_default().trim())
            .filter(|line| KEYS.iter().any(|key| line.starts_with(key)))
            .filter(|line| !COMMON.contains(line))
            .map(|line| line.trim_end_matches(':').to_owned())
            .collect()
    }

    #[test]
    fn pipelines_of_two_tenants_share_no_name() {
        let paths = ["accounts".to_owned()];
        let tenants = [None, Some("test"), Some("test-2")].map(|name| {
            TenantNames::of(
                name.map(|name| TenantNames::parse(name).unwrap())
                    .as_deref(),
            )
        });
        for system in [Ci::Github, Ci::Gitlab, Ci::Azure] {
            for (place, names) in tenants.iter().enumerate() {
                for other in &tenants[place + 1..] {
                    for (one, two) in system
                        .files(&paths, names)
                        .iter()
                        .zip(system.files(&paths, other))
                    {
                        assert_eq!(one.path == two.path, one.is_shared, "{}", one.path);
                        if one.is_shared {
                            continue;
                        }
                        let (ours, theirs) = (names_of(&one.text), names_of(&two.text));
                        assert!(ours.len() > 2, "{}: {ours:?}", one.path);
                        let both: Vec<_> = ours.intersection(&theirs).collect();
                        assert!(both.is_empty(), "{} and {}: {both:?}", one.path, two.path);
                    }
                }
            }
        }
    }

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
