//! A CI machine: programs of the system, stand-ins for those of the platforms, and no more.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tests::repository;

/// Programs that the scripts need beside Bash. A machine that lacks one skips the tests.
const NEEDED: [&str; 4] = ["bash", "git", "jq", "tar"];

/// What a script or a job did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) text: String,
}

impl Done {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.text.contains(text), "no {text:?} in\n{}", self.text);
        self
    }
}

/// A machine with its temporary folder.
pub(crate) struct Machine {
    folder: PathBuf,
}

impl Machine {
    /// A machine whose `steersman` is the program under test; none where a program that
    /// the scripts need is missing.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        for program in NEEDED {
            let found = ["/usr/bin", "/bin"]
                .iter()
                .any(|path| Path::new(path).join(program).exists());
            if !found {
                println!("skipped: the CI scripts, because {program} is not in /usr/bin");
                return None;
            }
        }
        let machine = Self {
            folder: folder.to_owned(),
        };
        std::fs::create_dir_all(machine.folder.join("temp")).unwrap();
        machine.program("steersman", &program_under_test());
        Some(machine)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub(crate) fn temp(&self) -> String {
        self.path("temp").display().to_string()
    }

    /// Puts a program into the path: a script of Bash.
    pub(crate) fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/bash\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a script of the kit in a folder.
    pub(crate) fn script(&self, name: &str, folder: &Path, variables: &[(&str, &str)]) -> Done {
        let script = repository().join(".github/actions/scripts").join(name);
        self.bash(
            &format!("bash '{}'", script.display()),
            folder,
            variables.iter().map(|(name, value)| (*name, *value)),
        )
    }

    /// Runs a text of Bash in a folder, with these variables and those of the machine.
    pub(crate) fn bash<'a>(
        &self,
        text: &str,
        folder: &Path,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Done {
        let bin = self.path("bin").display().to_string();
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new("/bin/bash")
            .args(["-e", "-o", "pipefail", "-c", text])
            .current_dir(folder)
            .env_clear()
            .env("PATH", format!("{bin}:/usr/bin:/bin"))
            .env("HOME", &self.folder)
            .env("TMPDIR", self.temp())
            .env("STEERSMAN_RATE_SHARE", "off")
            .env("STAND_INS", &self.folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(variables)
            .output()
            .unwrap();
        Done {
            code: status.code().unwrap_or(-1),
            text: String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned(),
        }
    }

    /// The arguments that a stand-in was called with, one call a line.
    pub(crate) fn calls(&self, program: &str) -> String {
        std::fs::read_to_string(self.path(&format!("{program}.calls"))).unwrap_or_default()
    }
}

/// A script that runs the program under test.
pub(crate) fn program_under_test() -> String {
    format!(
        "exec '{}' \"$@\"",
        env!("CARGO_BIN_EXE_steersman-under-test")
    )
}

/// `gh`, with comments of pull requests in a file, and releases without provenance where a
/// file says so.
pub(crate) const GH: &str = r#"
echo "$*" >>"$STAND_INS/gh.calls"
comments=$STAND_INS/comments.json
[[ -f $comments ]] || echo '[]' >"$comments"
if [[ -f $STAND_INS/gh.refuses ]]; then echo "HTTP 403: Resource not accessible by integration" >&2; exit 1; fi
case "$1 $2 $3" in
    "attestation verify "*) exit 0 ;;
    "api --paginate repos/acme/accounts/issues/7/comments?per_page=100") cat "$comments" ;;
    "api --method POST")
        jq --slurpfile new "$6" '. + [$new[0] + {id: (length + 100), user: {login: "github-actions[bot]"}}]' "$comments" >"$comments.new"
        mv "$comments.new" "$comments" ;;
    "api --method PATCH")
        jq --slurpfile new "$6" --arg id "${4##*/}" 'map(if (.id | tostring) == $id then . + $new[0] else . end)' "$comments" >"$comments.new"
        mv "$comments.new" "$comments" ;;
    *) echo "gh: unknown: $*" >&2; exit 1 ;;
esac"#;

/// `curl`, with releases in a folder, and notes of merge requests in a file.
pub(crate) const CURL: &str = r#"
echo "$*" >>"$STAND_INS/curl.calls"
method=GET
while (($#)); do
    case $1 in
        --output) output=$2; shift ;;
        --request) method=$2; shift ;;
        --data) data=${2#@}; shift ;;
        --header | --config | --retry | --max-time | --proto) shift ;;
        https://*) url=$1 ;;
    esac
    shift
done
if [[ -n ${output:-} ]]; then
    if [[ ! -f $STAND_INS/releases/${url##*/} ]]; then echo "curl: (22) 404" >&2; exit 22; fi
    cp "$STAND_INS/releases/${url##*/}" "$output"
    exit 0
fi
[[ $(cat) == 'header = "PRIVATE-TOKEN: glpat-note"' ]] || { echo "curl: (22) 401" >&2; exit 22; }
notes=$STAND_INS/notes.json
[[ -f $notes ]] || echo '[]' >"$notes"
case "$method $url" in
    "GET "*/user) echo '{"id": 5}' ;;
    "GET "*/notes\?*) cat "$notes" ;;
    "POST "*) jq --slurpfile new "$data" '. + [$new[0] + {id: (length + 100), author: {id: 5}}]' "$notes" >"$notes.new" && mv "$notes.new" "$notes" ;;
    "PUT "*) jq --slurpfile new "$data" --arg id "${url##*/}" 'map(if (.id | tostring) == $id then . + $new[0] else . end)' "$notes" >"$notes.new" && mv "$notes.new" "$notes" ;;
esac"#;

/// A release of the program under test for this machine, with its checksums.
pub(crate) fn release(machine: &Machine) {
    let text = format!(
        r#"
        name=steersman-0.1.0-$(uname -m)-unknown-linux-musl
        mkdir -p "$STAND_INS/releases" "$STAND_INS/temp/$name/ci"
        cd "$STAND_INS/temp"
        printf '#!/bin/bash\nif [[ $* == --version ]]; then echo steersman 0.1.0; exit; fi\n%s\n' "$PROGRAM" >"$name/steersman"
        chmod +x "$name/steersman"
        cp '{}'/*.sh "$name/ci/"
        tar -czf "$STAND_INS/releases/$name.tar.gz" "$name"
        cd "$STAND_INS/releases"
        sha256sum *.tar.gz >SHA256SUMS"#,
        repository().join(".github/actions/scripts").display()
    );
    let folder = machine.path("");
    let _ = machine
        .bash(&text, &folder, [("PROGRAM", program_under_test().as_str())])
        .exits(0);
}
