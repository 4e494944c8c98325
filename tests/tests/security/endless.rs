//! A response that never begins: signals are acted on all the same.

use crate::server::{is_sign_in, json, start};
use std::io::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::world;

#[test]
fn security_s4_endless_interim_responses_hold_up_no_signal() {
    let mut world = world!();
    world.example("guide");
    world.set(start(|request, stream| {
        if is_sign_in(request) {
            return json(
                stream,
                r#"{"access_token":"eyJhbGciOiJub25lIn0.e30.abcdefghijklmnop","expires_in":749}"#,
            );
        }
        let flood = "HTTP/1.1 100 Continue\r\n\r\n".repeat(40_000);
        loop {
            stream.write_all(flood.as_bytes())?;
        }
    }));
    let child = world
        .command()
        .args(["plan", "guide", "--retries", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(5));
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let sent = Instant::now();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(143), "{said}");
    assert!(
        said.contains("SIGTERM: stopped; nothing was changed"),
        "{said}"
    );
    // Its half second, on a busy machine.
    assert!(
        sent.elapsed() < Duration::from_secs(20),
        "{:?}",
        sent.elapsed()
    );
}
