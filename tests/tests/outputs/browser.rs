//! A headless browser that is driven over a pair of pipes.

use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const CHROMIUM: &str = "/usr/bin/chromium";

/// A page that is open in a browser, and what it complained about and asked for.
pub(crate) struct Browser {
    child: Child,
    commands: File,
    answers: BufReader<File>,
    session: Option<String>,
    number: u64,
    /// Errors and messages of the console.
    pub(crate) complaints: Vec<String>,
    /// The addresses that were asked for.
    pub(crate) requests: Vec<String>,
}

impl Browser {
    /// Opens a file; none where there is no browser, which is printed.
    #[expect(clippy::print_stdout, reason = "it says what is left out")]
    pub(crate) fn open(folder: &Path, page: &Path, width: u64) -> Option<Self> {
        if !Path::new(CHROMIUM).exists() {
            println!("left out: there is no {CHROMIUM}");
            return None;
        }
        let [commands, answers] = ["commands", "answers"].map(|name| {
            let path = folder.join(format!("{name}-{width}"));
            assert!(
                Command::new("mkfifo")
                    .arg(&path)
                    .status()
                    .unwrap()
                    .success()
            );
            path
        });
        let child = Command::new("/bin/sh")
            .arg("-c")
            .arg(format!(
                "exec {CHROMIUM} --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
                 --remote-debugging-pipe --user-data-dir='{}' about:blank 3<'{}' 4>'{}'",
                folder.join(format!("profile-{width}")).display(),
                commands.display(),
                answers.display()
            ))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut browser = Self {
            child,
            commands: File::options().write(true).open(commands).unwrap(),
            answers: BufReader::new(File::open(answers).unwrap()),
            session: None,
            number: 0,
            complaints: Vec::new(),
            requests: Vec::new(),
        };
        let target = browser.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let target = target["targetId"].as_str().unwrap().to_owned();
        let attached = browser.ask(
            "Target.attachToTarget",
            &json!({"targetId": target, "flatten": true}),
        );
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Runtime", "Log", "Network", "Page"] {
            let _ = browser.ask(&format!("{domain}.enable"), &json!({}));
        }
        let _ = browser.ask(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        let url = format!("file://{}", page.display());
        let _ = browser.ask("Page.navigate", &json!({"url": url}));
        while browser.next()["method"] != "Page.loadEventFired" {}
        Some(browser)
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let answer = self.ask(
            "Runtime.evaluate",
            &json!({"expression": expression, "returnByValue": true, "awaitPromise": true}),
        );
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// The value of an expression that depends on what was painted: a machine with much
    /// to do paints late, so some frames are waited for until it is the expected one.
    pub(crate) fn value_when_painted(&mut self, expression: &str, expected: &str) -> Value {
        let mut value = self.value(expression);
        for _ in 0..100 {
            if value == expected {
                break;
            }
            // Without a frame, as in a page that is not shown, a time limit goes on.
            let _ = self.value(
                "new Promise(next => { requestAnimationFrame(next); setTimeout(next, 100); })",
            );
            value = self.value(expression);
        }
        value
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut command = json!({"id": self.number, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = session.as_str().into();
        }
        self.commands
            .write_all(format!("{command}\0").as_bytes())
            .unwrap();
        loop {
            let answer = self.next();
            if answer["id"] == self.number {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// The next answer or event.
    fn next(&mut self) -> Value {
        let mut bytes = Vec::new();
        let _ = self.answers.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "the browser has ended");
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        match message["method"].as_str() {
            Some("Log.entryAdded" | "Runtime.exceptionThrown" | "Runtime.consoleAPICalled") => {
                self.complaints.push(message["params"].to_string());
            }
            Some("Network.requestWillBeSent") => {
                let url = message["params"]["request"]["url"].as_str().unwrap();
                self.requests.push(url.to_owned());
            }
            Some(_) | None => {}
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
