//! Panics while secrets are in memory: what is printed of them has none, in any form.

use crate::forms::found;
use crate::stores::{GIVE, KEEP, enroll, run, secret, with_programs};
use tests::World;

const TOKEN: &str = ".steersman/secrets/audit01/monthly-report";

/// Keeps the document, and has the program panic with it in every form while it waits.
const PANICS: &str = r#"mkdir -p ".steersman/secrets/${1%/*}"; cat > ".steersman/secrets/$1"; f=".steersman/secrets/$1"; (cat "$f"; base64 "$f"; base64 -w0 "$f"; od "$f"; od -An -v -tx1 "$f"; od -w1 -c "$f") > panic.part; mv panic.part panic; sleep 0.5"#;

fn no_secret_in(world: &World, said: &str, secrets: &[String]) {
    assert_eq!(found(said, secrets), Vec::<&str>::new(), "{said}");
    for (path, text) in world.everything_written() {
        let is_their_place = ["tenant/t.json", "panic"].map(|path| world.path(path));
        if is_their_place.contains(&path) || path.starts_with(world.path(".steersman/secrets")) {
            continue;
        }
        let path = path.display();
        assert_eq!(found(&text, secrets), Vec::<&str>::new(), "{path}");
    }
}

#[test]
fn security_m6_a_panic_with_secrets_in_its_message_prints_none() {
    let healthy = with_programs(KEEP, GIVE);
    enroll(&healthy);
    let mut world = World::new(env!("CARGO_BIN_EXE_steersman-panicking"));
    for (path, text) in healthy.everything_written() {
        let path = path.strip_prefix(healthy.folder()).unwrap();
        world.write(path.to_str().unwrap(), text);
    }
    let panic = world.path("panic").display().to_string();
    world.set([("PANIC_WITH".to_owned(), panic)]);
    world.write("tools/put.sh", PANICS);
    let ended = run(&world, "apply --auto-approve --allow-commands -vvv");
    let secrets = [
        simulator::ADMIN_CLIENT_SECRET.to_owned(),
        secret(&world, TOKEN),
    ];
    assert!(
        ended.stderr.contains("error: internal error at ") && ended.stderr.contains("[secret]"),
        "{}",
        ended.shown()
    );
    // The text of the panic has the secret in forms that the search knows.
    assert!(found(&world.read("panic"), &secrets).contains(&secrets[1].as_str()));
    no_secret_in(
        &world,
        &format!("{}{}", ended.stdout, ended.stderr),
        &secrets,
    );
}

/// Without memory for the stacks of its threads, the program itself panics.
#[cfg(target_os = "linux")]
#[test]
fn security_m6_a_panic_of_the_program_itself_prints_no_secret() {
    let mut world = tests::world!();
    world.example("guide");
    let secret = "s3cr3t-of-the-operator-0f1e2d3c4b5a6978";
    let variables = [
        ("SAIL_CLIENT_SECRET", secret),
        ("SAIL_CLIENT_ID", "cid-0123456789"),
        ("SAIL_BASE_URL", "http://127.0.0.1:9"),
        ("RUST_BACKTRACE", "1"),
    ];
    world.set(variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut panicked = false;
    // Below the lowest limit the program cannot be loaded, and above the highest it runs.
    for limit in (60..400).map(|halves| halves * 512) {
        let program = world.command();
        let script = format!("ulimit -v {limit}; exec timeout -k 1 5 \"$0\" plan guide -vvv");
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .arg(program.get_program())
            .current_dir(world.folder())
            .env_clear()
            .envs(
                program
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .output()
            .unwrap();
        let ended = world.ended(&["plan"], &output);
        let secrets = [secret.to_owned()];
        no_secret_in(
            &world,
            &format!("{}{}", ended.stdout, ended.stderr),
            &secrets,
        );
        panicked = ended.stderr.contains("internal error at ");
        if panicked || ended.stderr.contains("no connection to") {
            break;
        }
    }
    assert!(panicked, "no limit made it panic");
}
