//! YAML files without the key `steersman`: which of them may be meant for the spec.
//!
//! Nothing of such a file is read. One that has the keys of a spec, or is beside a spec file,
//! is told, so that nobody believes it to be applied. What is clearly for another program is
//! not: a repository has many of those.

use camino::Utf8Path;
use spec::NotReadReason;

/// The keys that only a spec file is likely to have at its top.
const OF_SPEC: [&str; 7] = [
    "tenant",
    "sources",
    "stores",
    "profiles",
    "policy",
    "notify",
    "serviceAccounts",
];

/// The other keys of a spec file.
const ALSO_OF_SPEC: [&str; 2] = ["defaults", "variables"];

/// Keys that name another program, or the kind of its files.
const OF_OTHERS: [&str; 45] = [
    "AWSTemplateFormatVersion",
    "Resources",
    "asyncapi",
    "creation_rules",
    "datasources",
    "dependencies",
    "environments",
    "evaluation_interval",
    "extends",
    "global",
    "groups",
    "hosts",
    "image",
    "import_playbook",
    "include",
    "inputs",
    "jobs",
    "lockfileVersion",
    "networks",
    "on",
    "openapi",
    "packages",
    "params",
    "pipelines",
    "plugins",
    "pool",
    "receivers",
    "repos",
    "resources",
    "route",
    "rule_files",
    "rules",
    "runs",
    "scrape_configs",
    "services",
    "site_name",
    "spectral",
    "stages",
    "steps",
    "swagger",
    "tasks",
    "tests",
    "trigger",
    "updates",
    "workflow",
];

/// How the names of files begin that belong to another program.
const NAMES_OF_OTHERS: [&str; 20] = [
    "action.",
    "appveyor",
    "azure-pipelines",
    "bitbucket-pipelines",
    "buf.",
    "chart.",
    "cloudbuild",
    "codecov",
    "compose.",
    "docker-compose",
    "galaxy.",
    "kustomization.",
    "lefthook",
    "mkdocs",
    "pnpm-",
    "renovate",
    "serverless",
    "skaffold",
    "taskfile",
    "values",
];

/// A file without the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unmarked {
    /// The line of its first key, from 1.
    pub(super) line: usize,
    pub(super) reason: NotReadReason,
}

/// What is known of a file without the key; none where it is clearly for another program, or
/// has nothing.
pub(super) fn unmarked(name: &Utf8Path, bytes: &[u8]) -> Option<Unmarked> {
    let file = name.file_name().unwrap_or_default().to_ascii_lowercase();
    if NAMES_OF_OTHERS.iter().any(|other| file.starts_with(other)) {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let Top { line, keys } = top(&text)?;
    let has = |key: &str| keys.contains(&key);
    let reason = if has("apiVersion") && has("kind") {
        NotReadReason::Kubernetes
    } else if keys.iter().any(|key| OF_OTHERS.contains(key)) {
        return None;
    } else if keys.iter().any(|key| OF_SPEC.contains(key))
        && keys
            .iter()
            .all(|key| OF_SPEC.contains(key) || ALSO_OF_SPEC.contains(key))
    {
        NotReadReason::SpecKeys
    } else if keys.iter().all(|key| is_variable(key)) {
        // The values of variables of a tenant.
        return None;
    } else {
        NotReadReason::BesideSpec
    };
    Some(Unmarked { line, reason })
}

/// The keys at the top of a file, or those of the first item of a list.
struct Top<'t> {
    line: usize,
    keys: Vec<&'t str>,
}

/// A look at the lines is enough; none where the file has no keys.
fn top(text: &str) -> Option<Top<'_>> {
    let mut found: Option<(usize, usize)> = None;
    let mut keys = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with(['#', '%']) || content.starts_with("---") {
            continue;
        }
        // The template of another program.
        if content.starts_with("{{") {
            return None;
        }
        let item = content.trim_start_matches(['-', '{', ' ']);
        let indent = line.len() - item.len();
        let (_, depth) = *found.get_or_insert((index + 1, indent));
        if indent != depth {
            continue;
        }
        if let Some((key, value)) = item.split_once(':')
            && (value.is_empty() || value.starts_with([' ', '\t']))
        {
            keys.push(key.trim_matches(['"', '\'', ' ']));
        }
    }
    let (line, _) = found?;
    (!keys.is_empty()).then_some(Top { line, keys })
}

/// Whether a key is the name of a variable.
fn is_variable(key: &str) -> bool {
    key.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use NotReadReason::{BesideSpec, Kubernetes, SpecKeys};

    #[test]
    fn what_may_be_meant_for_the_spec_is_told_from_the_files_of_other_programs() {
        for (name, text, expected) in [
            ("a.yaml", "sources:\n- name: A\n", Some((1, SpecKeys))),
            (
                "a.yaml",
                "# a comment\n---\ndefaults: {}\nstores: {}\n",
                Some((3, SpecKeys)),
            ),
            (
                "a.yaml",
                "apiVersion: steersman/v1\nkind: ServiceAccount\nspec: {}\n",
                Some((1, Kubernetes)),
            ),
            ("a.yaml", "- id: SA-001\n  name: a\n", Some((1, BesideSpec))),
            ("a.yaml", "accounts:\n- id: SA-001\n", Some((1, BesideSpec))),
            ("a.yaml", "defaults: {}\n", Some((1, BesideSpec))),
            ("a.yaml", "{id: SA-001}\n", Some((1, BesideSpec))),
            ("a.yaml", "", None),
            ("a.yaml", "# nothing\n", None),
            ("a.yaml", "just a text\n", None),
            ("test.vars.yaml", "OWNER: jane\nTEAM: iam\n", None),
            ("compose.yaml", "services: {}\n", None),
            ("docker-compose.dev.yml", "x-a: {}\n", None),
            ("a.yaml", "services: {a: {image: b}}\nnetworks: {}\n", None),
            ("a.yaml", "name: ci\non: push\njobs: {}\n", None),
            ("mkdocs.yml", "site_name: docs\n", None),
            ("values.yaml", "policy: {}\n", None),
            ("Chart.yaml", "apiVersion: v2\nname: a\n", None),
            ("a.yaml", "- hosts: all\n  tasks: []\n", None),
            ("a.yaml", "{{- if .Values.a }}\nkind: A\n{{ end }}\n", None),
        ] {
            let found = unmarked(Utf8Path::new(name), text.as_bytes());
            let found = found.map(|one| (one.line, one.reason));
            assert_eq!(found, expected, "{name}: {text:?}");
        }
    }
}
