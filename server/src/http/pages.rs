//! Pages of the app, rendered here so that they are whole without JavaScript.

use std::sync::Arc;

use app::{PageContext, PostOutcome};
use axum::Extension;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode, Uri};
use leptos::context::{provide_context, use_context};
use leptos_axum::ResponseOptions;

use super::guest::{self, Guest};
use super::headers::PageNonce;
use super::routes::{self, Who};
use super::visit::Visit;
use super::{answer, web::Web};

/// Answers a `GET` for a page: the page, or the way to what has to be done first.
pub(super) async fn page(
    State(web): State<Web>,
    Extension(guest): Extension<Guest>,
    Extension(nonce): Extension<PageNonce>,
    pattern: MatchedPath,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let wanted = request.uri().clone();
    match web.is_set_up().await {
        Ok(false) if wanted.path() != api::url::SET_UP => {
            return answer::see_other(api::url::SET_UP);
        }
        Ok(_) => {}
        Err(error) => {
            let error = web.portal().explain(error);
            return answer::error(&web, &headers, &error);
        }
    }
    let is_open = routes::page(pattern.as_str()).is_some_and(|route| route.who == Who::Anyone);
    if !is_open && let Some(detour) = detour(&web, &guest, &headers, &wanted).await {
        return detour;
    }
    guest.forget_flash();
    render(guest, nonce, None, request).await
}

/// Answers a `GET` for an address where nothing is: the app has a page that says so.
pub(super) async fn not_found(
    State(web): State<Web>,
    Extension(nonce): Extension<PageNonce>,
    request: Request,
) -> Response {
    guest::answer_to(&web, request, async |guest, request| {
        guest.forget_flash();
        render(guest, nonce, None, request).await
    })
    .await
}

/// Who is not signed in, or no longer may be, signs in first.
async fn detour(web: &Web, guest: &Guest, headers: &HeaderMap, wanted: &Uri) -> Option<Response> {
    match web.portal().actor(&guest.visitor()).await {
        Ok(_) => None,
        Err(portal::Error::NotSignedIn) => {
            let wanted = wanted.path_and_query();
            Some(answer::to_sign_in(
                wanted.map_or("/", http::uri::PathAndQuery::as_str),
            ))
        }
        Err(error) => {
            let error = web.portal().explain(error);
            Some(answer::error(web, headers, &error))
        }
    }
}

/// Answers a `POST` with a page: the one at `path`, with what became of the form.
pub(super) async fn page_after_post(
    guest: Guest,
    nonce: PageNonce,
    path: &str,
    headers: &HeaderMap,
    outcome: PostOutcome,
) -> Response {
    let status = match &outcome {
        PostOutcome::Failed { error, .. } => StatusCode::from_u16(error.kind.status()).ok(),
        PostOutcome::Revealed(_)
        | PostOutcome::Added(_)
        | PostOutcome::Token(_)
        | PostOutcome::Previewed { .. }
        | PostOutcome::Change(_)
        | PostOutcome::Changed(_) => None,
    };
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.headers_mut() = headers.clone();
    match path.parse::<Uri>() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => return answer::see_other(api::url::HOME),
    }
    let mut response = render(guest, nonce, Some(outcome), request).await;
    match status {
        // What the page itself has to say, for example that it does not exist, goes before.
        Some(status) if response.status().is_success() => *response.status_mut() = status,
        _ => {}
    }
    response
}

async fn render(
    guest: Guest,
    nonce: PageNonce,
    outcome: Option<PostOutcome>,
    request: Request,
) -> Response {
    let web = guest.web().clone();
    let headers = request.headers().clone();
    let assets = web.assets().names().clone();
    let shown = assets.clone();
    let visit: Arc<dyn api::Portal> = Arc::new(Visit::new(guest));
    let context = move || {
        provide_context(leptos::nonce::Nonce::from_value(nonce.0.clone()));
        let options = use_context::<ResponseOptions>().unwrap_or_default();
        provide_context(PageContext {
            portal: Arc::clone(&visit),
            set_status: Arc::new(move |status| {
                if let Ok(status) = StatusCode::from_u16(status) {
                    options.set_status(status);
                }
            }),
            assets: assets.clone(),
        });
        if let Some(outcome) = outcome.clone() {
            provide_context(outcome);
        }
    };
    let render =
        leptos_axum::render_app_async_with_context(context, move || app::shell(shown.clone()));
    let page = web
        .renderer()
        .render(async move { render(request).await })
        .await;
    page.unwrap_or_else(|| {
        let fault = portal::Error::internal("a page could not be rendered");
        answer::error(&web, &headers, &web.portal().explain(fault))
    })
}
