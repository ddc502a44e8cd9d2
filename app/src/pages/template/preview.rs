//! What a certificate of the edited template would say, while one edits: asked for half a second
//! after the last keystroke, or with the button, which without JavaScript sends the form.

use std::time::Duration;

use api::{PreviewPart, TemplatePreview, url};
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement};

use super::words;
use crate::components::{BadgeTone, Facts, Notice};
use crate::sending;

/// How long to wait for the next keystroke.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks once nothing more was typed for a moment.
pub(super) fn ask_soon(event: &Event, preview: RwSignal<Option<TemplatePreview>>) {
    let Some(form) = form_of(event) else {
        return;
    };
    // Each keystroke counts up on the form; whoever waits for an older one gives up.
    let mine = pulse(&form) + 1;
    let _ = form.set_attribute(PULSE, &mine.to_string());
    set_timeout(
        move || {
            if pulse(&form) == mine {
                send(form, preview);
            }
        },
        PAUSE,
    );
}

const PULSE: &str = "data-pulse";

fn pulse(form: &Element) -> u32 {
    let text = form.get_attribute(PULSE).unwrap_or_default();
    text.parse().unwrap_or_default()
}

/// Asks at once.
pub(super) fn ask(event: &MouseEvent, preview: RwSignal<Option<TemplatePreview>>) {
    if let Some(form) = form_of(event) {
        event.prevent_default();
        send(form, preview);
    }
}

fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("form").ok()??.dyn_into().ok()
}

fn send(form: HtmlFormElement, preview: RwSignal<Option<TemplatePreview>>) {
    leptos::task::spawn_local(async move {
        // What went wrong with a preview is no news: the form itself says it when it is sent.
        if let Ok(json) = sending::ask(&form, url::PREVIEW_TEMPLATE).await
            && let Ok(answer) = serde_json::from_str(&json)
        {
            preview.try_set(Some(answer));
        }
    });
}

/// A preview, or how to get one. Each problem names its field by the label.
pub(super) fn shown(preview: Option<TemplatePreview>, labels: &[(String, String)]) -> AnyView {
    let Some(preview) = preview else {
        return view! { <p>"Press Preview to see what such a certificate says. Nothing is signed."</p> }
            .into_any();
    };
    let problems = (!preview.problems.is_empty()).then(|| {
        let problems = preview.problems.into_iter();
        let problems = problems
            .map(|one| {
                let label = labels.iter().find(|(name, _)| *name == one.field);
                let label = label.map(|(_, label)| view! { <strong>{label.clone()} ": "</strong> });
                view! { <li>{label} {one.message}</li> }
            })
            .collect_view();
        view! {
            <Notice tone=BadgeTone::Warn>
                <p>"It cannot be saved like this:"</p>
                <ul>{problems}</ul>
            </Notice>
        }
    });
    let sample = (!preview.sample.is_empty())
        .then(|| view! { <p>"As it would be for " {preview.sample} ". Nothing is signed."</p> });
    view! {
        {problems}
        {sample}
        {preview.parts.into_iter().map(part).collect_view()}
    }
    .into_any()
}

fn part(part: PreviewPart) -> AnyView {
    let findings = (!part.findings.is_empty()).then(|| {
        let findings = part.findings.into_iter();
        let findings = findings
            .map(|finding| view! { <li>{finding}</li> })
            .collect_view();
        view! {
            <Notice tone=BadgeTone::Bad>
                <p>"It would not be signed:"</p>
                <ul>{findings}</ul>
            </Notice>
        }
    });
    view! {
        <h3>{part.title}</h3>
        {findings}
        <Facts rows=words(part.facts) />
    }
    .into_any()
}
