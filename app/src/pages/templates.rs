//! The templates: what people can request, for whom, and who decides.

use api::{TemplateList, TemplateRow, url};
use leptos::prelude::*;

use super::template::offered;

use crate::components::{ButtonLink, Empty, Loaded, PageHead};
use crate::server_fns::read_templates;

/// Loads the templates.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let list = Resource::new(|| (), |()| read_templates());
    view! {
        <PageHead
            title="Templates"
            lead="What a certificate contains, for how long, and who decides."
        />
        <Loaded resource=list view=|list| templates_view(list) />
    }
}

fn templates_view(list: TemplateList) -> AnyView {
    let may_manage = list.may_manage;
    let add = move || {
        may_manage.then(|| view! { <ButtonLink href=url::NEW_TEMPLATE label="Add a template" /> })
    };
    if list.rows.is_empty() {
        return view! {
            <Empty
                title="There is no template"
                text="Without one nobody can request a certificate. Add the first one."
            >
                {add()}
            </Empty>
        }
        .into_any();
    }
    let rows = list.rows.into_iter().map(row).collect_view();
    view! {
        <div class="actions">{add()}</div>
        <table class="stacking">
            <caption class="visually-hidden">"Templates as they are offered"</caption>
            <thead>
                <tr>
                    <th scope="col">"Template"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Who decides"</th>
                    <th scope="col">"State"</th>
                    <th scope="col" class="is-number">"Valid certificates"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(template: TemplateRow) -> AnyView {
    view! {
        <tr>
            <th scope="row">
                <a href=url::template(template.id)>{template.name}</a>
                <span class="people-mailbox">{template.summary}</span>
            </th>
            <td data-label="Kind">{template.kind}</td>
            <td data-label="Decides">{template.decides}</td>
            <td data-label="State">{offered(template.is_offered)}</td>
            <td data-label="Certificates" class="is-number">{template.certificates}</td>
        </tr>
    }
    .into_any()
}
