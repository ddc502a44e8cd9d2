//! Folds: what hardly anybody needs, and what cannot be undone. One is open from the start where a
//! form in it was just refused, so that nobody has to look for what was wrong.

use leptos::context::Provider;
use leptos::prelude::*;

/// The fold around a form or a field.
#[derive(Debug, Clone, Copy)]
struct FoldState(StoredValue<bool>);

/// Opens the fold around from the start, if there is one: something in it was refused.
pub(super) fn open_fold() {
    if let Some(FoldState(is_open)) = use_context::<FoldState>() {
        is_open.set_value(true);
    }
}

/// Makes the content of a fold, and says whether something in it was refused.
pub(super) fn content(children: Children) -> (AnyView, bool) {
    let is_open = StoredValue::new(false);
    let content = view! { <Provider value=FoldState(is_open)>{children()}</Provider> }.into_any();
    (content, is_open.get_value())
}

/// Shows a line; opened, what hardly anybody needs.
#[component]
pub fn Fold(
    /// What is in it.
    #[prop(into)]
    summary: String,
    /// More class names.
    #[prop(into, optional)]
    class: String,
    /// The content.
    children: Children,
) -> impl IntoView {
    let (content, is_open) = content(children);
    let class = format!("{class} fold").trim_start().to_owned();
    view! {
        <details class=class open=is_open>
            <summary>{summary}</summary>
            {content}
        </details>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::PostOutcome;
    use crate::components::{Confirm, PortalForm, TextArea};
    use leptos_router::components::Router;
    use leptos_router::location::RequestUrl;

    /// A fold inside a form, and a form inside a fold, after a form was sent that said this.
    fn after(refused: Option<(&'static str, &'static str)>) -> String {
        Owner::new_root(None).with(|| {
            provide_context(RequestUrl::new("http://leptos.dev/request"));
            if let Some((form, field)) = refused {
                provide_context(PostOutcome::Failed {
                    form: form.to_owned(),
                    error: api::Error::field(field, "It is not right."),
                    values: Vec::new(),
                });
            }
            view! {
                <Router>
                    <PortalForm action="/ask">
                        <Fold summary="Advanced">
                            <TextArea name="csr" label="Request" />
                        </Fold>
                    </PortalForm>
                    <Confirm summary="Retire">
                        <PortalForm action="/retire">"Sure?"</PortalForm>
                    </Confirm>
                </Router>
            }
            .to_html()
        })
    }

    #[test]
    fn what_was_refused_is_not_folded_away() {
        for (refused, open) in [
            (None, 0),
            (Some(("/ask", "csr")), 1),
            (Some(("/ask", "reason")), 0),
            (Some(("/retire", "id")), 1),
            (Some(("/else", "csr")), 0),
        ] {
            let html = after(refused);
            assert_eq!(html.matches("<details").count(), 2, "{html}");
            assert_eq!(html.matches(" open").count(), open, "{refused:?}: {html}");
        }
    }
}
