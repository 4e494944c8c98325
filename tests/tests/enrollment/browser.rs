//! Signing in in a browser.

use crate::setting::{ISSUER, MANAGE, Setting, shown};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

#[test]
fn the_account_holder_signs_in_and_nobody_sees_the_issuer() {
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    let mut run = setting.start("enroll audit01 guide --no-browser --format json");
    let (status, page) = run.sign_in("audit01");
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("You have signed in"), "{page}");
    let run = run.ended().exits(0);
    let document: Value = serde_json::from_str(&setting.world.read(ISSUER)).unwrap();
    assert_eq!(document["scopes"], json!([MANAGE]));
    assert_eq!(document["account"], "audit01");
    let secret = document["clientSecret"].as_str().unwrap();
    assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret));
    insta::assert_snapshot!(shown(&setting, &run));

    let _ = setting
        .world
        .steersman("apply guide --auto-approve")
        .exits(0);
    let _ = setting
        .world
        .steersman("plan guide --detailed-exitcode")
        .exits(0);
}

#[test]
fn a_confidential_client_has_its_secret_in_the_environment() {
    let mut setting = Setting::guide();
    let client = setting.configure_client(&json!({"type": "CONFIDENTIAL"}));
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    let run = run.ended().exits(6);
    assert!(
        run.stderr
            .contains("does not accept the sign-in through the OAuth client"),
        "{}",
        run.shown()
    );
    assert!(!run.stderr.contains("SAIL_CLIENT_ID"), "{}", run.shown());
    let secret = client["secret"].as_str().unwrap().to_owned();
    setting
        .world
        .set([("STEERSMAN_ENROLL_CLIENT_SECRET".to_owned(), secret.clone())]);
    let mut run = setting.start("enroll audit01 guide --no-browser");
    let _ = run.sign_in("audit01");
    let run = run.ended().exits(0);
    assert!(!run.stderr.contains(&secret), "the secret is in the link");
}

/// Also where the browser comes back from is checked by its own rules.
#[test]
fn a_real_browser_signs_in_and_comes_back() {
    const CHROMIUM: &str = "/usr/bin/chromium";
    if !Path::new(CHROMIUM).exists() {
        println!("left out: there is no {CHROMIUM}");
        return;
    }
    let mut setting = Setting::guide();
    let _ = setting.configure_client(&json!({}));
    // What opens links on a desktop: it signs in, and keeps the page at the end.
    let opener = setting.world.path("bin/xdg-open");
    setting.world.write(
        "bin/xdg-open",
        format!(
            "#!/bin/sh\nexec {CHROMIUM} --headless --no-sandbox --disable-gpu --no-first-run \
             --disable-background-networking --user-data-dir='{}' --dump-dom \"$1&as=audit01\" \
             > '{}' 2>/dev/null\n",
            setting.world.path("profile").display(),
            setting.world.path("page.html").display(),
        ),
    );
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:/usr/bin:/bin", setting.world.path("bin").display());
    setting.world.set([("PATH".to_owned(), path)]);
    let run = setting
        .world
        .steersman("enroll audit01 guide --browser --timeout 90")
        .exits(0);
    assert!(
        run.stdout.contains("audit01 is enrolled"),
        "{}",
        run.shown()
    );
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !setting
        .world
        .read("page.html")
        .contains("You have signed in")
    {
        assert!(
            std::time::Instant::now() < patience,
            "{}",
            setting.world.read("page.html")
        );
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
