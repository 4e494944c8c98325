//! The jobs that `init --ci gitlab` and `init --ci azure` write, by their own scripts.

use crate::machine::Done;
use crate::runner::yaml;
use crate::setting::Setting;
use serde_yaml::Value;

/// Runs the scripts of a GitLab job, with the variables of its environment.
fn job(setting: &Setting, name: &str, more: &[(&str, &str)]) -> Done {
    let file = yaml(&setting.repository().join(".gitlab/ci/service-accounts.yml"));
    let folder = setting.repository().display().to_string();
    let mut variables: Vec<(String, String)> = vec![
        ("CI_PROJECT_DIR".to_owned(), folder.clone()),
        ("CI_DEFAULT_BRANCH".to_owned(), "main".to_owned()),
    ];
    let sha256 = std::fs::read_to_string(setting.machine.path("releases/SHA256SUMS")).unwrap();
    let sha256 = sha256.split(' ').next().unwrap().to_owned();
    for variables_of in [
        &file["variables"],
        &file[".steersman"]["variables"],
        &file[name]["variables"],
    ] {
        for (name, value) in variables_of.as_mapping().into_iter().flatten() {
            if name == "<<" {
                continue;
            }
            let value = value.as_str().unwrap_or("").to_owned();
            let value = value.replace("$CI_PROJECT_DIR", &folder);
            variables.push((
                name.as_str().unwrap().to_owned(),
                value
                    .replace("$CI_DEFAULT_BRANCH", "main")
                    .replace("$STEERSMAN_STORES", ""),
            ));
        }
    }
    variables.push(("STEERSMAN_SHA256".to_owned(), sha256));
    variables.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let lines = |value: &Value| -> String {
        let lines = value.as_sequence().unwrap().iter();
        lines
            .flat_map(|line| [line.as_str().unwrap(), "\n"])
            .collect()
    };
    // The image's package manager and its folders are not this machine's.
    let text = lines(&file[".steersman"]["before_script"])
        .replace("apt-get", ": apt-get")
        .replace("/opt", &format!("{}/opt", setting.machine.temp()))
        .replace("/tmp/$name", &format!("{}/$name", setting.machine.temp()))
        + &lines(&file[name]["script"]);
    let opt = setting.machine.path("temp/opt");
    std::fs::create_dir_all(opt).unwrap();
    let pairs = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    setting.machine.bash(&text, &setting.repository(), pairs)
}

#[test]
fn gitlab_plans_notes_and_applies_by_digest() {
    if std::env::consts::ARCH != "x86_64" {
        println!("skipped: the GitLab jobs, because they install for x86-64");
        return;
    }
    let Some(setting) = Setting::new("gitlab") else {
        return;
    };
    let _ = job(&setting, "steersman merge request", &[])
        .exits(0)
        .says("not planned");
    let sail = ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"]
        .map(|name| (name, setting.sail(name)));
    let mut more: Vec<(&str, &str)> = sail
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    more.extend([
        ("KIT_TOKEN", "glpat-note"),
        ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
        ("CI_PROJECT_ID", "3"),
        ("CI_MERGE_REQUEST_IID", "7"),
    ]);
    let _ = job(&setting, "steersman merge request", &more)
        .exits(0)
        .says("wrote the note");
    let _ = job(&setting, "steersman merge request", &more)
        .exits(0)
        .says("updated the note");
    assert!(!setting.machine.calls("curl").contains("glpat-note"));

    let _ = job(&setting, "steersman plan", &more).exits(0);
    assert_eq!(setting.tenant.writes(), Vec::<String>::new());
    let digest = setting.world.read("repository/plan.env");
    let digest = digest
        .trim()
        .strip_prefix("PLAN_DIGEST=")
        .unwrap()
        .to_owned();
    more.push(("PLAN_DIGEST", &digest));
    let _ = job(&setting, "steersman apply", &more)
        .exits(0)
        .says("Applied: 7 steps done");
}

/// Who can change the repository chooses none of the programs that its pipeline runs.
#[test]
fn security_s2_a_pipeline_runs_no_program_of_the_repository() {
    use std::os::unix::fs::PermissionsExt as _;
    if std::env::consts::ARCH != "x86_64" {
        println!("skipped: the GitLab jobs, because they install for x86-64");
        return;
    }
    let Some(setting) = Setting::new("gitlab") else {
        return;
    };
    let mark = setting.machine.path("temp/ran");
    for program in ["steersman", "sha256sum", "curl", "tar"] {
        for folder in ["", "bin/", ".steersman-ci/bin/", ".local/bin/"] {
            let path = format!("repository/{folder}{program}");
            let text = format!("#!/bin/sh\necho {path} >> {}\n", mark.display());
            setting.world.write(&path, text);
            let mode = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(setting.world.path(&path), mode).unwrap();
        }
    }
    let sail = ["SAIL_BASE_URL", "SAIL_CLIENT_ID", "SAIL_CLIENT_SECRET"]
        .map(|name| (name, setting.sail(name)));
    let more: Vec<(&str, &str)> = sail
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let _ = job(&setting, "steersman merge request", &[]).exits(0);
    let _ = job(&setting, "steersman plan", &more).exits(0);
    assert!(!mark.exists(), "{}", std::fs::read_to_string(mark).unwrap());
    assert!(
        setting
            .world
            .read("repository/plan.env")
            .contains("PLAN_DIGEST=")
    );
}
