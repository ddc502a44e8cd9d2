//! A state in one or two words.

use leptos::prelude::*;

/// How loudly a state speaks. The words say it too; colour alone never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadgeTone {
    /// All is well.
    Good,
    /// Something is under way.
    Wait,
    /// Attention soon.
    Warn,
    /// Something is wrong.
    Bad,
    /// Nothing to see.
    #[default]
    Quiet,
}

impl BadgeTone {
    /// The word in the class names.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Wait => "wait",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Quiet => "quiet",
        }
    }
}

/// A state in one or two words.
#[component]
pub fn Badge(
    /// The words.
    #[prop(into)]
    text: String,
    /// How loudly.
    #[prop(optional)]
    tone: BadgeTone,
) -> impl IntoView {
    view! { <span class=format!("badge tone-{}", tone.as_str())>{text}</span> }
}
