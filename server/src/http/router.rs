//! The router, built from the table in `routes.rs`.
//!
//! From outside in: log, headers, rescue; then, for what concerns a person, who they are and
//! whether their form is ours; for programs, whose token they have. Files and probes never touch the
//! database, but for one ping.

use std::sync::OnceLock;

use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router};
use http::{Method, StatusCode};

use super::client::wants_json;
use super::headers::PageNonce;
use super::routes::{Kind, ROUTES, Route};
use super::web::Web;
use super::{
    answer, assets, authorities, call, certificates, change, csp_reports, events, export, forms,
    guest, headers, imported, pages, people, pki, probes, request_log, requests, rescue, routes,
    templates, tokens,
};

/// The portal over HTTP.
pub fn router(web: Web) -> Router {
    let unknown = |page: &&String| routes::page(page).is_none();
    if let Some(page) = app_pages().iter().find(unknown) {
        tracing::error!(
            page,
            "this page has no row in the table of routes and cannot be opened"
        );
    }
    let mut personal = Router::new();
    let mut programs = Router::new();
    let mut open = Router::new();
    for route in ROUTES {
        match route.kind {
            Kind::Open | Kind::Report => open = open.route(route.path, handler(route)),
            Kind::ApiRead | Kind::ApiWrite => {
                programs = programs.route(route.path, handler(route));
            }
            _ => personal = personal.route(route.path, handler(route)),
        }
    }
    personal
        .route_layer(from_fn_with_state(web.clone(), forms::guard))
        .route_layer(from_fn_with_state(web.clone(), guest::recognise))
        .merge(programs.route_layer(from_fn_with_state(web.clone(), super::api::recognise)))
        .merge(open)
        .fallback(nothing_here)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(web.clone(), rescue::rescue))
        .layer(from_fn_with_state(web.clone(), headers::secure))
        .layer(from_fn(request_log::log))
        .with_state(web)
}

/// Paths of the pages that the app has, in the router's way of writing them.
///
/// Listing them also starts the executor that rendering needs. It is done once per process: while
/// it is, pages that are being rendered wait for their data for ever (leptos issue 4773).
pub fn app_pages() -> &'static [String] {
    static PAGES: OnceLock<Vec<String>> = OnceLock::new();
    PAGES.get_or_init(|| {
        let routes = leptos_axum::generate_route_list(app::App);
        routes.iter().map(|route| route.path().to_owned()).collect()
    })
}

fn handler(route: &Route) -> MethodRouter<Web> {
    match (route.kind, route.path) {
        (Kind::Page, _) => get(pages::page),
        (Kind::Read, _) => get(call::read),
        (Kind::Write, _) => post(call::write),
        (Kind::Events, _) => get(events::request_events),
        (Kind::Report, _) => post(csp_reports::report),
        (_, path) if super::api::is_here(path) => {
            super::api::handler(path).unwrap_or_else(|| get(nothing_here))
        }
        (_, api::url::MAKE_TOKEN) => post(tokens::make),
        (_, "/certificates/{id}/show-password") => post(certificates::show_password),
        (_, "/certificates/{id}/pem" | "/certificates/{id}/der" | "/certificates/{id}/p7b") => {
            get(certificates::file)
        }
        (_, "/certificates/change") => post(change::certificates),
        (_, "/certificates/{id}/download") => post(certificates::download),
        (_, api::url::OLD_MAIL) => post(imported::old_mail),
        (_, api::url::IMPORT) => post(imported::add),
        (_, "/imported/{id}/show-password") => post(imported::show_password),
        (_, "/imported/{id}/download") => post(imported::download),
        (_, api::url::CERTIFICATES_CSV) => get(export::certificates),
        (_, api::url::REQUEST_CERTIFICATE) => post(requests::add),
        (_, "/people/add") => post(people::add),
        (_, "/people/{id}/reset-password") => post(people::reset_password),
        (_, "/admin/authorities/{id}/request") => get(authorities::request),
        (_, "/admin/authorities/{id}/key") => post(authorities::key),
        (_, api::url::IMPORT_AUTHORITY) => post(authorities::import),
        (_, "/pki/{*name}") => get(pki::file_here),
        (_, api::url::ADD_TEMPLATE) => post(templates::add),
        (_, "/admin/templates/{id}/change") => post(templates::change),
        (_, api::url::PREVIEW_TEMPLATE) => post(templates::preview),
        (_, "/healthz") => get(probes::healthz),
        (_, "/readyz") => get(probes::readyz),
        (_, "/pkg/{*name}") => get(assets::asset),
        // A row of the table without a handler; the test of the table finds it.
        _ => get(nothing_here),
    }
}

/// Only browsers that go to a page are looked up and get one: an icon that is missing must not give
/// the visitor another cookie while their first page, with its form, is on its way.
async fn nothing_here(web: State<Web>, nonce: Extension<PageNonce>, request: Request) -> Response {
    let is_visit = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_page = !super::api::is_here(request.uri().path());
    if is_visit && is_page && !wants_json(request.headers()) {
        return pages::not_found(web, nonce, request).await;
    }
    refuse(&web, &request, StatusCode::NOT_FOUND)
}

async fn wrong_method(State(web): State<Web>, request: Request) -> Response {
    refuse(&web, &request, StatusCode::METHOD_NOT_ALLOWED)
}

fn refuse(web: &Web, request: &Request, status: StatusCode) -> Response {
    if super::api::is_here(request.uri().path()) {
        return super::api::refuse(web, status);
    }
    answer::error_with(web, request.headers(), status, &answer::plain(status))
}
