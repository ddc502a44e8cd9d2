//! What a page finds around it: the portal and the answer being made (on the server), the outcome
//! of a form that was just sent, and the site.

use std::sync::Arc;

use api::{
    AddedPerson, ChangePlan, ChangeResult, Error, MadeToken, RevealedPassword, Site,
    TemplatePreview,
};
use leptos::prelude::*;

use crate::Failure;

/// Provided by the server for every rendered page and every call of a server function.
#[derive(Clone)]
pub struct PageContext {
    /// The portal, acting as this visitor.
    pub portal: Arc<dyn api::Portal>,
    /// Sets the HTTP status of this answer.
    pub set_status: Arc<dyn Fn(u16) + Send + Sync>,
    /// Where the browser finds its files.
    pub assets: Assets,
}

impl std::fmt::Debug for PageContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageContext")
            .field("assets", &self.assets)
            .finish_non_exhaustive()
    }
}

/// Absolute paths of the files that the browser loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// JavaScript glue.
    pub js: String,
    /// WebAssembly.
    pub wasm: String,
    /// Style sheet.
    pub css: String,
    /// Icon of the browser's tab.
    pub favicon: String,
}

/// The outcome of a `POST` that answers with a page of its own instead of a redirect. At most one
/// is in context; such a page is plain HTML and is never hydrated, so what it shows stays in it.
#[derive(Debug, Clone)]
pub enum PostOutcome {
    /// The password of a PFX, to be shown now.
    Revealed(RevealedPassword),
    /// A person was added or got a new start password, to be shown now.
    Added(AddedPerson),
    /// An API token was made, to be shown now.
    Token(MadeToken),
    /// What an edited template would give, to be shown with what was typed.
    Previewed {
        /// What was typed.
        values: Vec<(String, String)>,
        /// What it would give.
        preview: TemplatePreview,
    },
    /// A change of several certificates is to be confirmed.
    Change(ChangePlan),
    /// A part of several certificates was changed.
    Changed(ChangeResult),
    /// The form could not be carried out.
    Failed {
        /// Path that the form was sent to.
        form: String,
        /// What was wrong.
        error: Error,
        /// What was typed, without passwords.
        values: Vec<(String, String)>,
    },
}

/// The site as it is being loaded; once per page load.
#[derive(Debug, Clone, Copy)]
pub struct SiteResource(pub Resource<Result<Site, Failure>>);

/// The site, inside of [`crate::components::Loaded`] and [`crate::components::WithSite`].
pub fn use_site() -> Option<Site> {
    use_context::<Site>()
}

/// Sets the HTTP status of the page being rendered; nothing in the browser.
pub fn set_status(status: u16) {
    if let Some(page) = use_context::<PageContext>() {
        (page.set_status)(status);
    }
}
