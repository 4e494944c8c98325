//! Texts about the words of states: of what each is a state, what it means, and what follows.

use model::{Action, DeliveryState, Stage};
use render::doctor::CheckState;
use render::drift::{Cause, DriftKind};
use render::token_list::{SignIn, TokenState};

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
    Stage,
    Guard,
    Enrolling,
}

impl Term {
    /// All words.
    pub(super) const ALL: [Self; 13] = [
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
        Self::Stage,
        Self::Guard,
        Self::Enrolling,
    ];

    /// The word.
    pub(super) fn word(self) -> &'static str {
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
            Self::Stage => "stage",
            Self::Guard => "guard",
            Self::Enrolling => "enroll",
        }
    }
}

/// Of what it is a state, what it means, and what follows.
pub(super) type Texts = (&'static str, &'static str, &'static str);

pub(super) fn of_stage(stage: Option<Stage>) -> Texts {
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

pub(super) fn of_token(state: TokenState) -> Texts {
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

pub(super) fn of_delivery(state: DeliveryState) -> Texts {
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

pub(super) fn of_sign_in(result: &SignIn) -> Texts {
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

pub(super) fn of_action(action: Action) -> Texts {
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

pub(super) fn of_drift(kind: DriftKind) -> Texts {
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

pub(super) fn of_cause(cause: Cause) -> Texts {
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

pub(super) fn of_check(state: CheckState) -> Texts {
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

pub(super) fn of_term(term: Term) -> Texts {
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
            "A token, in `apply`; an entry of a store, in `store check`",
            "A token is valid, and its secret is lost; an entry is one that no file declares any more",
            "A token: the next apply replaces it, and `steersman token revoke` stops it now. An entry: remove it from the store if nothing uses it; `store check` says whether its token is still valid.",
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
        Term::Stage => (
            "An account, in `status` and `plan`",
            "How far the account is, in parentheses behind its name: absent, uncorrelated, identified, invited, registered, enrolled, ready",
            "`steersman explain STAGE` explains one of them, such as `enrolled`.",
        ),
        Term::Guard => (
            "A whole plan",
            "A limit on what one plan may do, such as deletions; a plan that does more is refused before the first write",
            "`--allow GUARD=N` lifts it once, `policy.limits` for good. `steersman explain deleteTokens` explains one of them; `steersman explain` lists all.",
        ),
        Term::Enrolling => (
            "An account that owns tokens",
            "A person gives steersman a first token of the account, the issuer, with which it creates and rotates all others",
            "`steersman enroll ACCOUNT` takes it, in the browser or pasted. The account holder registers first.",
        ),
    }
}
