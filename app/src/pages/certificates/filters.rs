//! Which certificates: a plain form whose answer is a URL to keep or to send.

use api::{CertificateFilter, url};
use domain::TemplateId;
use leptos::prelude::*;

use crate::components::{SelectField, Submit, TextField, Tone};

/// What can be typed. The rules are `domain::CertificateSearch`.
const HINT: &str = "How a mail address, a name, a serial number (hexadecimal or decimal) or a SHA-256 \
                    thumbprint begins.";

/// The filters.
#[component]
pub(super) fn Filters(
    filter: CertificateFilter,
    templates: Vec<(TemplateId, String)>,
    is_used: bool,
) -> impl IntoView {
    let templates = std::iter::once((String::new(), "Every template".to_owned()))
        .chain(
            templates
                .into_iter()
                .map(|(id, name)| (id.to_string(), name)),
        )
        .collect();
    view! {
        <form class="filters certificates-filters" method="get" action=url::CERTIFICATES role="search">
            <TextField name="search" label="Search" kind="search" value=filter.search hint=HINT />
            <SelectField name="state" label="State" options=states() value=filter.state />
            <SelectField name="template" label="Template" options=templates value=filter.template />
            <TextField name="ends_from" label="Ends from" kind="date" value=filter.ends_from />
            <TextField name="ends_to" label="Ends until" kind="date" value=filter.ends_to />
            <Submit label="Search" tone=Tone::Quiet />
            {is_used
                .then(|| {
                    view! {
                        <a class="filters-clear" href=url::CERTIFICATES>
                            "Show everything"
                        </a>
                    }
                })}
        </form>
    }
}

/// Words of the filter with their labels.
fn states() -> Vec<(String, String)> {
    [
        ("", "Every state"),
        ("valid", "Valid"),
        ("expiring", "Ends within 30 days"),
        ("expired", "Ended"),
        ("held", "On hold"),
        ("revoked", "Revoked"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()))
    .into()
}
