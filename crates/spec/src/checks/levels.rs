//! Reports unknown user levels, and levels that conflict with each other.

use super::each::Each;
use super::subject::Subject;
use crate::code::Code;
use crate::decode::one_of;
use crate::finding::{Finding, Findings};
use crate::suggestion::Fix;
use model::{AccountSpec, UserLevel};

pub(super) struct Levels;

impl<'a> Each<'a> for Levels {
    fn account(
        &mut self,
        subject: &Subject<'a>,
        account: &'a AccountSpec,
        findings: &mut Findings,
    ) {
        let levels: Vec<&UserLevel> = account.user_levels.iter().flatten().collect();
        for level in &levels {
            unknown(subject, account, level, findings);
        }
        if levels.len() < 2 {
            return;
        }
        for (one, other) in catalog::incompatible_levels() {
            let held = |level: &str| levels.iter().find(|held| held.as_str() == level);
            if let (Some(one), Some(other)) = (held(one), held(other)) {
                incompatible(subject, account, one, other, findings);
            }
        }
        beside_admin(subject, account, &levels, findings);
    }
}

fn unknown(
    subject: &Subject<'_>,
    account: &AccountSpec,
    level: &UserLevel,
    findings: &mut Findings,
) {
    if catalog::user_level(level.as_str()).is_some() {
        return;
    }
    let Some(span) = subject.level(account, level) else {
        return;
    };
    findings.push_with(Code::UnknownLevel, || {
        let meant = catalog::suggest_level(level.as_str());
        // The same in another case is no guess.
        let same = meant
            .iter()
            .find(|known| known.eq_ignore_ascii_case(level.as_str()));
        let meant = same.map_or(meant.clone(), |same| vec![*same]);
        let only = match meant.as_slice() {
            // No misspelling gives everything.
            [only] if same.is_some() || *only != catalog::ORG_ADMIN => Some(*only),
            _ => None,
        };
        Finding::new(
            Code::UnknownLevel,
            format!("ISC does not document the user level `{level}`"),
        )
        .at(span, "undocumented user level")
        .help(if meant.is_empty() {
            "if it is a custom level of your tenant, ignore this warning; `plan` looks it up there"
                .to_owned()
        } else if meant == [catalog::ORG_ADMIN] && only.is_none() {
            "name the least level that the calls need; `steersman levels` lists all of them, and ORG_ADMIN allows everything"
                .to_owned()
        } else {
            format!("did you mean {}?", one_of(meant))
        })
        .fix(only.map(|only| Fix::scalar(span, only).if_decided()))
    });
}

fn incompatible(
    subject: &Subject<'_>,
    account: &AccountSpec,
    one: &UserLevel,
    other: &UserLevel,
    findings: &mut Findings,
) {
    let (Some(first), Some(second)) = (subject.level(account, one), subject.level(account, other))
    else {
        return;
    };
    let mut places = [(first, other), (second, one)];
    places.sort_unstable();
    let [(first, after), (second, before)] = places;
    findings.push(
        Finding::new(
            Code::IncompatibleLevels,
            format!("one identity cannot hold both {one} and {other}"),
        )
        .at(second, format!("conflicts with {before}"))
        .at(first, format!("conflicts with {after}"))
        .help("remove one of the two, or split the work between two service accounts"),
    );
}

fn beside_admin(
    subject: &Subject<'_>,
    account: &AccountSpec,
    levels: &[&UserLevel],
    findings: &mut Findings,
) {
    let Some(admin) = levels
        .iter()
        .find(|level| level.as_str() == catalog::ORG_ADMIN)
    else {
        return;
    };
    if let Some(span) = subject.level(account, admin) {
        findings.push(
            Finding::new(
                Code::AdminWithOthers,
                format!("{admin} is combined with other user levels"),
            )
            .at(span, format!("{admin} already allows almost everything"))
            .help(format!(
                "remove {admin} if the other levels are enough, or else remove the others"
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;
    use crate::testing::accounts;

    #[test]
    fn unknown_levels() {
        accounts(
            Code::UnknownLevel,
            &[
                ("userLevels: [REPORT_ADMIN, das:ui-auditor]", 0),
                ("userLevels: []", 0),
                ("userLevels: [REPORT_ADMN, AUDITOR]", 2),
            ],
        );
    }

    #[test]
    fn incompatible_levels() {
        accounts(
            Code::IncompatibleLevels,
            &[
                ("userLevels: [REPORT_ADMIN, SOURCE_ADMIN]", 0),
                ("userLevels: [SOURCE_ADMIN, SOURCE_SUBADMIN]", 1),
                ("userLevels: [ROLE_SUBADMIN, ROLE_ADMIN, SOURCE_ADMIN]", 2),
            ],
        );
    }

    #[test]
    fn levels_beside_admin() {
        accounts(
            Code::AdminWithOthers,
            &[
                ("userLevels: [ORG_ADMIN]", 0),
                ("userLevels: [ORG_ADMIN, HELPDESK]", 1),
            ],
        );
    }
}
