//! The application: what is around every page, and which page is at which path.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::components::frame::Frame;
use crate::context::SiteResource;
use crate::pages::{
    AccountPage, AuditPage, AuthoritiesPage, AuthorityHelpPage, CertificatePage, CertificatesPage,
    LiveRequestPage, MyCertificatesPage, NotFoundPage, OverviewPage, PeoplePage, PersonPage,
    QueuePage, RequestPage, SetUpPage, SignInPage, TemplatePage, TemplatesPage, TokensPage,
};
use crate::server_fns::read_site;

/// The application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(SiteResource(Resource::new(|| (), |()| read_site())));
    view! {
        <Title formatter=|title: String| format!("{title} · CertPortal") />
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    <Route path=path!("") view=MyCertificatesPage ssr=SsrMode::Async />
                    <Route path=path!("sign-in") view=SignInPage ssr=SsrMode::Async />
                    <Route path=path!("set-up") view=SetUpPage ssr=SsrMode::Async />
                    <Route path=path!("request") view=RequestPage ssr=SsrMode::Async />
                    <Route path=path!("requests/:id") view=LiveRequestPage ssr=SsrMode::Async />
                    <Route path=path!("certificates") view=CertificatesPage ssr=SsrMode::Async />
                    <Route path=path!("certificates/:id") view=CertificatePage ssr=SsrMode::Async />
                    <Route path=path!("account") view=AccountPage ssr=SsrMode::Async />
                    <Route path=path!("account/tokens") view=TokensPage ssr=SsrMode::Async />
                    <Route path=path!("queue") view=QueuePage ssr=SsrMode::Async />
                    <Route path=path!("overview") view=OverviewPage ssr=SsrMode::Async />
                    <Route path=path!("people") view=PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("people/:id") view=PersonPage ssr=SsrMode::Async />
                    <Route path=path!("audit") view=AuditPage ssr=SsrMode::Async />
                    <Route path=path!("admin/authorities") view=AuthoritiesPage ssr=SsrMode::Async />
                    <Route path=path!("help/authorities") view=AuthorityHelpPage ssr=SsrMode::Async />
                    <Route path=path!("admin/templates") view=TemplatesPage ssr=SsrMode::Async />
                    <Route path=path!("admin/templates/:id") view=TemplatePage ssr=SsrMode::Async />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
