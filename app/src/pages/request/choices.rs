//! What can be chosen in a request. Where there is only one choice, it is shown, not asked for.

use api::TemplateChoice;
use leptos::prelude::*;

use crate::components::SelectField;

/// The address that the certificate is for.
pub(super) fn mailboxes(mailboxes: Vec<String>) -> AnyView {
    let first = mailboxes.first().cloned().unwrap_or_default();
    if mailboxes.len() == 1 {
        return view! {
            <div class="field">
                <p class="label">"Mail address"</p>
                <p class="given">{first.clone()}</p>
                <input type="hidden" name="mailbox" value=first />
            </div>
        }
        .into_any();
    }
    let options = mailboxes
        .into_iter()
        .map(|mailbox| (mailbox.clone(), mailbox))
        .collect();
    view! { <SelectField name="mailbox" label="Mail address" options=options value=first /> }
        .into_any()
}

/// The kind of certificate.
pub(super) fn templates(templates: &[TemplateChoice]) -> AnyView {
    if let [only] = templates {
        return view! {
            <div class="field">
                <p class="label">"Certificate"</p>
                <p class="given">{only.name.clone()}</p>
                <p class="hint">{summary(only)}</p>
                <input type="hidden" name="template" value=only.id.to_string() />
            </div>
        }
        .into_any();
    }
    let choices = templates
        .iter()
        .enumerate()
        .map(|(place, template)| {
            let name = template.name.clone();
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="template"
                        value=template.id.to_string()
                        checked=place == 0
                        data-approval=template.needs_approval.then_some("true")
                    />
                    <span class="choice-text">
                        <strong>{name}</strong>
                        <span class="hint">{summary(template)}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices">
            <legend>"Certificate"</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

fn summary(template: &TemplateChoice) -> String {
    let escrow = if template.is_escrowed {
        " Your organisation keeps a copy of the key that decrypts."
    } else {
        ""
    };
    format!(
        "{} {}, good for {}; {}.{escrow}",
        template.summary,
        template.kind,
        duration(template.valid_days),
        template.decides
    )
}

/// Days as people say them.
fn duration(days: u16) -> String {
    match days {
        1 => "1 day".to_owned(),
        365 | 366 => "1 year".to_owned(),
        730 | 731 => "2 years".to_owned(),
        _ => format!("{days} days"),
    }
}

/// What hardly anybody needs to change.
pub(super) fn advanced(templates: &[TemplateChoice]) -> impl IntoView + use<> {
    let mut options = vec![(String::new(), "Recommended".to_owned())];
    for algorithm in templates
        .iter()
        .flat_map(|template| &template.key_algorithms)
    {
        let option = (algorithm.as_str().to_owned(), algorithm.label().to_owned());
        if !options.contains(&option) {
            options.push(option);
        }
    }
    // With the recommended one and nothing else there is nothing to choose.
    (options.len() > 2).then(|| {
        view! {
            <details class="fold">
                <summary>"Advanced"</summary>
                <SelectField
                    name="key_algorithm"
                    label="Algorithm of the key"
                    options=options
                    hint="Leave it as it is unless somebody who knows your mail program asked for another one."
                />
            </details>
        }
    })
}
