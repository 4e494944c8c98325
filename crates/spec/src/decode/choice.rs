//! Texts of which only a few are allowed.

/// Declares an enum whose variants are written as the given words.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, schemars::JsonSchema)]
        $(#[$meta])*
        pub(crate) enum $name {
            $($(#[$variant_meta])* #[schemars(rename = $word)] $variant,)+
        }

        impl $crate::decode::FromScalar for $name {
            fn expected() -> String {
                $crate::decode::one_of([$($word),+])
            }

            fn from_scalar(text: &str) -> Result<Self, $crate::decode::Refusal> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::decode::refused_choice(other, &[$($word),+])),
                }
            }
        }
    };
}

pub(crate) use choice;

use super::scalar::Refusal;
use super::suggestion::{did_you_mean, one_of};
use crate::code::Code;

/// Says that a word is none of the choices.
pub(crate) fn refused_choice(word: &str, choices: &[&'static str]) -> Refusal {
    let choice = did_you_mean(word, choices.iter().copied());
    Refusal::Wrong {
        code: Code::UnknownChoice,
        message: format!("expected {}", one_of(choices.iter().copied())),
        help: match choice {
            Some(choice) => format!("did you mean `{choice}`?"),
            None => format!("write {}", one_of(choices.iter().copied())),
        },
    }
}
