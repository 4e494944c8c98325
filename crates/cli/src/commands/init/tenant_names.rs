//! Names in the pipeline of one tenant, where a repository has pipelines of several.

use super::system::Ci;

/// The jobs and actions that have an environment of their own.
const ENVIRONMENTS: [&str; 4] = ["plan", "read", "write", "rotate"];

/// The jobs of the GitLab pipeline.
const GITLAB_JOBS: [&str; 5] = ["merge request", "plan", "apply", "drift", "rotate"];

/// The names of the pipeline's files, environments, groups, caches and comments. Without a
/// name of the tenant, they are those of the templates.
pub(super) struct TenantNames {
    tenant: Option<String>,
}

impl TenantNames {
    pub(super) fn of(tenant: Option<&str>) -> Self {
        Self {
            tenant: tenant.map(str::to_owned),
        }
    }

    /// The name of a tenant, as it is part of names in every system.
    pub(super) fn parse(text: &str) -> Result<String, String> {
        let plain = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        if text.is_empty() || text.len() > 40 || !text.chars().all(plain) {
            Err("expected up to 40 lower-case letters, digits and hyphens, such as test".to_owned())
        } else if text.starts_with('-') || text.ends_with('-') {
            Err("expected a name that begins and ends with a letter or digit".to_owned())
        } else if text == "tenant" {
            Err("this is the name in the pipeline without --tenant; use another one".to_owned())
        } else {
            Ok(text.to_owned())
        }
    }

    /// The tenant's file of the spec.
    pub(super) fn tenant_file(&self) -> String {
        format!("tenants/{}.yaml", self.tenant.as_deref().unwrap_or("prod"))
    }

    /// The path of a template in the repository.
    pub(super) fn path(&self, path: &str) -> String {
        let Some(tenant) = &self.tenant else {
            return path.to_owned();
        };
        path.replace("service-accounts", &format!("service-accounts-{tenant}"))
    }

    /// The environments of the pipeline: to plan, read, write and rotate.
    pub(super) fn environments(&self) -> [String; 4] {
        let tenant = self.tenant.as_deref().unwrap_or("tenant");
        ENVIRONMENTS.map(|environment| format!("{tenant}-{environment}"))
    }

    /// The text of a template with the names of this tenant.
    pub(super) fn text(&self, system: Ci, template: &str) -> String {
        let Some(tenant) = &self.tenant else {
            return template.to_owned();
        };
        let mut replaced = vec![(
            "service-accounts-".to_owned(),
            format!("service-accounts-{tenant}-"),
        )];
        for environment in ENVIRONMENTS {
            replaced.push((
                format!("tenant-{environment}"),
                format!("{tenant}-{environment}"),
            ));
        }
        match system {
            Ci::Github => {
                for (from, to) in [
                    ("service accounts (", format!("service accounts {tenant} (")),
                    ("state: .steersman", format!("state: .steersman/{tenant}")),
                    ("comment: plan", format!("comment: plan-{tenant}")),
                ] {
                    replaced.push((from.to_owned(), to));
                }
            }
            Ci::Gitlab => {
                for job in GITLAB_JOBS {
                    replaced.push((
                        format!("steersman {job}"),
                        format!("steersman {tenant} {job}"),
                    ));
                }
                for (from, to) in [
                    (".steersman:", format!(".steersman-{tenant}:")),
                    (
                        "extends: .steersman",
                        format!("extends: .steersman-{tenant}"),
                    ),
                    (".steersman/", format!(".steersman/{tenant}/")),
                    (".state:", format!(".state-{tenant}:")),
                    ("steersman-state", format!("steersman-state-{tenant}")),
                    ("KIT_COMMENT: plan", format!("KIT_COMMENT: plan-{tenant}")),
                    (
                        "ci/service-accounts.yml",
                        format!("ci/service-accounts-{tenant}.yml"),
                    ),
                ] {
                    replaced.push((from.to_owned(), to));
                }
            }
            // Each pipeline of Azure has runs and artifacts of its own.
            Ci::Azure => {}
        }
        let mut text = template.to_owned();
        for (from, to) in replaced {
            text = text.replace(&from, &to);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::TenantNames;

    #[test]
    fn a_name_is_plain_everywhere() {
        for (name, good) in [
            ("test", true),
            ("prod-2", true),
            ("", false),
            ("tenant", false),
            ("-x", false),
            ("x-", false),
            ("Test", false),
            ("a/b", false),
            ("a b", false),
            ("${{ x }}", false),
        ] {
            assert_eq!(TenantNames::parse(name).is_ok(), good, "{name:?}");
        }
    }
}
