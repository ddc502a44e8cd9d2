//! Buttons that send a form, and links that look like them.

use leptos::prelude::*;

use super::FormState;

/// How a button looks: one primary button per page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// The obvious next step.
    #[default]
    Primary,
    /// Something else one can do.
    Quiet,
    /// Something that cannot be undone.
    Danger,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button is-primary",
            Self::Quiet => "button is-quiet",
            Self::Danger => "button is-danger",
        }
    }
}

fn given(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The button that sends the form around it.
#[component]
pub fn Submit(
    /// What it does, as a verb.
    #[prop(into)]
    label: String,
    /// How it looks.
    #[prop(optional)]
    tone: Tone,
    /// Name of a value that only this button sends.
    #[prop(into, optional)]
    name: String,
    /// That value.
    #[prop(into, optional)]
    value: String,
    /// Sends the form to this path instead of the form's own.
    #[prop(into, optional)]
    action: String,
) -> impl IntoView {
    let form = use_context::<FormState>();
    let is_busy = move || {
        form.is_some_and(|form| form.is_busy.get())
            .then_some("true")
    };
    view! {
        <button
            type="submit"
            class=tone.class()
            name=given(name)
            value=given(value)
            formaction=given(action)
            aria-disabled=is_busy
        >
            {label}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What is there.
    #[prop(into)]
    label: String,
    /// How it looks.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    view! {
        <a class=tone.class() href=href>
            {label}
        </a>
    }
}
