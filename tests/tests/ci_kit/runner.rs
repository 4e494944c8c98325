//! A small runner of GitHub Actions: jobs, steps, composite actions, artifacts and caches,
//! as far as the workflows of this repository use them.

use crate::machine::Done;
use crate::setting::Setting;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tests::repository;

type Texts = BTreeMap<String, String>;

/// A job that has ended.
pub(crate) struct Job {
    pub(crate) done: Done,
    pub(crate) outputs: Texts,
}

/// Runs jobs on the machine of a setting.
pub(crate) struct Runner<'a> {
    setting: &'a Setting,
    /// Values of expressions, such as `secrets.SAIL_CLIENT_ID`.
    pub(crate) values: Texts,
}

/// One list of steps: of a job or of a composite action.
struct Scope {
    values: Texts,
    environment: Texts,
    log: String,
    failed: i32,
    folder: Option<PathBuf>,
}

impl<'a> Runner<'a> {
    pub(crate) fn new(setting: &'a Setting, event: &str) -> Self {
        let values = [
            ("github.event_name", event),
            ("github.repository", "acme/accounts"),
            ("github.event.pull_request.number", "7"),
            ("github.ref", "refs/heads/main"),
            ("github.ref_name", "main"),
            ("github.run_id", "1"),
            ("github.run_attempt", "1"),
            ("github.token", "ghs_secret-token"),
            ("runner.temp", &setting.machine.temp()),
        ];
        Self {
            setting,
            values: values
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        }
    }

    /// The credentials of an environment of the tenant, and the key of its stores.
    pub(crate) fn with_credentials(mut self, stores: bool) -> Self {
        for (value, name) in [
            ("vars.SAIL_BASE_URL", "SAIL_BASE_URL"),
            ("secrets.SAIL_CLIENT_ID", "SAIL_CLIENT_ID"),
            ("secrets.SAIL_CLIENT_SECRET", "SAIL_CLIENT_SECRET"),
        ] {
            self.values
                .insert(value.to_owned(), self.setting.sail(name));
        }
        if stores {
            let key = crate::setting::IDENTITY.to_owned();
            self.values.insert("secrets.AGE_IDENTITY".to_owned(), key);
            self.values
                .insert("vars.STEERSMAN_STORES".to_owned(), "secrets".to_owned());
        }
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs a job on a new checkout of main.
    pub(crate) fn job(&self, workflow: &str, name: &str) -> Job {
        let file = self
            .setting
            .repository()
            .join(".github/workflows")
            .join(workflow);
        let workflow = yaml(&file);
        let job = &workflow["jobs"][name];
        assert!(job.is_mapping(), "{} has no job {name}", file.display());
        let _ = self
            .setting
            .git("rm -rf ../checkout && git clone --quiet --depth=1 https://git.example.com/accounts.git ../checkout")
            .exits(0);
        // Each job has a new machine.
        let temp = self.setting.machine.temp();
        std::fs::remove_dir_all(&temp).unwrap();
        std::fs::create_dir_all(&temp).unwrap();
        let mut scope = Scope {
            values: self.values.clone(),
            environment: texts(&job["env"])
                .into_iter()
                .map(|(name, value)| (name, filled(&value, &self.values)))
                .collect(),
            log: String::new(),
            failed: 0,
            folder: None,
        };
        self.steps(&job["steps"], &mut scope);
        let outputs = texts(&job["outputs"])
            .into_iter()
            .map(|(name, value)| (name, filled(&value, &scope.values)))
            .collect();
        Job {
            done: Done {
                code: scope.failed,
                text: scope.log,
            },
            outputs,
        }
    }

    fn steps(&self, steps: &Value, scope: &mut Scope) {
        for step in steps.as_sequence().unwrap() {
            let condition = step["if"].as_str().unwrap_or("success()");
            if !holds(condition, scope) {
                continue;
            }
            let mut outputs = Texts::new();
            let code = if let Some(uses) = step["uses"].as_str() {
                self.action(uses, &step["with"], scope, &mut outputs)
            } else {
                self.run(step, scope, &mut outputs)
            };
            if let Some(id) = step["id"].as_str() {
                let outcome = if code == 0 { "success" } else { "failure" };
                scope
                    .values
                    .insert(format!("steps.{id}.outcome"), outcome.to_owned());
                for (name, value) in outputs {
                    scope
                        .values
                        .insert(format!("steps.{id}.outputs.{name}"), value);
                }
            }
            if scope.failed == 0 {
                scope.failed = code;
            }
        }
    }

    /// Runs a step's text. Expressions are in its variables only.
    fn run(&self, step: &Value, scope: &mut Scope, outputs: &mut Texts) -> i32 {
        let machine = &self.setting.machine;
        let text = step["run"].as_str().unwrap();
        assert!(
            !text.contains("${{"),
            "an expression is part of a script: {text}"
        );
        let mut variables = scope.environment.clone();
        for (name, value) in texts(&step["env"]) {
            variables.insert(name, filled(&value, &scope.values));
        }
        let output = machine.path("output");
        std::fs::write(&output, "").unwrap();
        for (name, path) in [
            ("GITHUB_OUTPUT", &output),
            ("GITHUB_STEP_SUMMARY", &machine.path("summary.md")),
            ("GITHUB_PATH", &machine.path("added-path")),
        ] {
            variables.insert(name.to_owned(), path.display().to_string());
        }
        variables.insert("GITHUB_ACTIONS".to_owned(), "true".to_owned());
        variables.insert("RUNNER_TEMP".to_owned(), machine.temp());
        if let Some(folder) = &scope.folder {
            let folder = folder.display().to_string();
            variables.insert("GITHUB_ACTION_PATH".to_owned(), folder);
        }
        let checkout = self.setting.world.path("checkout");
        let pairs = variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let done = machine.bash(text, &checkout, pairs);
        write!(scope.log, "{}", done.text).unwrap();
        for line in std::fs::read_to_string(&output).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            outputs.insert(name.to_owned(), value.to_owned());
        }
        done.code
    }

    fn action(&self, uses: &str, with: &Value, scope: &mut Scope, outputs: &mut Texts) -> i32 {
        let (name, commit) = uses.split_once('@').unwrap();
        assert_eq!(commit.len(), 40, "{uses} is not pinned by commit");
        let with: Texts = texts(with)
            .into_iter()
            .map(|(name, value)| (name, filled(&value, &scope.values)))
            .collect();
        if let Some((owner, action)) = name.split_once("/.github/actions/") {
            return self.composite(owner, action, &with, scope, outputs);
        }
        let checkout = self.setting.world.path("checkout");
        let artifacts = self.setting.machine.path("artifacts");
        let cache = self.setting.machine.path("cache");
        match name {
            "actions/checkout" => assert_eq!(with["persist-credentials"], "false"),
            "actions/cache/restore" => copy_each(&with["path"], &cache, &checkout),
            "actions/cache/save" => copy_each(&with["path"], &checkout, &cache),
            "actions/upload-artifact" => {
                let from = checkout.join(with["path"].trim());
                let to = artifacts.join(&with["name"]);
                assert!(from.exists(), "no {} in\n{}", from.display(), scope.log);
                copy(&from, &to.join(from.file_name().unwrap()));
            }
            "actions/download-artifact" => {
                copy(&artifacts.join(&with["name"]), Path::new(&with["path"]));
            }
            _ => panic!("unknown action {uses}"),
        }
        0
    }

    fn composite(
        &self,
        owner: &str,
        action: &str,
        with: &Texts,
        scope: &mut Scope,
        outputs: &mut Texts,
    ) -> i32 {
        // Where GitHub puts an action.
        let actions = self.setting.machine.path(&format!("_actions/{owner}/0000"));
        if !actions.exists() {
            copy(
                &repository().join(".github/actions"),
                &actions.join(".github/actions"),
            );
            copy(
                &repository().join("Cargo.toml"),
                &actions.join("Cargo.toml"),
            );
        }
        let folder = actions.join(".github/actions").join(action);
        let definition = yaml(&folder.join("action.yml"));
        let mut values = self.values.clone();
        values.retain(|name, _| !name.starts_with("secrets.") && !name.starts_with("vars."));
        for (input, about) in definition["inputs"].as_mapping().unwrap() {
            let input = input.as_str().unwrap();
            let value = with.get(input).cloned().unwrap_or_else(|| {
                assert!(
                    about["required"].is_null(),
                    "{action} needs the input {input}"
                );
                filled(about["default"].as_str().unwrap(), &self.values)
            });
            values.insert(format!("inputs.{input}"), value);
        }
        for input in with.keys() {
            assert!(
                values.contains_key(&format!("inputs.{input}")),
                "{action} has no input {input}"
            );
        }
        let mut inner = Scope {
            values,
            environment: scope.environment.clone(),
            log: String::new(),
            failed: 0,
            folder: Some(folder),
        };
        self.steps(&definition["runs"]["steps"], &mut inner);
        if let Some(declared) = definition["outputs"].as_mapping() {
            for (name, output) in declared {
                let value = filled(output["value"].as_str().unwrap(), &inner.values);
                outputs.insert(name.as_str().unwrap().to_owned(), value);
            }
        }
        scope.log.push_str(&inner.log);
        inner.failed
    }
}

/// Whether a condition of a step holds.
fn holds(condition: &str, scope: &Scope) -> bool {
    let status = ["always()", "failure()", "success()"];
    let any = status.iter().any(|status| condition.contains(status));
    (any || scope.failed == 0)
        && condition.split("&&").map(str::trim).all(|part| match part {
            "always()" => true,
            "failure()" => scope.failed != 0,
            "success()" => scope.failed == 0,
            _ => {
                let (left, right, equal) = if let Some((left, right)) = part.split_once(" == ") {
                    (left, right, true)
                } else {
                    let (left, right) = part.split_once(" != ").unwrap();
                    (left, right, false)
                };
                let value = scope.values.get(left).map_or("", String::as_str);
                (value == right.trim_matches('\'')) == equal
            }
        })
}

/// A text with its expressions replaced; a value that is not there is empty.
fn filled(text: &str, values: &Texts) -> String {
    let mut parts = text.split("${{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").unwrap();
        filled.push_str(values.get(expression.trim()).map_or("", String::as_str));
        filled.push_str(rest);
    }
    filled
}

fn texts(value: &Value) -> Texts {
    let Some(mapping) = value.as_mapping() else {
        return Texts::new();
    };
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        other => serde_yaml::to_string(other).unwrap().trim().to_owned(),
    };
    mapping
        .iter()
        .map(|(name, value)| (text(&Value::from(name.as_str().unwrap())), text(value)))
        .collect()
}

pub(crate) fn yaml(path: &Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn copy_each(paths: &str, from: &Path, to: &Path) {
    for path in paths.lines() {
        if from.join(path).exists() {
            copy(&from.join(path), &to.join(path));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}
