//! Pasting at a terminal: a pseudo-terminal of `script`, with the marks of bracketed paste.

use crate::setting::{ISSUER, MANAGE, Setting};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A run at a terminal.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<String>>,
}

impl Terminal {
    fn start(setting: &Setting, words: &str) -> Self {
        let steersman = setting.world.command();
        let line = format!("{} {words}", steersman.get_program().to_str().unwrap());
        let mut script = Command::new("/usr/bin/script");
        script
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .current_dir(setting.world.folder())
            .env_clear();
        for (name, value) in steersman.get_envs() {
            script.env(name, value.unwrap_or_default());
        }
        let mut child = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let keyboard = child.stdin.take().unwrap();
        let mut output = child.stdout.take().unwrap();
        let screen = Arc::<Mutex<String>>::default();
        let written = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
                written.lock().unwrap().push_str(&text);
            }
        });
        Self {
            child,
            keyboard,
            screen,
        }
    }

    /// Waits for a text, and a moment more: the terminal is silenced behind its prompt.
    fn shows(&self, text: &str) {
        let patience = Instant::now() + Duration::from_secs(20);
        while !self.screen.lock().unwrap().contains(text) {
            let screen = self.screen.lock().unwrap().clone();
            assert!(Instant::now() < patience, "no {text:?} in\n{screen}");
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(200));
    }

    fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// The exit code and all that was shown.
    fn ended(mut self) -> (i32, String) {
        let status = self.child.wait().unwrap();
        std::thread::sleep(Duration::from_millis(100));
        let screen = self.screen.lock().unwrap().clone();
        (status.code().unwrap_or(-1), screen)
    }
}

#[test]
fn both_lines_are_pasted_at_once_and_not_shown() {
    let setting = Setting::guide();
    let (id, secret) = setting.mint("audit01", MANAGE, None);
    let mut terminal = Terminal::start(&setting, "enroll audit01 guide --paste");
    terminal.shows("Client ID of the token of audit01 (not shown): ");
    terminal.types(&format!(
        "\u{1b}[200~CLIENT_ID=\u{a0}{id}\r\nCLIENT_SECRET=\"{secret}\"\u{200b}\u{1b}[201~\r"
    ));
    let (code, screen) = terminal.ended();
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("audit01 is enrolled"), "{screen}");
    assert!(!screen.contains(&secret), "the secret is on the screen");
    // The entered token was replaced and revoked: its secret is of no use any more.
    assert!(!setting.world.read(ISSUER).contains(&secret));
    let names = setting.tokens();
    assert!(
        names.len() == 1 && names[0].starts_with("steersman-issuer~"),
        "{names:?}"
    );
}

#[test]
fn ctrl_c_at_the_prompt_leaves_everything_as_it_was() {
    let setting = Setting::guide();
    let (id, _) = setting.mint("audit01", MANAGE, None);
    let mut terminal = Terminal::start(&setting, "enroll audit01 guide --paste");
    terminal.shows("Client ID of the token");
    terminal.types(&format!("{id}\r"));
    terminal.shows("Client secret of the token");
    let began = Instant::now();
    terminal.types("\u{3}");
    let (code, screen) = terminal.ended();
    assert_eq!(code, 130, "{screen}");
    assert!(began.elapsed() < Duration::from_secs(10), "{screen}");
    assert!(!setting.world.path(ISSUER).exists());
}
