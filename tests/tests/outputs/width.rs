//! No line that people read is wider than the terminal, except a lone command, address or path.

use tests::{World, world};

/// The columns, as `COLUMNS` has them.
const WIDTHS: [usize; 3] = [60, 80, 100];

const STATE: &str = "a folder of tenants/tenant.json";

/// What may be wider: a line of a file as it is, one word, or a command that is to be copied, with what follows its
/// backtick.
fn stands_alone(line: &str) -> bool {
    let words = line.trim();
    let is_command = words.starts_with("steersman ")
        || words.strip_prefix('`').is_some_and(|rest| {
            rest.split_once('`')
                .is_some_and(|(_, after)| !after.contains(' '))
        });
    let is_of_file = words
        .split_once(" │ ")
        .is_some_and(|(number, _)| number.parse::<usize>().is_ok());
    is_command || is_of_file || !words.contains(' ')
}

/// Runs the commands at each width, and finds the lines that are too wide.
fn too_wide(world: &mut World, commands: &[&[&str]]) -> Vec<String> {
    let simulate = format!("--simulate={STATE}");
    let mut found = Vec::new();
    for width in WIDTHS {
        world.set([("COLUMNS".to_owned(), width.to_string())]);
        for command in commands {
            let words: Vec<&str> = command.iter().copied().chain([simulate.as_str()]).collect();
            let run = world.steersman_words(&words);
            let lines = run.stdout.lines().chain(run.stderr.lines());
            let wide = lines.filter(|line| line.chars().count() > width && !stands_alone(line));
            found.extend(wide.map(|line| format!("{width} {}: {line}", command.join(" "))));
        }
    }
    found
}

const COMMANDS: [&[&str]; 9] = [
    &["plan", "guide"],
    &["status", "guide", "--full"],
    &["drift", "guide", "--who"],
    &["drift", "guide", "--record", "a long name of a record.json"],
    &["report", "guide", "--out", "csv=report.csv"],
    &["token", "list", "guide", "--check"],
    &["doctor", "guide"],
    &["enroll", "audit01", "guide", "--paste"],
    &["store", "check", "guide"],
];

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut world = world!();
    world.example("guide");
    let simulate = format!("--simulate={STATE}");
    let apply = ["apply", "guide", &simulate, "--auto-approve"];
    let state = ["--state", STATE];
    let person = |world: &World, words: &[&str]| {
        let words: Vec<&str> = ["simulator"]
            .iter()
            .chain(words)
            .chain(&state)
            .copied()
            .collect();
        let _ = world.steersman_words(&words).exits(0);
    };
    // Nothing yet, invited, registered, ready, and changed by others.
    let mut found = too_wide(&mut world, &COMMANDS);
    let _ = world.steersman_words(&apply).exits(0);
    found.extend(too_wide(&mut world, &COMMANDS));
    person(&world, &["person", "register", "audit01"]);
    found.extend(too_wide(&mut world, &COMMANDS));
    let to = ".steersman/secrets/audit01/issuer";
    person(&world, &["person", "mint", "audit01", "--to", to]);
    let _ = world.steersman_words(&apply).exits(0);
    person(&world, &["levels", "set", "audit01", "HELPDESK"]);
    found.extend(too_wide(&mut world, &COMMANDS));
    // A message of a file, and a file that is not read.
    world.write(
        "guide/k8s.yaml",
        "apiVersion: steersman/v1\nkind: Account\n",
    );
    world.replace("guide/steersman.yaml", "owner: jane.doe", "owner: Jane Doe");
    found.extend(too_wide(&mut world, &COMMANDS));
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn explanations_and_a_new_repository_are_as_wide_as_the_terminal() {
    let mut world = world!();
    let mut found = Vec::new();
    for width in WIDTHS {
        world.set([("COLUMNS".to_owned(), width.to_string())]);
        let ci = |system: &str| format!("init {system}-{width} --ci {system}");
        let [github, gitlab, azure] = ["github", "gitlab", "azure"].map(ci);
        for command in [
            "explain",
            "explain SM0201",
            "explain SM0902",
            "explain stillUsed",
            "explain renameAccounts",
            "explain token/SA-001/monthly-report",
            "explain serviceAccounts.tokens",
            "explain stores.vault",
            &github,
            &gitlab,
            &azure,
        ] {
            let run = world.steersman(command).exits(0);
            let wide = run
                .stdout
                .lines()
                .filter(|line| line.chars().count() > width);
            // An address is one word, and can be the last one of a sentence.
            let wide = wide.filter(|line| !stands_alone(line));
            found.extend(wide.map(|line| format!("{width} {command}: {line}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    // A file or a pipe has whole lines, and no address is divided on a terminal.
    let narrow = world.steersman("explain SM0201").exits(0).stdout;
    assert!(
        narrow.contains("      userLevels: [REPORT_ADMIN]\n"),
        "{narrow}"
    );
}

#[test]
fn a_new_pipeline_names_its_file_and_the_page_by_its_address() {
    let world = world!();
    for (system, file) in [
        ("github", ".github/workflows/service-accounts-apply.yml"),
        ("gitlab", ".gitlab/ci/service-accounts.yml"),
        ("azure", ".azure/service-accounts.yml"),
    ] {
        let run = world
            .steersman(&format!("init {system} --ci {system}"))
            .exits(0);
        let words: Vec<&str> = run.stdout.split_whitespace().collect();
        let said = words.join(" ");
        assert!(
            said.contains(&format!("as the comments at the top of {file} say")),
            "{said}"
        );
        let pages: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| word.starts_with("https://") && word.contains("/docs/"))
            .collect();
        assert_eq!(pages.len(), 2, "{said}");
        // The file has the same address.
        assert!(world.read(&format!("{system}/{file}")).contains(pages[0]));
    }
}
