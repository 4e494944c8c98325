//! Attacks by whoever writes the files of the spec, as in a pull request.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so do its helpers"
)]

use std::fs;
use std::io::{ErrorKind, Read};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use tests::{Run, SimulatedTenant, World, world};

/// A secret of the operator, which must not be seen anywhere.
const CANARY: &str = "canary-7f3a";

/// The guide in a folder, in the environment of an operator with credentials.
fn guide() -> World {
    let mut world = world!();
    world.example("guide");
    for name in ["SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET", "GITHUB_TOKEN"] {
        world.set([(name.to_owned(), CANARY.to_owned())]);
    }
    world
}

/// Sees that the secret is neither in the output nor in a file.
#[track_caller]
fn has_no_secret(world: &World, run: Run) -> Run {
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(CANARY), "{text}");
    }
    for (path, text) in world.everything_written() {
        assert!(!text.contains(CANARY), "{}", path.display());
    }
    run
}

/// A server that nobody may talk to.
struct Trap(TcpListener);

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn address(&self) -> String {
        format!("http://{}/x", self.0.local_addr().unwrap())
    }

    #[track_caller]
    fn is_untouched(&self) {
        match self.0.accept() {
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            Ok((mut stream, _)) => {
                let mut sent = String::new();
                let _ = stream.read_to_string(&mut sent);
                panic!("something was sent: {sent}");
            }
        }
    }
}

#[test]
fn security_h1a_an_address_in_a_file_gets_no_credentials() {
    let mut world = guide();
    let trap = Trap::set();
    let tenant = format!("\ntenant:\n  baseUrl: {}\n", trap.address());
    world.write("evil.yaml", format!("steersman: v1{tenant}"));
    let line = "evil.yaml:3:12: ";
    for command in ["plan", "status", "apply --auto-approve"] {
        let run = world
            .steersman(&format!("{command} guide evil.yaml"))
            .exits(4);
        let run = has_no_secret(&world, run);
        assert!(run.stderr.contains(line), "{}", run.shown());
        assert!(
            run.stderr.contains("STEERSMAN_ALLOW_HOST=127.0.0.1:"),
            "{}",
            run.shown()
        );
        trap.is_untouched();
    }
    // The credentials of the file change nothing: they are variables of the operator.
    world.write(
        "evil.yaml",
        format!("steersman: v1{tenant}  clientId: x\n  clientSecret: ${{GITHUB_TOKEN}}\n"),
    );
    let run = world.steersman("plan guide evil.yaml").exits(4);
    let _ = has_no_secret(&world, run);
    trap.is_untouched();
    // Nor do variables that the files declare.
    world.write(
        "evil.yaml",
        format!("steersman: v1\nvariables: {{SAIL_BASE_URL: {}}}\ntenant:\n  baseUrl: ${{SAIL_BASE_URL}}\n", trap.address()),
    );
    let run = world.steersman("plan guide evil.yaml").exits(4);
    let _ = has_no_secret(&world, run);
    // The operator's address wins, and says so.
    world.set([(
        "SAIL_BASE_URL".to_owned(),
        "https://acme.api.identitynow.com".to_owned(),
    )]);
    world.write("evil.yaml", format!("steersman: v1{tenant}"));
    let run = world.steersman("plan guide evil.yaml").exits(4);
    let run = has_no_secret(&world, run);
    assert!(run.stderr.contains(line), "{}", run.shown());
    assert!(
        run.stderr.contains("https://acme.api.identitynow.com"),
        "{}",
        run.shown()
    );
    trap.is_untouched();
}

#[test]
fn tenants_18_a_file_for_another_tenant_is_refused_and_the_right_one_taken() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables());
    let address = tenant.simulator().base_url();
    world.write(
        "mine.yaml",
        format!("steersman: v1\ntenant: {{baseUrl: \"{address}/\"}}\n"),
    );
    world.write(
        "other.yaml",
        "steersman: v1\ntenant: {baseUrl: https://other.api.identitynow.com}\n",
    );
    let _ = world.steersman("plan guide mine.yaml").exits(0);
    let run = world
        .steersman("apply guide other.yaml --auto-approve")
        .exits(4);
    assert!(run.stderr.contains("other.yaml:2:19: "), "{}", run.shown());
    assert!(run.stderr.contains(&address), "{}", run.shown());
    assert_eq!(tenant.writes(), Vec::<String>::new());
    // Without an address of the environment, an allowed host is taken.
    world.set([
        ("SAIL_BASE_URL".to_owned(), String::new()),
        (
            "STEERSMAN_ALLOW_HOST".to_owned(),
            "x.example, 127.0.0.1".to_owned(),
        ),
    ]);
    let _ = world.steersman("plan guide mine.yaml").exits(0);
}

#[test]
fn tenants_13_a_secret_with_a_line_break_at_its_end_is_trimmed() {
    let mut world = world!();
    world.example("guide");
    let tenant = SimulatedTenant::start();
    world.set(tenant.variables().into_iter().map(|(name, value)| {
        if name.starts_with("SAIL_") {
            (name, format!("{value}\r\n"))
        } else {
            (name, value)
        }
    }));
    let _ = world.steersman("plan guide").exits(0);
    world.write(
        "tenant.yaml",
        "steersman: v1\ntenant: {baseUrl: \"${SAIL_BASE_URL}\", clientId: \"${SAIL_CLIENT_ID}\", clientSecret: \"${SAIL_CLIENT_SECRET}\"}\n",
    );
    let _ = world.steersman("plan guide tenant.yaml").exits(0);
    world.set([("SAIL_CLIENT_SECRET".to_owned(), format!("{CANARY}\nx"))]);
    let run = world.steersman("plan guide").exits(6);
    let run = has_no_secret(&world, run);
    assert!(run.stderr.contains("line break"), "{}", run.shown());
}

#[test]
fn security_h1c_a_file_cannot_print_the_environment() {
    for value in [
        "${SAIL_CLIENT_SECRET} ${GITHUB_TOKEN}",
        "${SAIL_CLIENT_SECRET:-x}${GITHUB_TOKEN:-x}",
        "${X}",
    ] {
        let world = guide();
        let text = world.read("guide/steersman.yaml");
        world.write(
            "guide/steersman.yaml",
            format!("{text}\nvariables: {{X: \"$${{GITHUB_TOKEN}}\"}}\n"),
        );
        world.replace(
            "guide/steersman.yaml",
            "owner: jane.doe",
            &format!("owner: jane.doe\n    description: \"{value}\""),
        );
        for command in [
            "validate guide",
            "validate guide --mock-variables",
            "validate guide --format json",
            "validate guide --format sarif",
            "validate guide --format github",
            "plan guide --simulate --out json=-",
            "plan guide --simulate --mock-variables --out html=plan.html",
            "plan guide --simulate=tenant.json --save plan.json",
            "-vvv plan guide --simulate",
            "apply guide --simulate=tenant.json --auto-approve",
        ] {
            let run = world.steersman(command);
            let _ = has_no_secret(&world, run);
        }
    }
}

#[test]
fn security_h1c_the_address_cannot_carry_a_secret() {
    let world = guide();
    for address in [
        "https://${GITHUB_TOKEN}.api.identitynow.com",
        "${GITHUB_TOKEN}",
        "http://127.0.0.1:1/${GITHUB_TOKEN}",
    ] {
        world.write(
            "evil.yaml",
            format!("steersman: v1\ntenant: {{baseUrl: \"{address}\"}}\n"),
        );
        let run = world.steersman("plan guide evil.yaml").exits(1);
        let _ = has_no_secret(&world, run);
    }
}

#[test]
fn security_m7_links_out_of_the_folder_are_not_read() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.yaml");
    fs::write(&secret, format!("steersman: v1\npassword: {CANARY}\n")).unwrap();
    for (name, target) in [
        ("x.yaml", "/proc/self/environ"),
        ("x.yaml", secret.to_str().unwrap()),
        ("x.yaml", "../secret.yaml"),
        ("folder", outside.path().to_str().unwrap()),
    ] {
        let world = guide();
        world.write(
            "secret.yaml",
            format!("steersman: v1\npassword: {CANARY}\n"),
        );
        symlink(target, world.path("guide").join(name)).unwrap();
        for command in ["validate guide", "plan guide --simulate", "fmt guide"] {
            let run = world.steersman(command).exits(4);
            let shown = run.shown();
            assert!(
                !run.stdout.contains(CANARY) && !run.stderr.contains(CANARY),
                "{shown}"
            );
            assert!(
                shown.contains(&format!("guide/{name} is a link")),
                "{shown}"
            );
        }
    }
    // Nor by the name of the link itself, or of a folder that is one.
    let world = guide();
    symlink("/proc/self/environ", world.path("x.yaml")).unwrap();
    symlink(outside.path(), world.path("folder")).unwrap();
    world.write("vars.yaml", "");
    for command in [
        "validate x.yaml",
        "validate ./x.yaml",
        "validate folder",
        "validate folder/secret.yaml",
        "validate guide --var-file x.yaml",
    ] {
        let run = world.steersman(command).exits(4);
        let shown = run.shown();
        assert!(
            !run.stdout.contains(CANARY) && !run.stderr.contains(CANARY),
            "{shown}"
        );
        assert!(shown.contains("is a link"), "{shown}");
    }
    // What the operator names is read, wherever it is.
    let run = world
        .steersman_words(&["validate", secret.to_str().unwrap()])
        .exits(1);
    assert!(
        run.stderr.contains("unknown key `password`"),
        "{}",
        run.shown()
    );
}

#[test]
fn security_low_pipes_and_devices_do_not_hold_a_run_up() {
    let world = guide();
    let made = std::process::Command::new("mkfifo")
        .args([world.path("guide/x.yaml"), world.path("named.yaml")])
        .status()
        .unwrap();
    assert!(made.success());
    for (command, name) in [
        ("validate guide", "guide/x.yaml"),
        ("plan guide --simulate", "guide/x.yaml"),
        ("fmt guide", "guide/x.yaml"),
        ("validate named.yaml", "named.yaml"),
        ("validate /dev/zero", "/dev/zero"),
        (
            "validate guide/steersman.yaml --var-file /dev/zero",
            "/dev/zero",
        ),
    ] {
        let run = world.steersman(command).exits(1);
        assert!(run.stderr.contains(name), "{}", run.shown());
        assert!(
            run.stderr.contains("it is a pipe") || run.stderr.contains("it is a device"),
            "{}",
            run.shown()
        );
    }
}

#[test]
fn security_low_spec_2_each_file_is_read_once_and_loops_end() {
    let world = guide();
    world.write(
        "guide/more/extra.yaml",
        "steersman: v1\npolicy: {maxTokenLifetime: 180d}\n",
    );
    for name in ["guide/one", "guide/two", "guide/more/up"] {
        symlink(".", world.path(name)).unwrap();
    }
    symlink("..", world.path("guide/more/parent")).unwrap();
    symlink("steersman.yaml", world.path("guide/same.yaml")).unwrap();
    let valid = world.steersman("validate guide").exits(0);
    let absolute = world.path("guide");
    let absolute = absolute.to_str().unwrap();
    for words in [
        vec!["validate", "guide", "guide"],
        vec!["validate", "guide", "guide/more"],
        vec!["validate", "guide/more", "guide"],
        vec!["validate", "guide", "./guide/more/../steersman.yaml"],
        vec!["validate", "guide", absolute],
        vec!["validate", "guide/same.yaml", "guide"],
    ] {
        let run = world.steersman_words(&words).exits(0);
        assert_eq!(run.stdout, valid.stdout, "{words:?}");
    }
}

#[test]
fn security_low_an_expansion_bomb_is_refused_at_its_place() {
    let mut world = guide();
    world.set([("STEERSMAN_VAR_LONG".to_owned(), "x".repeat(8_000))]);
    let bomb = "${LONG}".repeat((16 << 20) / 7);
    world.replace(
        "guide/steersman.yaml",
        "owner: jane.doe",
        &format!("owner: jane.doe\n    description: \"{bomb}\""),
    );
    let run = world.steersman("validate guide --format json").exits(1);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let problem = &report["diagnostics"][0];
    assert_eq!(problem["code"], "SM0304");
    assert_eq!(problem["labels"][0]["file"], "guide/steersman.yaml");
    assert!(problem["labels"][0]["line"].as_u64().unwrap() > 1);
}

#[test]
fn security_low_a_file_is_read_up_to_the_limit() {
    let world = guide();
    // A sparse file, so that nothing is written for it.
    let file = fs::File::create(world.path("large.yaml")).unwrap();
    file.set_len(1 << 40).unwrap();
    let run = world.steersman("validate large.yaml").exits(1);
    assert!(run.stderr.contains("SM0104"), "{}", run.shown());
}

#[test]
fn spec_6_other_yaml_in_the_folder_is_left_alone() {
    let world = guide();
    let foreign = "site_name:   docs\nnav: [ {a: b} ]\n---\nx: *y\n";
    world.write("guide/mkdocs.yml", foreign);
    world.write(
        "guide/node_modules/a/values.yaml",
        "serviceAccount: {create: true}\n",
    );
    let _ = world.steersman("validate guide").exits(0);
    let _ = world.steersman("plan guide --simulate").exits(0);
    let _ = world.steersman("fmt guide").exits(0);
    assert_eq!(world.read("guide/mkdocs.yml"), foreign);
    // One that was named itself has to be a spec.
    let _ = world
        .steersman("validate guide/node_modules/a/values.yaml")
        .exits(1);
    let run = world.steersman("validate guide/node_modules").exits(1);
    assert!(
        run.stderr.contains("guide/node_modules has no spec file"),
        "{}",
        run.shown()
    );
}

#[test]
fn spec_5_spec_7_variables_and_simulation() {
    let world = world!();
    world.example("guide");
    world.replace("guide/steersman.yaml", "owner: jane.doe", "owner: ${OWNER}");
    world.write(
        "tenant.yaml",
        "steersman: v1\ntenant:\n  baseUrl: ${ACME_URL}\n  clientId: ${ACME_ID}\n  clientSecret: ${ACME_SECRET}\n",
    );
    let with = |more: &str| world.steersman(&format!("plan guide tenant.yaml --simulate {more}"));
    // The tenant's variables are not needed, the owner is.
    let run = with("").exits(1);
    assert!(
        run.stderr.contains("variable `OWNER` is not set"),
        "{}",
        run.shown()
    );
    assert!(!run.stderr.contains("ACME"), "{}", run.shown());
    let _ = with("--var OWNER=jane.doe").exits(0);
    world.write("vars.yaml", "OWNER: jane.doe\n");
    let _ = with("--var-file vars.yaml").exits(0);
    world.write("vars.yaml", "OWNER: [hunter2]\n");
    let run = with("--var-file vars.yaml").exits(1);
    assert!(run.stderr.contains("vars.yaml:1:8"), "{}", run.shown());
    assert!(!run.stderr.contains("hunter2"), "{}", run.shown());
    // An owner that is not known is one that the tenant does not have.
    let run = with("--mock-variables").exits(1);
    assert!(run.stderr.contains("SM0901"), "{}", run.shown());
    let _ = world
        .steersman("validate guide tenant.yaml --mock-variables")
        .exits(0);
    let _ = world.steersman("plan guide --mock-variables").exits(64);
    world.write(
        "tenant.yaml",
        "steersman: v1\nvariables: {OWNER: jane.doe}\n",
    );
    let _ = with("").exits(0);
}

#[test]
fn spec_4_a_wrong_address_is_said_without_a_tenant() {
    let world = guide();
    world.write(
        "tenant.yaml",
        "steersman: v1\ntenant:\n  baseUrl: acme.api.identitynow.com\n",
    );
    let run = world.steersman("validate guide tenant.yaml").exits(1);
    assert!(run.stderr.contains("SM0803"), "{}", run.shown());
    assert!(run.stderr.contains("tenant.yaml:3:12"), "{}", run.shown());
    assert!(
        run.stderr
            .contains("write `https://acme.api.identitynow.com`"),
        "{}",
        run.shown()
    );
}
