//! The editor: fields with their words come from the portal, so that rules and hints are in one
//! place and this page stays small.

use api::{EditorField, EditorInput, EditorSection, TemplatePreview, url};
use domain::TemplateId;
use leptos::prelude::*;

use super::action;
use super::preview::{ask, ask_soon, shown};
use crate::components::{
    Card, FormState, PortalForm, SelectField, Submit, TextArea, TextField, Tone,
};
use crate::context::PostOutcome;

/// The editor with its preview.
pub(super) fn editor(seen: Option<(TemplateId, i64)>, sections: Vec<EditorSection>) -> AnyView {
    let action = action(seen);
    let (sent, preview) = sent(&action);
    // Who sends a form again has still seen the version that they saw first.
    let first_seen = sent
        .iter()
        .flatten()
        .find(|(name, _)| name == "version")
        .map(|(_, version)| version.clone());
    let preview = RwSignal::new(preview);
    let fields = sections.iter().flat_map(|section| &section.fields);
    let labels: Vec<(String, String)> = fields
        .map(|field| (field.name.clone(), field.label.clone()))
        .collect();
    let (title, label) = match seen {
        Some(_) => ("Change", "Make a new version"),
        None => ("What it says", "Add the template"),
    };
    let hidden = seen.map(|(id, version)| {
        view! {
            <input type="hidden" name="template" value=id.to_string() />
            <input
                type="hidden"
                name="version"
                value=first_seen.unwrap_or_else(|| version.to_string())
            />
        }
    });
    view! {
        <div class="template-edit">
            <Card class="template-editor stack">
                <h2>{title}</h2>
                <div on:input=move |event| ask_soon(&event, preview)>
                    <PortalForm action=action class="stack" id="template-form">
                        {hidden}
                        {fields_of(sections, sent)}
                        <div class="actions">
                            <Submit label=label />
                            <span on:click=move |event| ask(&event, preview)>
                                <Submit
                                    label="Preview"
                                    tone=Tone::Quiet
                                    action=url::PREVIEW_TEMPLATE
                                />
                            </span>
                        </div>
                    </PortalForm>
                </div>
            </Card>
            // It scrolls by itself where it stays beside the form, with the keyboard too.
            <section class="card stack" aria-live="polite" id="preview" tabindex="0">
                <h2>"Preview"</h2>
                {move || shown(preview.get(), &labels)}
            </section>
        </div>
    }
    .into_any()
}

/// All fields. They find the form around them when they are made, so this is called inside of it.
fn fields_of(sections: Vec<EditorSection>, sent: Option<Vec<(String, String)>>) -> AnyView {
    let sections = sections.into_iter().map(|section| {
        let fields = section.fields.into_iter();
        let fields = fields.map(|one| field(one, sent.as_deref())).collect_view();
        view! {
            <h3>{section.title}</h3>
            {fields}
        }
    });
    sections.collect_view().into_any()
}

/// What was typed before this page was made for a form that was sent, and its preview.
fn sent(action: &str) -> (Option<Vec<(String, String)>>, Option<TemplatePreview>) {
    match use_context::<PostOutcome>() {
        Some(PostOutcome::Failed { form, values, .. }) if form == action && !values.is_empty() => {
            (Some(values), None)
        }
        Some(PostOutcome::Previewed { values, preview }) => (Some(values), Some(preview)),
        _ => (None, None),
    }
}

fn field(mut field: EditorField, sent: Option<&[(String, String)]>) -> AnyView {
    if let Some(sent) = sent {
        let mine = sent.iter().filter(|(name, _)| *name == field.name);
        field.values = mine.map(|(_, value)| value.clone()).collect();
    }
    let EditorField {
        name,
        label,
        hint,
        input,
        options,
        values,
    } = field;
    if input == EditorInput::Ticks {
        return ticks(name, label, hint, options, &values);
    }
    let value = values.into_iter().next().unwrap_or_default();
    let kind = if input == EditorInput::Number {
        "number"
    } else {
        "text"
    };
    let required = input != EditorInput::Text;
    match input {
        EditorInput::Choice => view! {
            <SelectField name=name label=label options=options value=value hint=hint />
        }
        .into_any(),
        EditorInput::Area => view! {
            <TextArea name=name label=label hint=hint value=value required=true />
        }
        .into_any(),
        _ => view! {
            <TextField
                name=name
                label=label
                kind=kind
                value=value
                hint=hint
                autocomplete="off"
                required=required
            />
        }
        .into_any(),
    }
}

/// Any of several.
fn ticks(
    name: String,
    label: String,
    hint: String,
    options: Vec<(String, String)>,
    ticked: &[String],
) -> AnyView {
    let form = use_context::<FormState>();
    let boxes = options
        .into_iter()
        .map(|(value, label)| {
            let is_ticked = ticked.contains(&value);
            view! {
                <label class="tick">
                    <input type="checkbox" name=name.clone() value=value checked=is_ticked />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices">
            <legend>{label}</legend>
            <p class="hint">{hint}</p>
            {boxes}
            <p class="field-error">
                {move || form.and_then(|form| form.field_error(&name))}
            </p>
        </fieldset>
    }
    .into_any()
}
