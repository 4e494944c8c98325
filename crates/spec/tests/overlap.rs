//! How long a replaced token is kept, from the files.

use spec::{Options, SourceFile, load};

#[test]
fn planner_25_the_overlap_is_that_which_is_declared() {
    const HOUR: i64 = 3600;
    for (defaults, token, rotates, hours, most_hours) in [
        ("", "expires: 90d", false, 24, 7 * 24),
        ("", "rotate: {before: 14d, overlap: 48h}", true, 48, 7 * 24),
        ("", "rotate: {before: 4d}", true, 24, 4 * 24),
        (
            "",
            "rotate: {before: 10%, overlap: 8d}",
            true,
            8 * 24,
            8 * 24,
        ),
        (
            "",
            "rotate: {before: 14d, overlap: {min: 1h, max: 3d}}",
            true,
            1,
            3 * 24,
        ),
        (
            "",
            "rotate: {before: 14d, overlap: {min: 1h}}",
            true,
            1,
            7 * 24,
        ),
        ("rotate: {before: 14d, overlap: 72h}", "", true, 72, 7 * 24),
        // What is written goes as a whole before the default.
        (
            "rotate: {before: 14d, overlap: 72h}",
            "rotate: {before: 7d}",
            true,
            24,
            7 * 24,
        ),
        // Neither is rotated, and both can be replaced.
        (
            "rotate: {before: 14d, overlap: 72h}",
            "expires: never",
            false,
            72,
            7 * 24,
        ),
        (
            "rotate: {before: 14d, overlap: 72h}",
            "rotate: never",
            false,
            72,
            7 * 24,
        ),
    ] {
        let list = |keys: &str| match keys {
            "" => String::new(),
            keys => format!(", {keys}"),
        };
        let text = format!(
            "steersman: v1
stores: {{local: {{directory: secrets}}}}
sources: [{{name: AD, managed: false}}]
defaults: {{token: {{deliver: {{store: local, key: '{{account}}/{{token}}'}}{}}}}}
serviceAccounts:
  - source: AD
    account: svc
    issuer: {{store: local, key: issuer}}
    userLevels: [REPORT_ADMIN]
    tokens: [{{name: t, scopes: ['sp:report:read']{}}}]
",
            list(defaults),
            list(token)
        );
        let file = SourceFile {
            path: "x.yaml".into(),
            bytes: text.into_bytes(),
        };
        let loaded = load(vec![file], &Options::default());
        let Some(spec) = loaded.spec else {
            panic!("{:?}", loaded.diagnostics);
        };
        let account = spec.accounts.values().next().unwrap();
        let token = account.tokens.as_ref().unwrap().get("t").unwrap();
        assert_eq!(token.rotate.is_some(), rotates, "{defaults} {token:?}");
        assert_eq!(token.overlap.min.as_secs(), hours * HOUR, "{defaults}");
        let most = token.overlap.max.as_hours();
        assert_eq!(most, most_hours, "{defaults} {token:?}");
    }
}
