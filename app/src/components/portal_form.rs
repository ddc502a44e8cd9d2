//! A form that works as plain HTML, and better with JavaScript.
//!
//! Without: the browser sends it, the server answers with a redirect, and the next page carries
//! what was wrong and what was typed. With: it is sent in the background and errors appear at the
//! fields, with everything that was typed still there.

use api::{Error, FieldError, Flash, Site};
use leptos::context::Provider;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::fold::open_fold;
use crate::{PostOutcome, sending};

/// The form around a field or a button.
#[derive(Debug, Clone, Copy)]
pub struct FormState {
    /// What was wrong with the last try.
    pub error: RwSignal<Option<Error>>,
    /// Whether it is being sent.
    pub is_busy: RwSignal<bool>,
    id: StoredValue<String>,
    values: StoredValue<Vec<(String, String)>>,
}

impl FormState {
    /// Identifier of a field's element.
    pub fn field_id(self, name: &str) -> String {
        self.id.with_value(|id| format!("{id}-{name}"))
    }

    /// What was typed into a field before the page was loaded again.
    pub fn typed(self, name: &str) -> Option<String> {
        self.values.with_value(|values| {
            values
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        })
    }

    /// What is wrong with a field.
    pub fn field_error(self, name: &str) -> Option<String> {
        self.error.with(|error| {
            error
                .as_ref()?
                .fields
                .iter()
                .find(|field| field.field == name)
                .map(message)
        })
    }

    /// Whether a field was wrong when the page was made.
    pub(super) fn was_wrong(self, name: &str) -> bool {
        untrack(|| self.field_error(name)).is_some()
    }
}

fn message(field: &FieldError) -> String {
    field.message.clone()
}

/// What the last page load has to say about this form.
fn earlier(action: &str, id: &str, site: Option<Site>) -> (Option<Error>, Vec<(String, String)>) {
    let flash = site.and_then(|site| site.flash);
    let ((
        Some(PostOutcome::Failed {
            form,
            error,
            values,
        }),
        _,
    )
    | (
        _,
        Some(Flash {
            form,
            error: Some(error),
            values,
            ..
        }),
    )) = (use_context::<PostOutcome>(), flash)
    else {
        return (None, Vec::new());
    };
    // Several forms may have the same action; what was sent says which one it was.
    let is_mine = values
        .iter()
        .find(|(name, _)| name == "form")
        .map_or(form == action, |(_, value)| value == id);
    if is_mine {
        (Some(error), values)
    } else {
        (None, Vec::new())
    }
}

/// A form of the portal.
#[component]
pub fn PortalForm(
    /// Path that it is sent to.
    #[prop(into)]
    action: String,
    /// Whether the browser sends it always, for answers that are files.
    #[prop(optional)]
    native: bool,
    /// Whether a file may go with it; the browser sends the form itself if one was chosen.
    #[prop(optional)]
    upload: bool,
    /// More class names.
    #[prop(into, optional)]
    class: String,
    /// Tells forms on the same page apart; needed where several have the same action.
    #[prop(into, optional)]
    id: String,
    /// Receives the JSON of the answer; without it, the answer is a [`api::Done`] to follow.
    #[prop(optional)]
    on_json: Option<Callback<String>>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let id = if id.is_empty() { slug(&action) } else { id };
    let site = use_context::<Site>();
    let csrf = site
        .as_ref()
        .map(|site| site.csrf.clone())
        .unwrap_or_default();
    let (error, values) = earlier(&action, &id, site);
    if error.is_some() {
        open_fold();
    }
    let state = FormState {
        error: RwSignal::new(error),
        is_busy: RwSignal::new(false),
        id: StoredValue::new(id.clone()),
        values: StoredValue::new(values),
    };
    let form_id = id.clone();
    let location = use_location();
    let back = move || {
        let search = location.search.get();
        let path = location.pathname.get();
        if search.is_empty() {
            path
        } else {
            format!("{path}?{}", search.trim_start_matches('?'))
        }
    };
    view! {
        <form
            id=form_id
            method="post"
            action=action
            enctype=upload.then_some("multipart/form-data")
            class=class
            on:submit=move |event| {
                // Without a file there is no need for a page of its own.
                if !(native || upload && sending::has_file(&event)) {
                    sending::send(&event, state, on_json);
                }
            }
        >
            <input type="hidden" name="csrf" value=csrf />
            <input type="hidden" name="back" value=back />
            <input type="hidden" name="form" value=id />
            {move || state.error.get().map(summary)}
            <Provider value=state>{children()}</Provider>
            <span class="visually-hidden" role="status">
                {move || state.is_busy.get().then_some("Sending …")}
            </span>
        </form>
    }
}

/// What is wrong, above the fields; for a mistake of the portal with the number to tell.
fn summary(error: Error) -> impl IntoView {
    view! {
        <div class="notice tone-bad form-error" role="alert" tabindex="-1">
            <p>{error.message}</p>
        </div>
    }
}

/// `/api/ui/change-password` is `change-password`.
fn slug(action: &str) -> String {
    let path = action.strip_prefix("/api/ui/").unwrap_or(action);
    path.trim_matches('/')
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}
