//! What keeps pages in a browser, links and other people's files apart from the simulator.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

#[expect(dead_code, reason = "other tests use more of it")]
mod support;

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{ClockMode, Config, SimulatorError, StateFileError};
use support::{Caller, client, manual, read};

/// Findings: a page that the developer visits could grant levels or read the state.
#[tokio::test]
async fn security_foreign_hosts_and_origins_are_refused() {
    let simulator = manual().await;
    let admin = Caller::admin(&simulator).await;
    let own = admin.base.strip_prefix("http://").unwrap().to_owned();
    for (name, value, expected) in [
        ("host", "evil.example", 403),
        ("host", "localhost.evil.example:80", 403),
        ("host", "localhost", 200),
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("origin", "http://localhost:1", 403),
        ("origin", &admin.base, 200),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-origin", 200),
    ] {
        for path in ["/sources/v1", "/_simulator/state", "/_simulator/clock"] {
            let answer = admin
                .request(Method::GET, path)
                .header(name, value)
                .send()
                .await
                .unwrap();
            let (status, body) = read(answer).await;
            assert_eq!(status, expected, "{name}: {value} {path} {body}");
            if status == 403 && path.starts_with("/_simulator") {
                assert!(body["error"].is_string(), "{body}");
            } else if status == 403 {
                assert_eq!(body["detailCode"], "403 Forbidden", "{body}");
            }
        }
    }
    let refused = simulator.requests(&simulator::RequestFilter {
        status: Some(403),
        ..Default::default()
    });
    assert!(!refused.is_empty(), "what is refused can be seen: {own}");
}

#[tokio::test]
async fn security_a_simple_form_cannot_control_the_simulator() {
    let simulator = manual().await;
    let base = simulator.base_url();
    let grant = json!({"account": "svc-backup", "levels": ["ORG_ADMIN"]}).to_string();
    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
    ] {
        let mut request = client()
            .post(format!("{base}/_simulator/levels/set"))
            .body(grant.clone());
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_eq!(status, 415, "{kind:?} {body}");
    }
    let admin = Caller::admin(&simulator).await;
    let (_, found) = admin
        .get("/identities/v1?filters=alias%20eq%20%22svc-backup%22")
        .await;
    let id = found[0]["id"].as_str().unwrap();
    let (_, user) = admin.get(&format!("/auth-users/v1/{id}")).await;
    assert_eq!(user["capabilities"], json!([]));
    let request = client()
        .post(format!("{base}/_simulator/levels/set"))
        .header("content-type", "application/json; charset=utf-8")
        .body(grant);
    assert_eq!(request.send().await.unwrap().status(), 204);
}

#[tokio::test]
async fn security_a_name_of_ones_own_is_told() {
    let simulator = simulator::start(Config {
        hosts: vec!["tenant.test".into()],
        ..Config::default()
    })
    .await
    .unwrap();
    let ask = |host: &str| {
        client()
            .get(format!("{}/_simulator/clock", simulator.base_url()))
            .header("host", host)
            .send()
    };
    assert_eq!(ask("tenant.test:8080").await.unwrap().status(), 200);
    assert_eq!(ask("other.test").await.unwrap().status(), 403);
}

#[cfg(unix)]
mod files {
    use super::*;
    use camino::{Utf8Path, Utf8PathBuf};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        (folder, path)
    }

    async fn with_state(path: &Utf8Path) -> Result<simulator::Running, SimulatorError> {
        simulator::start(Config {
            state: Some(path.to_owned()),
            clock: ClockMode::Manual,
            ..Config::default()
        })
        .await
    }

    /// Finding: `STATE.lock` followed a link and truncated its target.
    #[tokio::test]
    async fn security_a_lock_that_is_a_link_is_not_followed() {
        let (_kept, folder) = folder();
        let victim = folder.join("victim");
        fs_err::write(&victim, "1234 precious").unwrap();
        for make in [
            |victim: &Utf8Path, lock: &Utf8Path| symlink(victim, lock).unwrap(),
            |victim: &Utf8Path, lock: &Utf8Path| fs_err::hard_link(victim, lock).unwrap(),
            |victim: &Utf8Path, lock: &Utf8Path| {
                fs_err::copy(victim, lock).unwrap();
            },
        ] {
            let state = folder.join("state.json");
            let lock = folder.join("state.json.lock");
            make(&victim, &lock);
            let error = with_state(&state).await.unwrap_err();
            assert!(
                matches!(error, SimulatorError::State(StateFileError::Lock { .. })),
                "{error}"
            );
            assert_eq!(fs_err::read_to_string(&victim).unwrap(), "1234 precious");
            assert_eq!(fs_err::read_to_string(&lock).unwrap(), "1234 precious");
            fs_err::remove_file(&lock).unwrap();
        }
        // A link that leads nowhere yet makes nothing there.
        symlink(folder.join("absent"), folder.join("state.json.lock")).unwrap();
        assert!(with_state(&folder.join("state.json")).await.is_err());
        assert!(!folder.join("absent").exists());
    }

    /// Finding: the lock was 0666 at umask 000. Its mode is asked for, and does not come from there.
    #[tokio::test]
    async fn security_the_lock_is_its_owners() {
        let (_kept, folder) = folder();
        let state = folder.join("state.json");
        let running = with_state(&state).await.unwrap();
        for file in [&state, &folder.join("state.json.lock")] {
            let mode = fs_err::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
        running.shutdown().await.unwrap();
    }

    /// What is written beside the state follows no link either.
    #[tokio::test]
    async fn security_a_planted_new_file_is_not_followed() {
        let (_kept, folder) = folder();
        let victim = folder.join("victim");
        fs_err::write(&victim, "precious").unwrap();
        symlink(&victim, folder.join("state.json.new")).unwrap();
        let running = with_state(&folder.join("state.json")).await.unwrap();
        running.shutdown().await.unwrap();
        assert_eq!(fs_err::read_to_string(&victim).unwrap(), "precious");
    }

    #[tokio::test]
    async fn d13_a_state_file_that_is_a_link_is_written_through() {
        let (_kept, folder) = folder();
        let real = folder.join("real.json");
        let link = folder.join("link.json");
        with_state(&real).await.unwrap().shutdown().await.unwrap();
        symlink(&real, &link).unwrap();
        let running = with_state(&link).await.unwrap();
        // One lock for both names.
        for name in [&real, &link] {
            let error = with_state(name).await.unwrap_err();
            assert!(
                matches!(error, SimulatorError::State(StateFileError::InUse { .. })),
                "{error}"
            );
        }
        let admin = Caller::admin(&running).await;
        let (status, _) = admin
            .post(
                "/personal-access-tokens/v1",
                json!({"name": "kept", "expirationDate": "2099-01-01T00:00:00Z"}),
            )
            .await;
        assert_eq!(status, 200);
        running.shutdown().await.unwrap();
        assert!(fs_err::symlink_metadata(&link).unwrap().is_symlink());
        let saved: Value = serde_json::from_slice(&fs_err::read(&real).unwrap()).unwrap();
        assert!(saved["tokens"].to_string().contains("kept"));
    }

    #[tokio::test]
    async fn d13_a_state_file_that_is_no_file_is_refused_by_name() {
        let (_kept, folder) = folder();
        let dangling = folder.join("dangling.json");
        symlink(folder.join("nothing"), &dangling).unwrap();
        for path in [&folder, &Utf8PathBuf::from("/dev/null"), &dangling] {
            let error = with_state(path).await.unwrap_err();
            let text = format!("{error}");
            assert!(text.contains(path.as_str()), "{text}");
        }
    }

    /// D5: a state that cannot be saved is told at once, and nothing more is taken.
    #[tokio::test]
    async fn d5_a_state_that_cannot_be_saved_is_told_at_once() {
        let (_kept, folder) = folder();
        let home = folder.join("home");
        let running = with_state(&home.join("state.json")).await.unwrap();
        let admin = Caller::admin(&running).await;
        let token = |name: &str| json!({"name": name, "expirationDate": "2099-01-01T00:00:00Z"});
        let path = "/personal-access-tokens/v1";
        assert_eq!(admin.post(path, token("a")).await.0, 200);
        fs_err::rename(&home, folder.join("moved")).unwrap();
        for name in ["b", "c"] {
            let (status, body) = admin.post(path, token(name)).await;
            let cause = &body["causes"][0]["text"];
            assert!(cause.as_str().unwrap().contains("state file"), "{body}");
            assert_eq!(status, 503);
        }
        assert_eq!(admin.get("/sources/v1").await.0, 200);
        fs_err::rename(folder.join("moved"), &home).unwrap();
        assert_eq!(admin.post(path, token("d")).await.0, 200);
        running.shutdown().await.unwrap();
    }
}
