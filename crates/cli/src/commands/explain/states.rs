//! Words of states in `status`, `plan`, `drift`, `token list`, `store check` and `doctor`.

use super::state_texts::{self, Term, Texts};
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
    fn texts(&self) -> Texts {
        match self {
            Self::Stage(stage) => state_texts::of_stage(*stage),
            Self::Token(state) => state_texts::of_token(*state),
            Self::Delivery(state) => state_texts::of_delivery(*state),
            Self::SignIn(result) => state_texts::of_sign_in(result),
            Self::Action(action) => state_texts::of_action(*action),
            Self::Drift(kind) => state_texts::of_drift(*kind),
            Self::Cause(cause) => state_texts::of_cause(*cause),
            Self::Check(state) => state_texts::of_check(*state),
            Self::Term(term) => state_texts::of_term(*term),
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
