//! The simulator is of use without steersman: a script of curl and jq walks the guide on it.

use std::path::Path;
use std::process::{Command, Stdio};

use secrecy::ExposeSecret as _;
use simulator::{ClockMode, Config};
use tests::judge::proxy::RecordingProxy;
use tests::judge::{Judge, description_folder};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn curl_and_jq_walk_the_guide() {
    for tool in ["curl", "jq"] {
        if !is_installed(tool) {
            println!("skipped: {tool} is not installed");
            return;
        }
    }
    let config = Config {
        clock: ClockMode::Accelerated(200.0),
        ..Config::default()
    };
    let running = simulator::start(config).await.expect("a simulator");
    // What the script sends and receives is recorded on the way, and judged where the official
    // description is at hand.
    let proxy = RecordingProxy::start(&running.base_url())
        .await
        .expect("a proxy");
    let credentials = running.admin_credentials();
    let mut script = tokio::process::Command::new("sh");
    script
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/curl_walk.sh"))
        .env("SAIL_BASE_URL", &proxy.base_url)
        .env("SAIL_CLIENT_ID", credentials.client_id)
        .env(
            "SAIL_CLIENT_SECRET",
            credentials.client_secret.expose_secret(),
        );
    let output = script.output().await.expect("the script runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complained}\nafter:\n{said}");
    let steps: Vec<_> = said
        .lines()
        .filter_map(|line| line.split(':').next())
        .collect();
    let expected = [
        "token", "source", "schema", "import", "profile", "process", "invite", "level", "token",
    ];
    assert_eq!(steps, expected, "{said}");

    let Some(folder) = description_folder() else {
        println!("not judged: STEERSMAN_ISC_DESCRIPTION does not name the description");
        return;
    };
    let judge = Judge::load(&folder).expect("the official description");
    let exchanges = proxy.record.exchanges();
    assert!(exchanges.len() > 15, "{}", exchanges.len());
    let of_description = exchanges
        .iter()
        .filter(|e| e.request.path != "/oauth/token");
    let complaints: Vec<_> = of_description
        .flat_map(|e| judge.judge(e).complaints)
        .map(|c| c.to_string())
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

fn is_installed(tool: &str) -> bool {
    let mut command = Command::new(tool);
    command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
