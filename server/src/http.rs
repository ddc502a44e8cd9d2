//! The portal over HTTP: routes, sessions, forms, headers. Pages are the crate `app`'s, decisions
//! the crate `portal`'s; nothing here decides who may do what.

mod address;
mod answer;
mod assets;
mod authorities;
mod browser;
mod call;
mod certificates;
mod change;
mod client;
mod cookies;
mod csp_reports;
mod csrf;
mod events;
mod export;
mod flash;
mod form_page;
mod forms;
mod guest;
mod headers;
mod imported;
mod local_path;
mod ocsp;
mod pages;
mod people;
mod pki;
mod probes;
mod profile_signer;
mod renderer;
mod request_log;
mod rescue;
mod router;
mod routes;
mod sessions;
mod templates;
mod visit;
mod web;

pub use assets::{AssetFile, Assets};
pub use cookies::{CSRF_COOKIE, FLASH_COOKIE, SESSION_COOKIE};
pub use headers::{PERMISSIONS_POLICY, content_security_policy};
pub use pki::router as pki_router;
pub use profile_signer::ProfileSigner;
pub use router::{app_pages, router};
pub use routes::{Kind, ROUTES, Route, Who};
pub use sessions::Sessions;
pub use web::{Web, WebParts};
