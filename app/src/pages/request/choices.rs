//! What can be chosen in a request. Where there is only one choice, it is shown, not asked for.

use api::TemplateChoice;
use domain::TemplateId;
use leptos::prelude::*;

use crate::components::{ChoiceError, Fold, FormState, SelectField, TextArea, TextField};

/// The address that the certificate is for.
pub(super) fn mailboxes(mailboxes: Vec<String>, chosen: &str) -> AnyView {
    let known = mailboxes.iter().find(|mailbox| *mailbox == chosen);
    let first = known.or(mailboxes.first()).cloned().unwrap_or_default();
    if mailboxes.len() == 1 {
        return view! {
            <div class="field">
                <p class="label">"Mail address"</p>
                <p class="given">{first.clone()}</p>
                <input type="hidden" name="mailbox" value=first />
                <ChoiceError name="mailbox" />
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
pub(super) fn templates(templates: &[TemplateChoice], chosen: Option<TemplateId>) -> AnyView {
    if let [only] = templates {
        return view! {
            <div class="field">
                <p class="label">"Certificate"</p>
                <p class="given">{only.name.clone()}</p>
                <p class="hint">{summary(only)}</p>
                <input type="hidden" name="template" value=only.id.to_string() />
                <ChoiceError name="template" />
            </div>
        }
        .into_any();
    }
    // What was chosen before the form was refused counts more than what was proposed.
    let typed = use_context::<FormState>().and_then(|form| form.typed("template"));
    let chosen = typed
        .and_then(|typed| typed.parse().ok())
        .or(chosen)
        .or(templates.first().map(|template| template.id));
    let choices = templates
        .iter()
        .map(|template| {
            let name = template.name.clone();
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="template"
                        value=template.id.to_string()
                        checked=chosen == Some(template.id)
                        data-approval=template.needs_approval.then_some("true")
                        data-hosts=template.names_hosts.then_some("true")
                        data-device=template.names_device.then_some("true")
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
            <ChoiceError name="template" />
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
    let addresses = if template.all_addresses {
        " It is for all addresses of the person."
    } else {
        ""
    };
    format!(
        "{} {}, good for {}; {}.{addresses}{escrow}",
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

/// The names of a server or device; shown where such a certificate is chosen.
pub(super) fn hosts(
    templates: &[TemplateChoice],
    names: String,
    device: String,
) -> Option<AnyView> {
    let has_device = templates.iter().any(|template| template.names_device);
    templates
        .iter()
        .any(|template| template.names_hosts)
        .then(|| {
            view! {
                <div class="request-names stack">
                    {has_device.then(|| called(device))}
                    <TextArea
                        name="names"
                        label="Host names and IP addresses"
                        hint="Blanks or lines between them, at most 50; the first one gives the name."
                        value=names
                    />
                </div>
            }
            .into_any()
        })
}

/// What a device is called; shown where its template asks for it.
fn called(device: String) -> AnyView {
    view! {
        <div class="request-device">
            <TextField
                name="device"
                label="What the device is called"
                hint="For example its serial number or where it stands. Host names may be left out then."
                value=device
            />
        </div>
    }
    .into_any()
}

/// What hardly anybody needs to change.
pub(super) fn advanced(templates: &[TemplateChoice], chosen: String) -> impl IntoView + use<> {
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
    let has_choice = options.len() > 2;
    let takes_own_key = templates.iter().any(|template| template.takes_own_key);
    view! {
        <Fold summary="Advanced">
            {has_choice
                .then(|| {
                    view! {
                        <SelectField
                            name="key_algorithm"
                            label="Algorithm of the key"
                            options=options
                            value=chosen
                            hint="Leave it as it is unless somebody who knows your mail program asked for another one."
                        />
                    }
                })}
            {takes_own_key
                .then(|| {
                    view! {
                        <TextArea
                            name="csr"
                            label="I bring my own signing request"
                            hint="PKCS#10, pasted as PEM or as a file. The key stays with you: there is no password and no file with the key here."
                        />
                        <TextField
                            name="csr_file"
                            label="Its file, PEM or DER (.csr, .p10, .pem, .der)"
                            kind="file"
                        />
                    }
                })}
        </Fold>
    }
}
