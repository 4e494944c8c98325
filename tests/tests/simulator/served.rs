//! A simulator that runs as a process until the test has done with it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tests::World;

/// It is stopped at the end of the test.
pub(crate) struct Served {
    program: Child,
    /// The address to give as `SAIL_BASE_URL`.
    pub(crate) base: String,
    /// The three lines to export.
    pub(crate) lines: Vec<String>,
}

impl Served {
    /// Starts it with these words, and waits until it says where it is.
    pub(crate) fn start(world: &World, words: &[&str]) -> Self {
        let mut command = world.command();
        command.args([&["simulator"], words].concat());
        Self::of(&mut command)
    }

    /// Starts one that cannot write files of more than so many units of 512 bytes.
    pub(crate) fn start_limited(world: &World, words: &[&str], units: u64) -> Self {
        let program = world.command();
        let script = format!("trap '' XFSZ; ulimit -f {units}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command
            .env_clear()
            .args(["-c", &script])
            .arg(program.get_program());
        command.args([&["simulator"], words].concat());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = program.get_current_dir() {
            command.current_dir(folder);
        }
        Self::of(&mut command)
    }

    fn of(command: &mut Command) -> Self {
        let program = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut served = Self {
            program,
            base: String::new(),
            lines: Vec::new(),
        };
        let stdout = served.program.stdout.take().unwrap();
        served.lines = BufReader::new(stdout)
            .lines()
            .take(3)
            .map_while(Result::ok)
            .collect();
        let base = served
            .lines
            .first()
            .and_then(|line| line.strip_prefix("export SAIL_BASE_URL="));
        match base {
            Some(base) => served.base = base.to_owned(),
            None => panic!("{:?}\n{}", served.lines.clone(), served.said()),
        }
        served
    }

    /// What it has said to a person until it was stopped.
    pub(crate) fn said(mut self) -> String {
        // One that has ended already cannot be stopped, which is as well.
        let _ = self.program.kill();
        let mut said = String::new();
        self.program
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        said
    }

    /// Tells it to end, as what runs in the background is told, and waits: its exit code.
    pub(crate) fn ended(mut self) -> Option<i32> {
        self.end()
    }

    fn end(&mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.program);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.program.wait().unwrap().code()
    }

    /// Tells it to end, and waits: its exit code, and what it has said to a person.
    pub(crate) fn ended_and_said(mut self) -> (Option<i32>, String) {
        let mut stderr = self.program.stderr.take().unwrap();
        let code = self.end();
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        (code, said)
    }

    /// The variables that the printed lines export.
    pub(crate) fn variables(&self) -> Vec<(String, String)> {
        let pair = |line: &String| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        self.lines.iter().filter_map(pair).collect()
    }

    /// Somebody who is signed in with the printed credentials.
    pub(crate) fn client(&self) -> Client {
        let value = |name: &str| {
            let prefix = format!("export {name}=");
            let line = self
                .lines
                .iter()
                .find_map(|line| line.strip_prefix(&prefix));
            line.unwrap().to_owned()
        };
        self.client_with(&value("SAIL_CLIENT_ID"), &value("SAIL_CLIENT_SECRET"))
    }

    /// Somebody who is signed in with these credentials.
    pub(crate) fn client_with(&self, id: &str, secret: &str) -> Client {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let http = http();
        let token = runtime.block_on(async {
            let answer = http
                .post(format!("{}/oauth/token", self.base))
                .form(&[
                    ("grant_type", "client_credentials"),
                    ("client_id", id),
                    ("client_secret", secret),
                ])
                .send()
                .await
                .unwrap();
            answer.json::<Value>().await.unwrap()["access_token"]
                .as_str()
                .unwrap()
                .to_owned()
        });
        Client {
            runtime,
            http,
            base: self.base.clone(),
            token,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended already cannot be stopped, which is as well.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// A client that asks one thing after another.
pub(crate) struct Client {
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// Status, `Retry-After` and body of an answer.
    pub(crate) fn get(&self, path: &str) -> (u16, Option<String>, Value) {
        self.runtime.block_on(async {
            let answer = self
                .http
                .get(format!("{}{path}", self.base))
                .bearer_auth(&self.token)
                .send()
                .await
                .unwrap();
            let after = answer
                .headers()
                .get("retry-after")
                .map(|value| value.to_str().unwrap().to_owned());
            (
                answer.status().as_u16(),
                after,
                answer.json().await.unwrap_or_default(),
            )
        })
    }

    /// Status and body of the answer to a body that is sent; none if there was no answer.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Option<(u16, Value)> {
        self.runtime.block_on(async {
            let request = self
                .http
                .post(format!("{}{path}", self.base))
                .bearer_auth(&self.token)
                .json(body);
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            Some((status, answer.json().await.ok()?))
        })
    }
}

impl Client {
    /// Status, `Location` and body of the answer to any request; redirects are not followed.
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> (u16, Option<String>, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let target = format!("{}{path}", self.base);
        let mut request = self.http.request(method, target).body(body);
        if headers.iter().all(|(name, _)| *name != "authorization") {
            request = request.bearer_auth(&self.token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let location = answer.headers().get("location");
            let location = location.map(|value| value.to_str().unwrap().to_owned());
            (
                answer.status().as_u16(),
                location,
                answer.json().await.unwrap_or_default(),
            )
        })
    }

    /// The access token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether the connection broke instead of an answer.
    pub(crate) fn is_reset(&self, path: &str) -> bool {
        let target = format!("{}{path}", self.base);
        let request = self.http.get(target).bearer_auth(&self.token);
        self.runtime
            .block_on(async { request.send().await.is_err() })
    }

    /// The status of the answer to a request that names this host.
    pub(crate) fn status_at_host(&self, path: &str, host: &str) -> u16 {
        let target = format!("{}{path}", self.base);
        let request = self.http.get(target).header("host", host);
        let answer = self.runtime.block_on(async { request.send().await });
        answer.unwrap().status().as_u16()
    }

    /// The status of the answer to a file that is uploaded.
    pub(crate) fn upload(&self, path: &str, file: &str) -> u16 {
        // Clients choose another boundary each time.
        static USED: AtomicU64 = AtomicU64::new(0);
        let boundary = format!("boundary-{}", USED.fetch_add(1, Ordering::Relaxed));
        let body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--{boundary}--\r\n"
        );
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .bearer_auth(&self.token)
            .header("content-type", kind)
            .body(body);
        let answer = self.runtime.block_on(async { request.send().await });
        answer.unwrap().status().as_u16()
    }
}

fn http() -> reqwest::Client {
    // Another test may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}
