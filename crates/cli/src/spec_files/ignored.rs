//! Ignore rules of a folder: `.steersmanignore`, `.gitignore` and `.git/info/exclude`.
//!
//! The rules are those of Git: each file holds for its folder and what is below it,
//! the last line that matches decides, a deeper file before the ones above. What
//! `.steersmanignore` says goes before what Git's files say. Git's settings of the
//! machine and of the user are not read, so that a repository is the same spec
//! everywhere.

use super::contents;
use super::pattern::Rule;
use crate::failure::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use std::fmt;
use std::rc::Rc;

/// The file with rules for steersman alone.
const OWN: &str = ".steersmanignore";

/// Git's rules of one clone.
const EXCLUDE: &str = ".git/info/exclude";

/// How large a file with rules may be: 256 KiB.
const MOST_BYTES: u64 = 256 << 10;

/// How many lines all files with rules of one spec may have.
const MOST_LINES: usize = 20_000;

/// How many bytes all files with rules of one spec may have: 1 MiB.
const MOST_BYTES_OF_ALL: usize = 1 << 20;

/// How many bytes a line with a rule may have: 1 KiB.
const LONGEST_LINE: usize = 1 << 10;

/// How many comparisons all rules of one spec may take with all names: about a second.
const MOST_STEPS: u64 = 500_000_000;

/// How many rules a spec may have yet. A byte of them can take many of memory, and each
/// folder can have a file of them.
#[derive(Debug)]
pub(super) struct RulesLeft {
    lines: usize,
    bytes: usize,
    /// How many comparisons were made.
    steps: u64,
}

impl Default for RulesLeft {
    fn default() -> Self {
        Self {
            lines: MOST_LINES,
            bytes: MOST_BYTES_OF_ALL,
            steps: 0,
        }
    }
}

impl RulesLeft {
    fn take(&mut self, file: &Utf8Path, bytes: usize) -> Result<(), Failure> {
        self.bytes = take(self.bytes, bytes, "1 MiB", file)?;
        Ok(())
    }

    fn take_line(&mut self, file: &Utf8Path, number: usize, line: &str) -> Result<(), Failure> {
        self.lines = take(self.lines, 1, "20,000 lines", file)?;
        if line.len() > LONGEST_LINE && !line.starts_with('#') {
            return Err(Failure::NotPermitted {
                message: format!(
                    "{file}:{number}: the ignore rule has {} bytes, limit {LONGEST_LINE}",
                    line.len()
                ),
                help: "shorten the rule, or remove it".to_owned(),
            });
        }
        Ok(())
    }
}

fn take(left: usize, taken: usize, limit: &str, file: &Utf8Path) -> Result<usize, Failure> {
    left.checked_sub(taken)
        .ok_or_else(|| Failure::NotPermitted {
            message: format!(
                "the ignore rules of the spec have more than {limit}; reading stopped in {file}"
            ),
            help: "name the folders of the spec only, or remove rules that match nothing in them"
                .to_owned(),
        })
}

/// The rules of a folder and of the folders above it.
#[derive(Debug)]
pub(super) struct Rules {
    /// Where they are, without links.
    folder: Utf8PathBuf,
    own: Vec<Placed>,
    git: Vec<Placed>,
    above: Option<Rc<Rules>>,
}

/// A rule and its place.
#[derive(Debug)]
struct Placed {
    rule: Rule,
    place: Place,
}

/// Where a rule is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    file: Rc<Utf8PathBuf>,
    line: usize,
}

impl Place {
    /// Whether the rule is of this machine alone: no commit has it.
    pub(super) fn is_of_this_machine(&self) -> bool {
        self.file.ends_with(EXCLUDE)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

impl Rules {
    /// The rules for a folder that was named, with those of the Git repository that it
    /// is in. `real` is its path without links. What another user put into a folder above
    /// does not count.
    ///
    /// # Errors
    /// A file with rules that cannot be read.
    pub(super) fn of_root(real: &Utf8Path, left: &mut RulesLeft) -> Result<Rc<Self>, Failure> {
        let top = real
            .ancestors()
            .find(|folder| is_repository(&folder.join(".git"), real))
            .unwrap_or(real);
        let mut folders: Vec<&Utf8Path> = real
            .ancestors()
            .take_while(|folder| folder.starts_with(top))
            .collect();
        folders.reverse();
        let mut rules = None;
        for folder in folders {
            let exclude = (folder == top).then(|| folder.join(EXCLUDE));
            let counts = |file: &Utf8Path| folder == real || is_believed(file, real);
            rules = Some(Rc::new(Self::read(folder, exclude, counts, rules, left)?));
        }
        // `ancestors` begins with the folder itself.
        match rules {
            Some(rules) => Ok(rules),
            None => Self::read(real, None, |_| true, None, left).map(Rc::new),
        }
    }

    /// The rules for a folder below.
    ///
    /// # Errors
    /// A file with rules that cannot be read.
    pub(super) fn below(
        self: &Rc<Self>,
        real: &Utf8Path,
        left: &mut RulesLeft,
    ) -> Result<Rc<Self>, Failure> {
        Self::read(real, None, |_| true, Some(Rc::clone(self)), left).map(Rc::new)
    }

    /// The place of the rule that leaves out a file or folder; none where none does.
    ///
    /// # Errors
    /// Rules that take too long.
    pub(super) fn leave_out(
        &self,
        real: &Utf8Path,
        is_folder: bool,
        left: &mut RulesLeft,
    ) -> Result<Option<Place>, Failure> {
        let steps = &mut left.steps;
        let decided = self
            .decision(real, is_folder, steps, |rules| &rules.own)
            .or_else(|| self.decision(real, is_folder, steps, |rules| &rules.git));
        if *steps > MOST_STEPS {
            return Err(Failure::NotPermitted {
                message: format!(
                    "the ignore rules of the spec take more than 500,000,000 comparisons with its names; reading stopped at {real}"
                ),
                help:
                    "name the folders of the spec only, or remove rules that match nothing in them"
                        .to_owned(),
            });
        }
        let leaves_out = decided.filter(|decided| !decided.rule.takes_back);
        Ok(leaves_out.map(|decided| decided.place.clone()))
    }

    /// Whether Git's rules ignore a file or folder, which can be above the folder of these
    /// rules.
    fn git_ignores(&self, real: &Utf8Path, is_folder: bool) -> bool {
        let mut next = Some(self);
        while let Some(rules) = next {
            if real != rules.folder && real.starts_with(&rules.folder) {
                let decision = rules.decision(real, is_folder, &mut 0, |rules| &rules.git);
                return decision.is_some_and(|decided| !decided.rule.takes_back);
            }
            next = rules.above.as_deref();
        }
        false
    }

    /// The last matching line of the deepest file that has one.
    fn decision(
        &self,
        real: &Utf8Path,
        is_folder: bool,
        steps: &mut u64,
        of: fn(&Self) -> &[Placed],
    ) -> Option<&Placed> {
        let mut next = Some(self);
        while let Some(rules) = next {
            let path = real.strip_prefix(&rules.folder).ok()?.as_str();
            let mut of_file = of(rules).iter().rev();
            let decides = of_file.find(|placed| placed.rule.matches(path, is_folder, steps));
            if decides.is_some() {
                return decides;
            }
            next = rules.above.as_deref();
        }
        None
    }

    fn read(
        folder: &Utf8Path,
        exclude: Option<Utf8PathBuf>,
        counts: impl Fn(&Utf8Path) -> bool,
        above: Option<Rc<Self>>,
        left: &mut RulesLeft,
    ) -> Result<Self, Failure> {
        let git = exclude.into_iter().chain([folder.join(".gitignore")]);
        let git = git.filter(|file| counts(file));
        let own = [folder.join(OWN)].into_iter().filter(|file| counts(file));
        Ok(Self {
            folder: folder.to_owned(),
            own: rules_of(own, left)?,
            git: rules_of(git, left)?,
            above,
        })
    }
}

/// The top of the Git repository that would commit files of this folder; none where the
/// folder is in none, or the repository's rules leave its files out. `real` is its path
/// without links; it need not exist yet.
///
/// # Errors
/// A file with rules that cannot be read.
pub(crate) fn committed_in(real: &Utf8Path) -> Result<Option<Utf8PathBuf>, Failure> {
    let Some(named) = real.ancestors().find(|folder| folder.is_dir()) else {
        return Ok(None);
    };
    let mut tops = named.ancestors();
    let Some(top) = tops.find(|folder| is_repository(&folder.join(".git"), named)) else {
        return Ok(None);
    };
    let rules = Rules::of_root(named, &mut RulesLeft::default())?;
    let folders = real.ancestors().take_while(|folder| *folder != top);
    let is_left_out = folders
        .into_iter()
        .any(|folder| rules.git_ignores(folder, true));
    // A rule can be of what is in the folder, such as `secrets/*`.
    let inside = real.join("steersman");
    let all_inside = rules.git_ignores(&inside, true) && rules.git_ignores(&inside, false);
    Ok((!is_left_out && !all_inside).then(|| top.to_owned()))
}

/// Whether this `.git` makes the folder that has it a repository of the folder that was
/// named.
fn is_repository(git: &Utf8Path, named: &Utf8Path) -> bool {
    let is_one = fs_err::metadata(git).is_ok_and(|it| it.is_dir() || it.is_file());
    is_one && is_believed(git, named)
}

fn is_believed(above: &Utf8Path, named: &Utf8Path) -> bool {
    applier::is_believed(above.as_std_path(), named.as_std_path())
}

/// The rules of these files in their order. The last one that matches decides.
fn rules_of(
    files: impl IntoIterator<Item = Utf8PathBuf>,
    left: &mut RulesLeft,
) -> Result<Vec<Placed>, Failure> {
    let mut rules = Vec::new();
    for file in files.into_iter().map(Rc::new) {
        // Like Git, no link is followed: it may lead to any file of the machine.
        match fs_err::symlink_metadata(file.as_path()) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) | Err(_) => continue,
        }
        let bytes = contents::read_up_to(&file, &file, MOST_BYTES)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_BYTES) {
            return Err(Failure::File {
                message: format!("{file} is larger than 256 KiB"),
                help: Some("remove lines that match nothing".to_owned()),
                source: None,
            });
        }
        left.take(&file, bytes.len())?;
        for (index, line) in String::from_utf8_lossy(&bytes).lines().enumerate() {
            left.take_line(&file, index + 1, line)?;
            rules.extend(Rule::parse(line).map(|rule| Placed {
                rule,
                place: Place {
                    file: Rc::clone(&file),
                    line: index + 1,
                },
            }));
        }
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::{Rules, RulesLeft};
    use camino::Utf8Path;

    /// What is left out of a folder with these files of rules, for each path.
    fn left_out(rules: &[(&str, &str)], paths: &[&str]) -> Vec<bool> {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path())
            .unwrap()
            .canonicalize_utf8()
            .unwrap();
        for (path, text) in rules {
            let path = top.join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        fs_err::create_dir_all(top.join("spec/a")).unwrap();
        let root = Rules::of_root(&top.join("spec"), &mut RulesLeft::default()).unwrap();
        let below = root
            .below(&top.join("spec/a"), &mut RulesLeft::default())
            .unwrap();
        paths
            .iter()
            .map(|path| {
                let rules = if path.starts_with("a/") {
                    &below
                } else {
                    &root
                };
                let path_of = top.join("spec").join(path);
                let left = &mut RulesLeft::default();
                rules
                    .leave_out(&path_of, path.ends_with('/'), left)
                    .unwrap()
                    .is_some()
            })
            .collect()
    }

    #[test]
    fn rules_are_those_of_git() {
        type Case = (
            &'static [(&'static str, &'static str)],
            &'static [&'static str],
            &'static [bool],
        );
        let table: [Case; 7] = [
            (&[], &["x.yaml", "a/x.yaml"], &[false, false]),
            (
                &[("spec/.gitignore", "x.yaml\n!a/x.yaml\n")],
                &["x.yaml", "a/x.yaml", "a/y.yaml"],
                &[true, false, false],
            ),
            (
                &[
                    ("spec/.gitignore", "*.yaml\n"),
                    ("spec/a/.gitignore", "!x.yaml\n"),
                ],
                &["x.yaml", "a/x.yaml", "a/y.yaml"],
                &[true, false, true],
            ),
            // The own file goes before Git's, wherever it is.
            (
                &[
                    ("spec/.steersmanignore", "!x.yaml\n"),
                    ("spec/a/.gitignore", "x.yaml\n"),
                ],
                &["a/x.yaml"],
                &[false],
            ),
            // Of the folders above, only those of the repository count.
            (&[(".gitignore", "x.yaml\n")], &["x.yaml"], &[false]),
            (
                &[
                    (".gitignore", "/spec/x.yaml\n"),
                    (".git/info/exclude", "y.yaml\n"),
                ],
                &["x.yaml", "y.yaml", "a/x.yaml", "a/y.yaml"],
                &[true, true, false, true],
            ),
            // A line that is no pattern matches nothing.
            (
                &[("spec/.steersmanignore", "[\n\\\n# x.yaml\ny.yaml\n")],
                &["x.yaml", "y.yaml"],
                &[false, true],
            ),
        ];
        for (rules, paths, expected) in table {
            assert_eq!(left_out(rules, paths), expected, "{rules:?} {paths:?}");
        }
    }

    #[test]
    fn security_low_a_file_of_rules_that_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        fs_err::write(top.join(".gitignore"), "x\n".repeat(200_000)).unwrap();
        let error = Rules::of_root(top, &mut RulesLeft::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("256 KiB"), "{error}");
    }

    #[test]
    fn security_f8_rules_are_limited_by_bytes_over_all_files_and_in_a_line() {
        let line = |bytes: usize| format!("[a-z]{}\n", "b".repeat(bytes - 5));
        let comment = format!("# {}\n", "x".repeat(4_000));
        for (folders, text, said) in [
            (10, line(1_024).repeat(100), None),
            (2, comment + "x\n", None),
            (
                11,
                line(1_024).repeat(100),
                Some("more than 1 MiB; reading stopped in "),
            ),
            (
                1,
                "x\n".to_owned() + &line(1_025),
                Some("/.gitignore:2: the ignore rule has 1025 bytes, limit 1024"),
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let top = Utf8Path::from_path(folder.path()).unwrap();
            let mut left = RulesLeft::default();
            let mut rules = Rules::of_root(top, &mut left);
            for number in 0..folders {
                let below = top.join(number.to_string());
                fs_err::create_dir(&below).unwrap();
                fs_err::write(below.join(".gitignore"), &text).unwrap();
                rules = rules.and_then(|rules| rules.below(&below, &mut left));
            }
            match (rules, said) {
                (Ok(_), None) => {}
                (Err(error), Some(said)) => {
                    assert!(error.to_string().contains(said), "{error}");
                }
                (rules, said) => panic!("{folders} {said:?} {:?}", rules.err()),
            }
        }
    }

    #[test]
    fn security_f8_rules_that_take_too_long_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        fs_err::write(top.join(".gitignore"), "a*b?\n".repeat(1_000)).unwrap();
        let mut left = RulesLeft::default();
        let rules = Rules::of_root(top, &mut left).unwrap();
        let name = top.join("a".repeat(100));
        assert_eq!(rules.leave_out(&name, false, &mut left).unwrap(), None);
        left.steps = super::MOST_STEPS;
        let error = rules.leave_out(&name, false, &mut left).unwrap_err();
        assert!(
            error.to_string().contains("500,000,000 comparisons"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn security_f5_a_pipe_above_is_no_repository() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path())
            .unwrap()
            .canonicalize_utf8()
            .unwrap();
        fs_err::create_dir(top.join("spec")).unwrap();
        fs_err::write(top.join(".gitignore"), "x.yaml\n").unwrap();
        let is_left_out = || {
            let rules = Rules::of_root(&top.join("spec"), &mut RulesLeft::default()).unwrap();
            let left = &mut RulesLeft::default();
            rules
                .leave_out(&top.join("spec/x.yaml"), false, left)
                .unwrap()
                .is_some()
        };
        let made = std::process::Command::new("mkfifo")
            .arg(top.join(".git"))
            .status();
        assert!(made.unwrap().success());
        assert!(!is_left_out());
        fs_err::remove_file(top.join(".git")).unwrap();
        fs_err::create_dir(top.join(".git")).unwrap();
        assert!(is_left_out());
        // Who may give files away, as in a container, sees what another user's are.
        let nobody = Some(65_534);
        if std::os::unix::fs::chown(top.join(".gitignore"), nobody, nobody).is_ok() {
            assert!(!is_left_out());
            fs_err::write(top.join(".steersmanignore"), "x.yaml\n").unwrap();
            assert!(is_left_out());
            std::os::unix::fs::chown(top.join(".git"), nobody, nobody).unwrap();
            assert!(!is_left_out());
            std::os::unix::fs::chown(top.join("spec"), nobody, nobody).unwrap();
            assert!(is_left_out());
        }
    }
}
