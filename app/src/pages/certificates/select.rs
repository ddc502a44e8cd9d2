//! Selecting certificates and saying what is to be done to them. Nothing is done before it was
//! confirmed on the page that answers.

use api::{CertificateFilter, CertificateRow, url};
use domain::CertificateChange;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::rows::CertificatesTable;
use crate::components::{PortalForm, SelectField, Submit, Tone};

/// The table with a box for each row, and the choice below it.
pub(super) fn selectable(
    filter: &CertificateFilter,
    rows: Vec<CertificateRow>,
    now: OffsetDateTime,
) -> AnyView {
    let changes = CertificateChange::ALL
        .iter()
        .map(|change| (change.to_string(), change.label().to_owned()))
        .collect();
    let scopes = [
        ("selected", "the selected ones"),
        ("everything", "everything that is found"),
    ]
    .map(|(word, label)| (word.to_owned(), label.to_owned()))
    .into();
    let fields = filter_fields(filter);
    view! {
        <PortalForm action=url::CERTIFICATES_CHANGE native=true class="stack">
            {fields}
            <CertificatesTable rows=rows now=now is_selectable=true />
            <div class="filters certificates-change">
                <SelectField name="change" label="Change" options=changes />
                <SelectField name="scope" label="Which" options=scopes />
                <Submit label="Continue" tone=Tone::Quiet />
            </div>
        </PortalForm>
    }
    .into_any()
}

/// The filter as hidden fields.
pub(super) fn filter_fields(filter: &CertificateFilter) -> impl IntoView + use<> {
    [
        ("search", filter.search.clone()),
        ("state", filter.state.clone()),
        ("template", filter.template.clone()),
        ("ends_from", filter.ends_from.clone()),
        ("ends_to", filter.ends_to.clone()),
    ]
    .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
    .collect_view()
}
