//! Installing a release: only what was verified.

use crate::machine::{CURL, Done, GH, Machine, release};
use tests::world;

#[test]
fn only_a_verified_archive_is_installed() {
    let world = world!();
    let Some(machine) = Machine::new(&world.path("machine")) else {
        return;
    };
    machine.program("curl", CURL);
    machine.program("gh", GH);
    release(&machine);
    let sums = world.read("machine/releases/SHA256SUMS");
    let sum = sums.split(' ').next().unwrap().to_owned();
    let zeros = "0".repeat(64);
    let to = world.path("installed").display().to_string();
    let install = |version: &str, repository: &str, sha256: &str| -> Done {
        let _ = std::fs::remove_dir_all(&to);
        let variables = [
            ("KIT_VERSION", version),
            ("KIT_REPOSITORY", repository),
            ("KIT_SHA256", sha256),
            ("KIT_FOLDER", &to),
        ];
        machine.script("install.sh", world.folder(), &variables)
    };

    // One checksum, the lines of a release, or the attestation.
    for sha256 in [&sum, &sums, ""] {
        let _ = install("0.1.0", "acme/steersman", sha256)
            .exits(0)
            .says("installed steersman 0.1.0");
        assert!(world.path("installed/ci/plan.sh").exists());
    }
    let wrong_line = sums.replace(&sum, &zeros);
    let two_lines = format!("{sums}{wrong_line}");
    for (version, repository, sha256, says) in [
        (
            "0.1.0",
            "acme/steersman",
            zeros.as_str(),
            "nothing was installed",
        ),
        (
            "0.1.0",
            "acme/steersman",
            &wrong_line,
            "nothing was installed",
        ),
        ("0.1.0", "acme/steersman", &two_lines, "two checksums"),
        ("0.1.0", "acme/steersman", "latest", "has no SHA-256"),
        ("0.2.0", "acme/steersman", &zeros, "cannot download"),
        ("latest", "acme/steersman", &sum, "must be a version"),
        ("0.1.0/../x", "acme/steersman", &sum, "must be a version"),
        ("0.1.0", "acme/../evil/x", &sum, "must be OWNER/NAME"),
    ] {
        let _ = install(version, repository, sha256).exits(1).says(says);
        assert!(!world.path("installed").exists(), "{version} {repository}");
    }

    // An archive that another workflow built, with fitting checksums.
    world.write("machine/gh.refuses", "");
    let _ = install("0.1.0", "acme/steersman", "")
        .exits(1)
        .says("no valid provenance");
    assert!(!world.path("installed").exists());
}
