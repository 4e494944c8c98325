//! A folder of its own, and the real program run in it.

use crate::run::Run;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A temporary folder with nothing of this machine's environment.
#[derive(Debug)]
pub struct World {
    folder: tempfile::TempDir,
    program: &'static str,
    variables: Vec<(String, String)>,
}

/// A world in which the program under test is run.
#[macro_export]
macro_rules! world {
    () => {
        $crate::World::new(env!("CARGO_BIN_EXE_steersman-under-test"))
    };
}

impl World {
    /// An empty folder; `program` is what is run in it.
    ///
    /// # Panics
    /// If the system gives no temporary folder.
    #[must_use]
    pub fn new(program: &'static str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            program,
            variables: Vec::new(),
        }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    /// Writes a file, and the folders that it is in.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Makes the issuer token in a file one that steersman has created before: it is not
    /// replaced because a person has seen it.
    ///
    /// # Panics
    /// If the file holds no document.
    pub fn as_if_replaced(&self, path: &str) {
        let mut document: serde_json::Value = serde_json::from_str(&self.read(path)).unwrap();
        document["replaces"] = "enrolled".into();
        self.write(path, document.to_string());
    }

    /// The text of a file.
    ///
    /// # Panics
    /// If it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a text in a file, which has to be there.
    ///
    /// # Panics
    /// If the file has no such text.
    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?}:\n{text}");
        self.write(path, text.replacen(old, new, 1));
    }

    /// Copies one of the repository's examples into the folder, under its name.
    ///
    /// # Panics
    /// If there is no such example.
    pub fn example(&self, name: &str) {
        let from = repository().join("examples").join(name);
        for entry in std::fs::read_dir(&from).unwrap() {
            let path = entry.unwrap().path();
            let file = path.file_name().unwrap().to_str().unwrap();
            self.write(&format!("{name}/{file}"), std::fs::read(&path).unwrap());
        }
    }

    /// Sets variables for every later run.
    pub fn set(&mut self, variables: impl IntoIterator<Item = (String, String)>) {
        self.variables.extend(variables);
    }

    /// Runs `steersman` with these words, split at spaces, and waits for its end.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use = "look at how it ended"]
    pub fn steersman(&self, words: &str) -> Run {
        self.steersman_words(&words.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `steersman` with these words and waits for its end.
    ///
    /// # Panics
    /// If it cannot be started.
    #[must_use = "look at how it ended"]
    pub fn steersman_words(&self, words: &[&str]) -> Run {
        let output = self.command().args(words).output().unwrap();
        Run::new(words, &output, self.folder())
    }

    /// A run of the program that was started with [`World::command`] and has ended.
    #[must_use = "look at how it ended"]
    pub fn ended(&self, words: &[&str], output: &std::process::Output) -> Run {
        Run::new(words, output, self.folder())
    }

    /// The program, ready to be started with more words.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command
            .current_dir(self.folder())
            .env_clear()
            .env("HOME", self.folder())
            .env("PATH", "/usr/bin:/bin")
            // What fails for good is given up soon.
            .env("STEERSMAN_RETRIES", "4")
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// All that lies in the folder, as text: for looking for secrets.
    ///
    /// # Panics
    /// If something cannot be read.
    #[must_use]
    pub fn everything_written(&self) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    files.push((path, String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
        files
    }
}

/// The repository's folder.
///
/// # Panics
/// Never: the package lies in the repository.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}
