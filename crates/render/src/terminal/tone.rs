//! Colors of the terminal renderer: what each tone of text looks like.

use model::Action;
use owo_colors::OwoColorize;

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Quiet,
    Strong,
    /// Comes, or is well.
    Good,
    /// Goes, or is lost.
    Bad,
    BadStrong,
    /// Changes, or is blocked.
    Warn,
    WarnStrong,
    /// Is replaced.
    New,
    /// Runs, or helps.
    Accent,
}

/// The text in its color.
pub(crate) fn paint(tone: Tone, text: &str) -> String {
    match tone {
        Tone::Plain => text.to_owned(),
        Tone::Quiet => text.dimmed().to_string(),
        Tone::Strong => text.bold().to_string(),
        Tone::Good => text.green().to_string(),
        Tone::Bad => text.red().to_string(),
        Tone::BadStrong => text.red().bold().to_string(),
        Tone::Warn => text.yellow().to_string(),
        Tone::WarnStrong => text.yellow().bold().to_string(),
        Tone::New => text.magenta().to_string(),
        Tone::Accent => text.cyan().to_string(),
    }
}

/// The color of an action.
pub(crate) fn of_action(action: Action) -> Tone {
    match action {
        Action::Create => Tone::Good,
        Action::Update => Tone::Warn,
        Action::Replace => Tone::New,
        Action::Delete => Tone::Bad,
        Action::Run => Tone::Accent,
    }
}

/// The color of a mark.
pub(crate) fn of_mark(mark: &str, destructive: bool) -> Tone {
    match mark {
        "~" if destructive => Tone::BadStrong,
        "-" => Tone::Bad,
        "!" => Tone::WarnStrong,
        "?" => Tone::Quiet,
        other => [Action::Create, Action::Update, Action::Replace, Action::Run]
            .into_iter()
            .find(|action| action.mark() == other)
            .map_or(Tone::Plain, of_action),
    }
}
