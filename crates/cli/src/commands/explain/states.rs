//! Words of states in `status`, `plan`, `drift`, `token list`, `store check` and `doctor`.

use model::{Action, DeliveryState, Stage};
use render::doctor::CheckState;
use render::drift::{Cause, DriftKind};
use render::token_list::{SignIn, TokenState};

/// The state of something, as a list or a plan has it. One word can be that of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// How far an account is; none where it was not read.
    Stage(Option<Stage>),
    /// What a token is to its account.
    Token(TokenState),
    /// What the place of a secret holds.
    Delivery(DeliveryState),
    /// What signing in with a delivered secret showed.
    SignIn(SignIn),
    /// What a step does.
    Action(Action),
    /// How an object differs.
    Drift(DriftKind),
    /// Which side moved.
    Cause(Cause),
    /// How a check came out.
    Check(CheckState),
    /// A word of plans and reports that is no enum's.
    Term(Term),
}

/// A word of plans and reports that is no value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Blocked,
    Unmanaged,
    Irreversible,
    PartialRead,
    Due,
    Resolved,
    Expiring,
    Orphaned,
    Uncorrelated,
    RolledBack,
}

impl Term {
    pub(super) const ALL: [Self; 10] = [
        Self::Blocked,
        Self::Unmanaged,
        Self::Irreversible,
        Self::PartialRead,
        Self::Due,
        Self::Resolved,
        Self::Expiring,
        Self::Orphaned,
        Self::Uncorrelated,
        Self::RolledBack,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Unmanaged => "unmanaged",
            Self::Irreversible => "irreversible",
            Self::PartialRead => "partial read",
            Self::Due => "due",
            Self::Resolved => "resolved",
            Self::Expiring => "expiring",
            Self::Orphaned => "orphaned",
            Self::Uncorrelated => "uncorrelated",
            Self::RolledBack => "rolled back",
        }
    }
}

impl State {
    /// All states.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let why = String::new;
        let sign_ins = [
            SignIn::SignsIn,
            SignIn::Rejected { why: why() },
            SignIn::AnotherIdentity { identity: None },
            SignIn::Foreign { why: why() },
            SignIn::NotKnown { why: why() },
            SignIn::NotAsked,
            SignIn::WriteOnly,
        ];
        let stages = Stage::ALL.into_iter().map(Some).chain([None]);
        stages
            .map(Self::Stage)
            .chain(TokenState::ALL.into_iter().map(Self::Token))
            .chain(DeliveryState::ALL.into_iter().map(Self::Delivery))
            .chain(sign_ins.into_iter().map(Self::SignIn))
            .chain(Action::ALL.into_iter().map(Self::Action))
            .chain(DriftKind::ALL.into_iter().map(Self::Drift))
            .chain(Cause::ALL.into_iter().map(Self::Cause))
            .chain(CheckState::ALL.into_iter().map(Self::Check))
            .chain(Term::ALL.into_iter().map(Self::Term))
    }

    /// The states with this word, without regard to case, hyphens and spaces, so that the
    /// word of a text and that of JSON are the same.
    pub(super) fn find(text: &str) -> Vec<Self> {
        let sought = plain(text);
        Self::all()
            .filter(|state| {
                let also = match state {
                    Self::Drift(kind) => Some(kind.words().to_owned()),
                    Self::Cause(cause) => Some(cause.words().to_owned()),
                    Self::Stage(_)
                    | Self::Token(_)
                    | Self::Delivery(_)
                    | Self::SignIn(_)
                    | Self::Action(_)
                    | Self::Check(_)
                    | Self::Term(_) => None,
                };
                let words = [Some(state.word()), also];
                words.iter().flatten().any(|word| plain(word) == sought)
            })
            .collect()
    }

    /// The word, as a list or a plan has it.
    pub(super) fn word(&self) -> String {
        match self {
            Self::Stage(Some(stage)) => stage.to_string(),
            Self::Stage(None) => "not read".to_owned(),
            Self::Token(state) => json_word(state),
            Self::Delivery(state) => state.to_string(),
            Self::SignIn(result) => result.word().to_owned(),
            Self::Action(action) => action.to_string(),
            Self::Drift(kind) => kind.name().to_owned(),
            Self::Cause(cause) => cause.name().to_owned(),
            Self::Check(state) => json_word(state),
            Self::Term(term) => term.word().to_owned(),
        }
    }

    /// What it means, in a line.
    pub(super) fn title(&self) -> &'static str {
        self.texts().1
    }

    /// The whole explanation.
    pub(super) fn text(&self) -> String {
        let (of, title, next) = self.texts();
        format!("{}: {title}\n\n{of}.\n\n{next}", self.word())
    }

    /// Of what it is a state, what it means, and what follows.
    fn texts(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Stage(stage) => of_stage(*stage),
            Self::Token(state) => of_token(*state),
            Self::Delivery(state) => of_delivery(*state),
            Self::SignIn(result) => of_sign_in(result),
            Self::Action(action) => of_action(*action),
            Self::Drift(kind) => of_drift(*kind),
            Self::Cause(cause) => of_cause(*cause),
            Self::Check(state) => of_check(*state),
            Self::Term(term) => of_term(*term),
        }
    }
}

/// A word without what differs between texts and JSON.
fn plain(word: &str) -> String {
    word.chars()
        .filter(|character| !matches!(character, ' ' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The word of a value, as JSON has it.
fn json_word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

type Texts = (&'static str, &'static str, &'static str);

fn of_stage(stage: Option<Stage>) -> Texts {
    let (title, next) = match stage {
        Some(Stage::Absent) => (
            "The account is not on its source",
            "The next apply imports it. On a source that steersman does not manage, create the account there.",
        ),
        Some(Stage::Imported) => (
            "The account is on its source, and has no identity yet",
            "ISC creates the identity when it processes the source, which the next apply starts.",
        ),
        Some(Stage::Identified) => (
            "The account has an identity, which is not invited",
            "The next apply invites it if the identity profile declares `invite: true`; else an ISC admin does.",
        ),
        Some(Stage::Invited) => (
            "The invitation is sent, and the account holder has not registered",
            "Account holder: open the invitation email, which is valid for 7 days, and set a password.",
        ),
        Some(Stage::Registered) => (
            "The account holder has registered, and the store has no issuer token",
            "Run `steersman enroll ACCOUNT`. From then on steersman creates the declared tokens.",
        ),
        Some(Stage::Enrolled) => (
            "The store has an issuer token, and the account is not as declared yet",
            "Run `steersman apply`; if something is blocked, the plan says what comes first.",
        ),
        Some(Stage::Ready) => (
            "Everything that the files declare of the account exists",
            "There is nothing to do.",
        ),
        None => (
            "The stage of the account could not be read",
            "What was not read is not known, so nothing is decided from it. Fix the reason that the report gives.",
        ),
    };
    (
        "The stage of an account, in `status` and `plan`",
        title,
        next,
    )
}

fn of_token(state: TokenState) -> Texts {
    let (title, next) = match state {
        TokenState::Declared => (
            "A file declares the token",
            "steersman keeps it as declared.",
        ),
        TokenState::Issuer => (
            "The issuer token, with which steersman creates the other tokens of the account",
            "It replaces itself as `issuer.rotate` declares.",
        ),
        TokenState::Retiring => (
            "The token was replaced, and is valid until its overlap is over",
            "What uses it must read its new secret before then. The apply after the overlap revokes it; `steersman token rollback` makes it current again.",
        ),
        TokenState::Undeclared => (
            "The account has the token, and no file declares it",
            "Declare it, or revoke it with `steersman token revoke`. `policy.unmanagedTokens: revoke` revokes such tokens.",
        ),
        TokenState::MayBeIssuer => (
            "No file declares the token, and it may be the issuer token",
            "The place of the issuer token was not asked, or could not be read. Allow its program with `--allow-commands`, or fix the store.",
        ),
        TokenState::SailPoint => (
            "SailPoint's workflows manage the token",
            "steersman never changes it.",
        ),
        TokenState::Missing => (
            "A file declares the token, and ISC does not have it",
            "The next apply creates it, or the notes below the list say what comes first.",
        ),
        TokenState::Unread => (
            "Whether the token exists was not read",
            "The notes below the list say why.",
        ),
    };
    ("The state of a token, in `token list`", title, next)
}

fn of_delivery(state: DeliveryState) -> Texts {
    let (title, next) = match state {
        DeliveryState::Delivered => (
            "The place holds the secret of the token that exists",
            "There is nothing to do.",
        ),
        DeliveryState::Missing => (
            "The place holds nothing",
            "A secret is shown once, so the next apply creates a new token for the place.",
        ),
        DeliveryState::Moved => (
            "The place holds nothing; the secret is where an earlier run delivered it",
            "The next apply creates a new token for the new place. `steersman store move` moves the secrets of issuer tokens.",
        ),
        DeliveryState::Stale => (
            "The place holds the secret of an earlier token of this name, or of one that has ended",
            "The next apply replaces it.",
        ),
        DeliveryState::Foreign => (
            "The place holds a secret of another tenant, account or token",
            "steersman neither uses nor overwrites it. Declare another key, or delete that secret.",
        ),
        DeliveryState::Unreadable => (
            "The store could not be read",
            "Nothing is decided from it. `steersman store check` says what is wrong.",
        ),
        DeliveryState::WriteOnly => (
            "The store takes secrets and gives none back",
            "What was delivered there was proven before, by signing in.",
        ),
        DeliveryState::NotAsked => (
            "The store runs a program, and the operator did not allow programs",
            "Check the program in the files, then add `--allow-commands`.",
        ),
        DeliveryState::Unknown => (
            "The place holds a secret, and whether it is of the token that exists is not known",
            "The tenant's tokens were not read, or the account's identity is about to change.",
        ),
    };
    (
        "What the place of a secret holds: the delivery of a token",
        title,
        next,
    )
}

fn of_sign_in(result: &SignIn) -> Texts {
    let (title, next) = match result {
        SignIn::SignsIn => (
            "ISC accepts the delivered secret, as the account's identity",
            "There is nothing to do.",
        ),
        SignIn::Rejected { why: _ } => (
            "ISC does not accept the delivered secret",
            "What uses it fails. Run `steersman token rotate` for a new token.",
        ),
        SignIn::AnotherIdentity { identity: _ } => (
            "ISC accepts the delivered secret, as another identity",
            "Delete that secret from the store, then run `steersman apply` for a new token.",
        ),
        SignIn::Foreign { why: _ } => (
            "The store has another secret than that of the token",
            "steersman did not sign in with it. Declare another key, or delete that secret.",
        ),
        SignIn::NotKnown { why: _ } => (
            "The secret could not be read, or no answer says whether it works",
            "The notes below the list say why.",
        ),
        SignIn::NotAsked => (
            "The store runs a program, and the operator did not allow programs",
            "Check the program in the files, then add `--allow-commands`.",
        ),
        SignIn::WriteOnly => (
            "The store takes secrets and gives none back",
            "Nothing can sign in with what it holds but what reads it there.",
        ),
        SignIn::NothingDelivered => (
            "No secret is delivered",
            "There is nothing to sign in with.",
        ),
    };
    (
        "What signing in showed, in `token list --check`",
        title,
        next,
    )
}

fn of_action(action: Action) -> Texts {
    let (title, next) = match action {
        Action::Create => (
            "The object is created (mark `+`)",
            "Declared, and not in the tenant.",
        ),
        Action::Update => (
            "The object is updated in place (mark `~`)",
            "The plan shows each field as it is and as it becomes.",
        ),
        Action::Replace => (
            "The object is replaced by a new one (mark `±`)",
            "A replaced token stays valid for its overlap, and is revoked by a later apply.",
        ),
        Action::Delete => (
            "The object is deleted (mark `-`)",
            "Guards count such steps, and refuse a plan with more than their limits.",
        ),
        Action::Run => (
            "Something is run (mark `>`): a CSV import, identity processing or an invitation",
            "ISC does it as a task, and steersman follows it to its end.",
        ),
    };
    ("What a step of a plan does", title, next)
}

fn of_drift(kind: DriftKind) -> Texts {
    let (title, next) = match kind {
        DriftKind::Missing => (
            "The files declare it, and the tenant does not have it",
            "`steersman apply` creates it. If it is not wanted, remove it from the files.",
        ),
        DriftKind::Differs => (
            "A field in the tenant is not as declared",
            "`steersman apply` corrects it. To keep the tenant's value, write it into the files.",
        ),
        DriftKind::Extra => (
            "The tenant has it, no file declares it, and apply would delete it",
            "To keep it, declare it.",
        ),
        DriftKind::Pending => (
            "Something has to be run, such as identity processing or an invitation",
            "`steersman apply` runs it.",
        ),
    };
    ("How an object differs, in `drift`", title, next)
}

fn of_cause(cause: Cause) -> Texts {
    let (title, next) = match cause {
        Cause::Tenant => (
            "The tenant changed since files and tenant last agreed",
            "`steersman drift --who` asks ISC's audit events who did it.",
        ),
        Cause::Git => (
            "The files changed since files and tenant last agreed",
            "`steersman apply` brings the tenant to the files.",
        ),
        Cause::Both => (
            "Files and tenant changed since they last agreed",
            "Compare both before you apply: the plan shows each field.",
        ),
        Cause::Unknown => (
            "No record says when files and tenant last agreed",
            "`--record FILE` on `apply` and `drift` keeps a record.",
        ),
    };
    ("The cause of a drift: which side changed", title, next)
}

fn of_check(state: CheckState) -> Texts {
    let (title, next) = match state {
        CheckState::Ok => ("It is as it should be", "There is nothing to do."),
        CheckState::Warning => (
            "It works now, and needs attention",
            "The help below the check says what to do.",
        ),
        CheckState::Failed => (
            "It does not work",
            "The check says what was tried, what was found, and what to do.",
        ),
        CheckState::NotChecked => (
            "It was not checked, so it is not known",
            "The check says why.",
        ),
    };
    ("How a check of `doctor` came out", title, next)
}

fn of_term(term: Term) -> Texts {
    match term {
        Term::Blocked => (
            "An object that a plan leaves out (mark `!`)",
            "Something must happen first, mostly by a person",
            "The plan says what and who. `steersman explain REASON` explains the reason that JSON has, such as `notRegistered`.",
        ),
        Term::Unmanaged => (
            "An object in a place that steersman manages (mark `?`)",
            "It is in the tenant, and no file declares it",
            "It is kept, unless `unmanaged: delete` of its source or `policy.unmanagedTokens: revoke` says otherwise. To manage it, declare it.",
        ),
        Term::Irreversible => (
            "A step of a plan; JSON has it as `destructive`",
            "Reverting the change in Git does not restore what the step removes",
            "Check it before you approve. Guards count such steps.",
        ),
        Term::PartialRead => (
            "A part of the tenant in a plan or report",
            "The tenant could not be read completely",
            "Nothing is created or deleted because of it. Fix the reason, then plan again; exit code 8 says so.",
        ),
        Term::Due => (
            "A step that is no drift",
            "Time alone brings it, such as the rotation of a token",
            "The next apply does it.",
        ),
        Term::Resolved => (
            "A drift of the record, in `drift --record`",
            "It was there in the last run, and is gone",
            "There is nothing to do.",
        ),
        Term::Expiring => (
            "A token, in `status`, `drift` and `token list`",
            "It ends soon, or has ended",
            "Declare `rotate`, and the next apply replaces it in time; or run `steersman token rotate`.",
        ),
        Term::Orphaned => (
            "A token, in `apply` and `store check`",
            "It is valid, and its secret is lost",
            "The next apply replaces it. To stop it now, run `steersman token revoke`.",
        ),
        Term::Uncorrelated => (
            "An account in ISC",
            "It has no identity",
            "ISC correlates accounts when it processes the source, which apply starts.",
        ),
        Term::RolledBack => (
            "A retiring token, in `token list`",
            "Its rotation was undone, and the token before it has its name again",
            "It is revoked when its overlap is over.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use render::doctor::DoctorDocument;
    use render::drift::DriftReport;
    use render::token_list::TokenListDocument;

    #[test]
    fn every_state_is_found_by_its_word() {
        for state in State::all() {
            let word = state.word();
            assert!(!word.is_empty(), "{state:?}");
            assert!(State::find(&word).contains(&state), "{word}");
            assert!(State::find(&word.to_uppercase()).contains(&state), "{word}");
            assert!(state.text().starts_with(&format!("{word}: ")));
        }
        // A word of JSON, a word of a text, and one with two meanings.
        assert!(!State::find("notRead").is_empty());
        assert!(!State::find("is not declared").is_empty());
        assert!(State::find("missing").len() > 1);
        assert!(State::find("nothing").is_empty());
    }

    /// The schemas of the documents come from the enums: a value that a list lacks is found.
    #[test]
    fn the_schemas_have_no_other_words() {
        let tokens = serde_json::to_value(TokenListDocument::schema()).unwrap();
        let drift = serde_json::to_value(DriftReport::schema()).unwrap();
        let doctor = serde_json::to_value(DoctorDocument::schema()).unwrap();
        let all: Vec<String> = State::all().map(|state| plain(&state.word())).collect();
        for (schema, name, number) in [
            (&tokens, "TokenState", TokenState::ALL.len()),
            (&drift, "DriftKind", DriftKind::ALL.len()),
            (&drift, "Cause", Cause::ALL.len()),
            (&doctor, "CheckState", CheckState::ALL.len()),
        ] {
            let values = schema["definitions"][name]["oneOf"].as_array().unwrap();
            assert_eq!(values.len(), number, "{name}");
            for value in values {
                let word = [&value["const"], &value["enum"][0]];
                let word = word.into_iter().find_map(|word| word.as_str()).unwrap();
                assert!(all.contains(&plain(word)), "{name}: {word}");
            }
        }
        let results = tokens["definitions"]["SignIn"]["oneOf"].as_array().unwrap();
        // Without that nothing is delivered, which has no word.
        let sign_ins = State::all().filter(|state| matches!(state, State::SignIn(_)));
        assert_eq!(sign_ins.count() + 1, results.len());
    }

    /// The compiler demands each value of an enum here, and the test that its list has it.
    #[test]
    fn the_lists_of_the_model_are_complete() {
        fn after_stage(stage: Stage) -> Option<Stage> {
            Some(match stage {
                Stage::Absent => Stage::Imported,
                Stage::Imported => Stage::Identified,
                Stage::Identified => Stage::Invited,
                Stage::Invited => Stage::Registered,
                Stage::Registered => Stage::Enrolled,
                Stage::Enrolled => Stage::Ready,
                Stage::Ready => return None,
            })
        }
        fn after_delivery(state: DeliveryState) -> Option<DeliveryState> {
            Some(match state {
                DeliveryState::Delivered => DeliveryState::Missing,
                DeliveryState::Missing => DeliveryState::Moved,
                DeliveryState::Moved => DeliveryState::Stale,
                DeliveryState::Stale => DeliveryState::Foreign,
                DeliveryState::Foreign => DeliveryState::Unreadable,
                DeliveryState::Unreadable => DeliveryState::WriteOnly,
                DeliveryState::WriteOnly => DeliveryState::NotAsked,
                DeliveryState::NotAsked => DeliveryState::Unknown,
                DeliveryState::Unknown => return None,
            })
        }
        fn after_action(action: Action) -> Option<Action> {
            Some(match action {
                Action::Create => Action::Update,
                Action::Update => Action::Replace,
                Action::Replace => Action::Delete,
                Action::Delete => Action::Run,
                Action::Run => return None,
            })
        }
        let stages = std::iter::successors(Some(Stage::Absent), |one| after_stage(*one));
        assert!(stages.eq(Stage::ALL));
        let deliveries =
            std::iter::successors(Some(DeliveryState::Delivered), |one| after_delivery(*one));
        assert!(deliveries.eq(DeliveryState::ALL));
        let actions = std::iter::successors(Some(Action::Create), |one| after_action(*one));
        assert!(actions.eq(Action::ALL));
    }
}
