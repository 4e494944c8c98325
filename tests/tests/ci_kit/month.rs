//! A month of one repository, from an empty folder to the auditors' report, by the workflows
//! that `init --ci github` writes. The snapshot is what people see.

use crate::runner::{Job, Runner};
use crate::setting::{IDENTITY, Setting};
use regex::Regex;
use serde_json::Value;
use std::fmt::Write as _;
use tests::receiver::Receiver;

const PULL_REQUEST: &str = "service-accounts-pull-request.yml";
const APPLY: &str = "service-accounts-apply.yml";
const SCHEDULE: &str = "service-accounts-schedule.yml";
const WORKFLOWS: [&str; 3] = [PULL_REQUEST, APPLY, SCHEDULE];

/// The address of the notices has a secret, as that of Slack.
const HOOK: &str = "/services/T000/secret-of-the-address";

/// The repository, who hears of it, and what was seen so far.
struct Month {
    setting: Setting,
    receiver: Receiver,
    day: i64,
    seen: String,
    /// All of the jobs' logs.
    log: String,
}

impl Month {
    /// The repository as `init` wrote it, with notices, and tokens that live for 30 days.
    fn begin() -> Option<Self> {
        let setting = Setting::new("github")?;
        let month = Self {
            receiver: Receiver::start(),
            day: 0,
            seen: String::new(),
            log: String::new(),
            setting,
        };
        let world = &month.setting.world;
        let accounts = "repository/accounts/steersman.yaml";
        world.replace(accounts, "expires: 90d", "expires: 30d");
        world.replace(accounts, "before: 14d", "before: 7d");
        let tenant = "repository/tenants/prod.yaml";
        let notify = "tenant: {}\nnotify:\n  - {slack: \"${SLACK_WEBHOOK}\"}\n#";
        world.replace(tenant, "tenant: {} #", notify);
        for workflow in &WORKFLOWS[1..] {
            let path = format!("repository/.github/workflows/{workflow}");
            let text = world.read(&path);
            let text = text.replace(
                "    # env:\n    #   STEERSMAN_VAR",
                "    env:\n      STEERSMAN_VAR",
            );
            world.write(&path, text.replace("# STEERSMAN_VAR", "STEERSMAN_VAR"));
        }
        Some(month)
    }

    fn runner(&self, event: &str, writes: bool) -> Runner<'_> {
        let hook = self.receiver.at(HOOK);
        Runner::new(&self.setting, event)
            .with_credentials(writes)
            .with("secrets.SLACK_WEBHOOK", &hook)
    }

    /// Runs a job, and returns its page.
    #[track_caller]
    fn job(&mut self, runner: &dyn Fn(&Self) -> Job, code: i32) -> (Job, String) {
        let page = self.setting.machine.path("summary.md");
        let _ = std::fs::remove_file(&page);
        let job = runner(self);
        assert_eq!(job.done.code, code, "{}", job.done.text);
        self.log.push_str(&job.done.text);
        let page = std::fs::read_to_string(&page).unwrap_or_default();
        (job, page)
    }

    /// A pull request, its merge, and the release of the plan.
    fn change(&mut self, what: &str) {
        self.setting.push();
        let pull_request = |month: &Self| {
            let runner = month.runner("pull_request", false);
            runner.job(PULL_REQUEST, "plan")
        };
        let _ = self.job(&pull_request, 0);
        let comments = self.setting.world.read("machine/comments.json");
        let comments: Value = serde_json::from_str(&comments).unwrap();
        let comment = comments[0]["body"].as_str().unwrap().to_owned();
        self.see(
            &format!("{what}: the comment of the pull request"),
            &comment,
        );
        self.merge(what);
    }

    fn merge(&mut self, what: &str) {
        let plan = |month: &Self| month.runner("push", false).job(APPLY, "plan");
        let (plan, _) = self.job(&plan, 0);
        assert_eq!(plan.outputs["changes"], "true");
        let digest = plan.outputs["digest"].clone();
        let apply = |month: &Self| {
            let runner = month.runner("push", true);
            runner
                .with("needs.plan.outputs.digest", &digest)
                .job(APPLY, "apply")
        };
        let (_, page) = self.job(&apply, 0);
        self.see(
            &format!("{what}: the page of the apply that a reviewer released"),
            &page,
        );
        self.notices();
    }

    /// The jobs of a morning. Of a morning without an event, nothing is shown.
    fn morning(&mut self, drift: i32) {
        let compare = |month: &Self| month.runner("schedule", false).job(SCHEDULE, "drift");
        let (_, page) = self.job(&compare, drift);
        if drift != 0 {
            self.see("the page of the morning's drift", &page);
        }
        self.notices();
        let rotate = |month: &Self| month.runner("schedule", true).job(SCHEDULE, "rotate");
        let (job, page) = self.job(&rotate, 0);
        if job.done.text.contains("no token is due") {
            return;
        }
        self.see("the page of the morning's rotation", &page);
        self.notices();
    }

    fn days_later(&mut self, days: i64) {
        self.setting.days_later(days);
        self.day += days;
    }

    /// What arrived in the channel.
    fn notices(&mut self) {
        for received in self.receiver.take() {
            assert_eq!(received.path, HOOK);
            let message: Value = serde_json::from_str(&received.body).unwrap();
            let blocks = message["blocks"].as_array().unwrap().iter();
            let texts = blocks.filter_map(|block| block["text"]["text"].as_str());
            let text = texts.collect::<Vec<_>>().join("\n");
            self.see("a message in the channel", &text);
        }
    }

    fn see(&mut self, what: &str, text: &str) {
        let day = self.day;
        let text = masked(&self.setting.init.redacted(text));
        write!(self.seen, "==== day {day}: {what}\n{}\n\n", text.trim_end()).unwrap();
    }
}

/// A text without what differs from run to run.
fn masked(text: &str) -> String {
    [
        (r"retiring-\d{8}-[0-9a-f]+", "retiring-[DATE]-[ID]"),
        (r"\b[0-9a-f]{40}\b", "[COMMIT]"),
        (r"(steersman-issuer(?:~|&#126;))[0-9a-f]{8}\b", "$1[ID]"),
        (r"\babout \d+ to apply\b", "about [REQUESTS] to apply"),
        (r"<code>[0-9a-f]{12}</code>", "<code>[DIGEST]</code>"),
        (r"\b[0-9a-f]{16}\b", "[ID]"),
        (r"\b\d+(\.\d+)? (s|ms)\b", "[SECONDS]"),
        (r"\b\d+ requests?\b", "[REQUESTS]"),
        (r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", "[TIME]"),
        (r"(?m)[ \t]+$", ""),
    ]
    .iter()
    .fold(text.to_owned(), |text, (pattern, by)| {
        let pattern = Regex::new(pattern).unwrap();
        pattern.replace_all(&text, *by).into_owned()
    })
}

#[test]
fn shown_by_1_a_month_of_one_repository() {
    let Some(mut month) = Month::begin() else {
        return;
    };
    let init = month.setting.init.shown();
    month.see("a person begins", &init);

    // The first change, and the one step of the account holder.
    month.change("the first account");
    month.setting.enroll();
    month.merge("the account is enrolled");
    month.morning(0);

    // A week passes in silence.
    for _ in 0..6 {
        month.days_later(1);
        month.morning(0);
    }

    // A hand in the tenant: noticed once with its name, and mended.
    month.setting.tenant.simulator().with_tenant(|tenant| {
        let levels = ["REPORT_ADMIN", "HELPDESK"].map(str::to_owned).to_vec();
        tenant.set_levels_out_of_band("audit01", levels).unwrap();
    });
    month.days_later(1);
    month.morning(2);
    let noticed = month.seen.matches("changed in the tenant").count();
    assert_eq!(noticed, 1, "{}", month.seen);
    month.days_later(1);
    let before = month.seen.len();
    month.morning(2);
    assert!(!month.seen[before..].contains("a message in the channel"));
    month.merge("the drift is mended by a new run of the workflow");
    month.days_later(1);
    month.morning(0);
    assert!(
        month.seen.contains("over: levels/SA-001 (audit01)"),
        "{}",
        month.seen
    );

    // A change of the team.
    let accounts = "repository/accounts/accounts.yaml";
    let world = &month.setting.world;
    world.replace(accounts, "monthly audit", "quarterly audit");
    month.change("another purpose");

    // The token is rotated when its time comes, and the old one ends a day later.
    let delivered = "secrets/audit01/monthly-report.age";
    let first = month.setting.remote(delivered).exits(0).text;
    month.days_later(8);
    month.morning(0);
    assert_eq!(month.setting.remote(delivered).exits(0).text, first);
    month.days_later(7);
    month.morning(0);
    assert_ne!(month.setting.remote(delivered).exits(0).text, first);
    month.days_later(2);
    month.morning(0);
    month.days_later(5);
    month.morning(0);

    // The auditors' report, by an operator with the record of the jobs' cache.
    let _ = month
        .setting
        .git("git pull --quiet --rebase origin main && cp -r ../machine/cache/.steersman .")
        .exits(0);
    let report = "report accounts tenants/prod.yaml --record .steersman/record.json --out csv=report.csv --out html=report.html";
    let mut command = month.setting.world.command();
    command.current_dir(month.setting.repository());
    let output = command.args(report.split(' ')).output().unwrap();
    let run = month
        .setting
        .world
        .ended(&report.split(' ').collect::<Vec<_>>(), &output);
    let run = run.exits(0);
    month.see("an operator makes the auditors' report", &run.shown());
    let csv = month.setting.world.read("repository/report.csv");
    month.see("report.csv", &csv);

    // The identity's level is as declared, and only one token of the name lives.
    let plan = "plan accounts tenants/prod.yaml --detailed-exitcode --no-stores";
    let mut command = month.setting.world.command();
    command.current_dir(month.setting.repository());
    let output = command.args(plan.split(' ')).output().unwrap();
    let _ = month.setting.world.ended(&["plan"], &output).exits(0);

    for secret in [
        IDENTITY,
        "secret-of-the-address",
        "ghs_secret-token",
        &month.setting.sail("SAIL_CLIENT_SECRET"),
    ] {
        assert!(!month.log.contains(secret) && !month.seen.contains(secret));
    }
    insta::assert_snapshot!(month.seen);
}
