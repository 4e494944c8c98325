//! Encrypted stores in Git: pushed after every run, and never over the work of others.

use crate::machine::{Done, Machine};
use tests::{World, world};

const HEAD: &str = "-----BEGIN AGE ENCRYPTED FILE-----\n";
const GIT: &str = "git -c user.name=a -c user.email=a@example.com";

struct Setting {
    world: World,
    machine: Machine,
}

impl Setting {
    /// A remote with a store, and two checkouts of it.
    fn new() -> Option<Self> {
        let world = world!();
        let machine = Machine::new(&world.path("machine"))?;
        let setting = Self { world, machine };
        setting.bash(&format!(
            "git init -q --bare -b main remote.git; git clone -q \"file://$PWD/remote.git\" one 2>/dev/null; cd one; git checkout -q -b main
             mkdir secrets; printf -- '{HEAD}1' >secrets/a.age; printf -- '{HEAD}1' >secrets/b.age; echo spec >spec.yaml
             git add .; {GIT} commit -q -m first; git push -q origin main
             cd ..; git clone -q --depth=1 \"file://$PWD/remote.git\" two"
        ));
        Some(setting)
    }

    fn bash(&self, text: &str) {
        let _ = self.machine.bash(text, self.world.folder(), []).exits(0);
    }

    fn script(&self, name: &str, checkout: &str, stores: &str, branch: &str) -> Done {
        let variables = [("KIT_STORES", stores), ("KIT_BRANCH", branch)];
        self.machine
            .script(name, &self.world.path(checkout), &variables)
    }

    fn commit(&self, checkout: &str) -> Done {
        self.script("commit-stores.sh", checkout, "secrets", "main")
    }

    fn remote(&self, path: &str) -> String {
        let show = format!("git --git-dir remote.git show main:{path}");
        let folder = self.world.folder();
        self.machine.bash(&show, folder, []).text
    }
}

#[test]
fn an_older_checkout_reads_the_newest_store_and_changes_only_its_own_files() {
    let Some(setting) = Setting::new() else {
        return;
    };
    let world = &setting.world;
    world.write("one/secrets/a.age", format!("{HEAD}2"));
    world.write("one/spec.yaml", "not approved");
    let _ = setting.commit("one").exits(0).says("pushed");
    let _ = setting.commit("one").exits(0);
    assert_eq!(setting.remote("spec.yaml"), "spec\n");

    // The other run had its checkout before that, and waited for its approval.
    let _ = setting
        .script("update-stores.sh", "two", "secrets", "main")
        .exits(0);
    assert!(world.read("two/secrets/a.age").ends_with('2'));
    let _ = setting.commit("two").exits(0).says("have not changed");
    world.write("two/secrets/b.age", format!("{HEAD}2"));
    // In the meantime, others push.
    setting.bash(&format!(
        "cd one; git fetch -q origin main; git reset -q --hard FETCH_HEAD; echo more >spec.yaml; {GIT} commit -q -a -m more; git push -q origin HEAD:main"
    ));
    let _ = setting.commit("two").exits(0).says("pushed");
    assert_eq!(setting.remote("spec.yaml"), "more\n");
    assert!(setting.remote("secrets/a.age").ends_with('2'));
    assert!(setting.remote("secrets/b.age").ends_with('2'));
}

#[test]
fn a_file_that_another_run_wrote_is_not_replaced() {
    let Some(setting) = Setting::new() else {
        return;
    };
    setting
        .world
        .write("one/secrets/a.age", format!("{HEAD}one"));
    setting
        .world
        .write("two/secrets/a.age", format!("{HEAD}two"));
    let _ = setting.commit("one").exits(0);
    let _ = setting
        .commit("two")
        .exits(1)
        .says("another secrets/a.age")
        .says("keep the folders of the stores as an artifact");
    assert!(setting.remote("secrets/a.age").ends_with("one"));
    assert!(setting.world.read("two/secrets/a.age").ends_with("two"));
}

#[test]
fn only_encrypted_files_of_the_repository_are_pushed() {
    let Some(setting) = Setting::new() else {
        return;
    };
    setting
        .world
        .write("one/secrets/issuer", "{\"clientSecret\": \"x\"}");
    let _ = setting
        .commit("one")
        .exits(1)
        .says("not a file encrypted with age");
    setting.bash("rm one/secrets/issuer; ln -s /etc/passwd one/secrets/link.age");
    let _ = setting
        .commit("one")
        .exits(1)
        .says("not a file encrypted with age");
    for stores in [
        "../two/secrets",
        "/etc",
        ".git",
        "a/../..",
        "-x",
        ":(top)",
        "",
    ] {
        let _ = setting
            .script("commit-stores.sh", "one", stores, "main")
            .exits(1);
    }
    for branch in ["", "main:other", "--force", "a b"] {
        let _ = setting
            .script("commit-stores.sh", "one", "secrets", branch)
            .exits(1)
            .says("KIT_BRANCH");
    }
}

#[test]
fn the_token_is_in_no_argument_of_git() {
    let Some(setting) = Setting::new() else {
        return;
    };
    setting.machine.program(
        "git",
        "echo \"$*\" >>\"$STAND_INS/git.calls\"
         if [[ $* == *remote.origin.pushurl* ]]; then echo https://gitlab-ci-token:job-token@git.example.com/a.git; exit; fi
         if [[ $* == *fetch* ]]; then echo \"$GIT_CONFIG_KEY_1 $GIT_CONFIG_VALUE_1\" >\"$STAND_INS/header\"; exit 128; fi
         exec /usr/bin/git \"$@\"",
    );
    setting.world.write("one/secrets/a.age", format!("{HEAD}2"));
    let variables = [
        ("KIT_STORES", "secrets"),
        ("KIT_BRANCH", "main"),
        ("KIT_GIT_USER", "oauth2"),
        ("KIT_GIT_TOKEN", "push-token"),
    ];
    let one = setting.world.path("one");
    let done = setting.machine.script("commit-stores.sh", &one, &variables);
    let done = done.exits(1).says("cannot fetch main");
    let calls = setting.machine.calls("git");
    assert!(calls.contains("https://git.example.com/a.git"), "{calls}");
    for secret in ["push-token", "job-token"] {
        assert!(!calls.contains(secret), "{calls}");
        assert!(!done.text.contains(secret), "{}", done.text);
    }
    // oauth2:push-token
    let header = setting.world.read("machine/header");
    assert_eq!(
        header,
        "http.https://git.example.com/.extraheader AUTHORIZATION: basic b2F1dGgyOnB1c2gtdG9rZW4=\n"
    );
}
