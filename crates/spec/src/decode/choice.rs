//! Enums that are written as one of a few words.

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
use super::suggestion::did_you_mean;

/// Refuses a word that is not one of the choices.
pub(crate) fn refused_choice(word: &str, choices: &'static [&'static str]) -> Refusal {
    Refusal::Choice {
        meant: did_you_mean(word, choices.iter().copied()),
        choices,
    }
}
