//! Which crate of the workspace may depend on which.

use crate::repository;
use crate::{assert_none, assert_one};
use cargo_metadata::{DependencyKind, Metadata};

/// The arrows of the design. What is not here is not allowed.
///
/// `cli` puts everything together and `tests` looks at everything, so both may
/// depend on all others, and nothing may depend on them.
const NORMAL: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("catalog", &[]),
    ("spec", &["model", "catalog"]),
    ("planner", &["model", "catalog"]),
    ("render", &["model", "spec", "planner"]),
    ("applier", &["model"]),
    ("isc", &["model"]),
    ("simulator", &["catalog"]),
    ("adopt", &["model", "spec"]),
    (
        "cli",
        &[
            "model",
            "catalog",
            "spec",
            "planner",
            "render",
            "applier",
            "isc",
            "simulator",
            "adopt",
        ],
    ),
    (
        "tests",
        &[
            "model",
            "catalog",
            "spec",
            "planner",
            "render",
            "applier",
            "isc",
            "simulator",
            "adopt",
            "cli",
        ],
    ),
];

/// Further arrows for tests alone, each with its reason. The simulator has
/// none: it is an independent witness and shares no words with what it tests.
const FOR_TESTS: &[(&str, &str, &str)] = &[
    (
        "planner",
        "spec",
        "cases of the planner may be written in YAML",
    ),
    (
        "applier",
        "planner",
        "what is applied may be planned instead of written out",
    ),
    (
        "isc",
        "simulator",
        "the client is tested against a tenant that it shares nothing with",
    ),
    (
        "adopt",
        "planner",
        "the program hands its planner in, and the properties show that its plan is empty",
    ),
];

/// One dependency between two crates of the workspace.
struct Arrow {
    from: String,
    to: String,
    kind: DependencyKind,
}

/// What is wrong with these arrows.
fn complaints(arrows: &[Arrow]) -> Vec<String> {
    arrows.iter().filter_map(complaint).collect()
}

fn complaint(Arrow { from, to, kind }: &Arrow) -> Option<String> {
    let Some((_, normal)) = NORMAL.iter().find(|(name, _)| name == from) else {
        return Some(format!("{from} is no crate of the design"));
    };
    let (allowed, what) = match kind {
        DependencyKind::Normal => (normal.contains(&to.as_str()), "dependency"),
        DependencyKind::Development => (
            normal.contains(&to.as_str())
                || FOR_TESTS
                    .iter()
                    .any(|(tester, tested, _)| tester == from && tested == to),
            "dev-dependency",
        ),
        _ => (false, "build-dependency"),
    };
    (!allowed).then(|| format!("{from} -> {to} is no {what} of the design"))
}

/// The arrows between the members of the workspace.
fn arrows(metadata: &Metadata) -> Vec<Arrow> {
    let members = metadata.workspace_packages();
    members
        .iter()
        .flat_map(|from| {
            from.dependencies
                .iter()
                .filter(|dependency| members.iter().any(|member| member.name == dependency.name))
                .map(|dependency| Arrow {
                    from: from.name.to_string(),
                    to: dependency.name.clone(),
                    kind: dependency.kind,
                })
        })
        .collect()
}

#[test]
fn the_workspace_has_no_other_arrows_than_the_design() {
    let metadata = repository::metadata().unwrap();
    let arrows = arrows(&metadata);
    assert!(
        arrows
            .iter()
            .any(|arrow| arrow.from == "spec" && arrow.to == "model"),
        "the arrows were not read"
    );
    assert_none(&complaints(&arrows));
    let unknown: Vec<String> = metadata
        .workspace_packages()
        .iter()
        .filter(|member| {
            !NORMAL
                .iter()
                .any(|(name, _)| **name == *member.name.as_str())
        })
        .map(|member| format!("{} is no crate of the design", member.name))
        .collect();
    assert_none(&unknown);
}

#[test]
fn other_arrows_are_complained_of() {
    use DependencyKind::{Build, Development, Normal};
    let bad = [
        ("model", "catalog", Normal),
        ("catalog", "model", Normal),
        ("spec", "planner", Normal),
        ("planner", "spec", Normal),
        ("planner", "isc", Normal),
        ("planner", "render", Normal),
        ("render", "applier", Normal),
        ("render", "catalog", Normal),
        ("planner", "isc", Development),
        ("applier", "isc", Normal),
        ("applier", "planner", Normal),
        ("adopt", "planner", Normal),
        ("adopt", "isc", Development),
        ("isc", "applier", Normal),
        ("isc", "simulator", Normal),
        ("simulator", "model", Normal),
        ("simulator", "isc", Development),
        ("model", "tests", Development),
        ("isc", "cli", Normal),
        ("spec", "model", Build),
        ("utils", "model", Normal),
    ];
    for (from, to, kind) in bad {
        assert_one(&complaints(&[arrow(from, to, kind)]), &[from]);
    }
    let good = [
        ("spec", "model", Normal),
        ("spec", "model", Development),
        ("isc", "simulator", Development),
        ("adopt", "planner", Development),
        ("simulator", "catalog", Normal),
        ("cli", "simulator", Normal),
        ("render", "planner", Normal),
    ];
    for (from, to, kind) in good {
        assert_none(&complaints(&[arrow(from, to, kind)]));
    }
}

fn arrow(from: &str, to: &str, kind: DependencyKind) -> Arrow {
    Arrow {
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
    }
}
