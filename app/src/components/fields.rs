//! Fields of a form, each with its label, its hint and what is wrong with it.

use leptos::prelude::*;

use super::FormState;
use super::fold::open_fold;

/// What every field has around its control.
#[derive(Clone)]
struct Around {
    form: Option<FormState>,
    name: String,
    id: String,
    has_hint: bool,
}

impl Around {
    fn new(name: &str, hint: &str) -> Self {
        let form = use_context::<FormState>();
        if form.is_some_and(|form| form.was_wrong(name)) {
            open_fold();
        }
        Self {
            form,
            name: name.to_owned(),
            id: form.map_or_else(|| name.to_owned(), |form| form.field_id(name)),
            has_hint: !hint.is_empty(),
        }
    }

    fn value(&self, value: String) -> String {
        self.form
            .and_then(|form| form.typed(&self.name))
            .unwrap_or(value)
    }

    fn error(&self) -> Option<String> {
        self.form.and_then(|form| form.field_error(&self.name))
    }

    fn is_invalid(&self) -> Option<&'static str> {
        self.error().map(|_| "true")
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.has_hint.then(|| format!("{}-hint", self.id));
        let error = self.error().map(|_| format!("{}-error", self.id));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (one, other) => one.or(other),
        }
    }

    /// Label and hint above the control, what is wrong below it.
    fn wrap(self, label: String, hint: String, is_required: bool, control: AnyView) -> AnyView {
        let hint_id = format!("{}-hint", self.id);
        let error_id = format!("{}-error", self.id);
        let label_for = self.id.clone();
        view! {
            <div class="field">
                <label for=label_for>
                    {label}
                    {(!is_required).then(|| view! { <span class="optional">" (optional)"</span> })}
                </label>
                {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
                {control}
                <p class="field-error" id=error_id>{move || self.error()}</p>
            </div>
        }
        .into_any()
    }
}

/// What is wrong with a choice that is no single control.
#[component]
pub fn ChoiceError(
    /// Name in the form.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let form = use_context::<FormState>();
    view! { <p class="field-error">{move || form.and_then(|form| form.field_error(&name))}</p> }
}

/// One line of text.
#[component]
pub fn TextField(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What to enter.
    #[prop(into)]
    label: String,
    /// Type of the input; `text` unless given.
    #[prop(into, optional)]
    kind: String,
    /// What is filled in.
    #[prop(into, optional)]
    value: String,
    /// More about what to enter.
    #[prop(into, optional)]
    hint: String,
    /// What the browser may fill in.
    #[prop(into, optional)]
    autocomplete: String,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let around = Around::new(&name, &hint);
    let kind = if kind.is_empty() {
        "text".to_owned()
    } else {
        kind
    };
    // A password that was typed is never put into a page.
    let value = (kind != "password").then(|| around.value(value));
    let (for_invalid, for_described) = (around.clone(), around.clone());
    let control = view! {
        <input
            type=kind
            id=around.id.clone()
            name=name
            value=value
            required=required
            autocomplete=(!autocomplete.is_empty()).then_some(autocomplete)
            aria-invalid=move || for_invalid.is_invalid()
            aria-describedby=move || for_described.described_by()
        />
    }
    .into_any();
    around.wrap(label, hint, required, control)
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What to enter.
    #[prop(into)]
    label: String,
    /// More about what to enter.
    #[prop(into, optional)]
    hint: String,
    /// What is filled in.
    #[prop(into, optional)]
    value: String,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let around = Around::new(&name, &hint);
    let value = around.value(value);
    let (for_invalid, for_described) = (around.clone(), around.clone());
    let control = view! {
        <textarea
            id=around.id.clone()
            name=name
            rows="3"
            required=required
            aria-invalid=move || for_invalid.is_invalid()
            aria-describedby=move || for_described.described_by()
        >
            {value}
        </textarea>
    }
    .into_any();
    around.wrap(label, hint, required, control)
}

/// One of several.
#[component]
pub fn SelectField(
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What to choose.
    #[prop(into)]
    label: String,
    /// Value and label of each choice.
    options: Vec<(String, String)>,
    /// Which is chosen.
    #[prop(into, optional)]
    value: String,
    /// More about the choice.
    #[prop(into, optional)]
    hint: String,
) -> impl IntoView {
    let around = Around::new(&name, &hint);
    let value = around.value(value);
    let options = options
        .into_iter()
        .map(|(key, label)| {
            let is_chosen = key == value;
            view! {
                <option value=key selected=is_chosen>
                    {label}
                </option>
            }
        })
        .collect_view();
    let (for_invalid, for_described) = (around.clone(), around.clone());
    let control = view! {
        <select
            id=around.id.clone()
            name=name
            aria-invalid=move || for_invalid.is_invalid()
            aria-describedby=move || for_described.described_by()
        >
            {options}
        </select>
    }
    .into_any();
    around.wrap(label, hint, true, control)
}
