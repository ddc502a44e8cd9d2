//! Every page with sample data: whole documents, rendered as the server renders them.
//!
//! `cargo test -p app --features ssr` also leaves them in `target/gallery`, to be looked at.

#![cfg(feature = "ssr")]

mod authorities;
mod certificate_list;
mod certificate_values;
mod changes;
mod list;
mod meaning;
mod portal;
mod refusals;
mod request_values;
mod templates;
mod tokens;
mod values;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use futures::StreamExt as _;
use futures::executor::block_on;
use futures::stream::once;
use leptos::nonce::provide_nonce;
use leptos::prelude::*;
use leptos_integration_utils::{PinnedStream, build_response};
use leptos_meta::ServerMetaContext;
use leptos_router::location::RequestUrl;

use self::portal::SamplePortal;
use crate::{Assets, PageContext, PostOutcome, shell};

/// One page with its data.
struct Sample {
    /// Name of its file in the gallery.
    name: &'static str,
    /// Path that is asked for.
    path: String,
    /// What the portal answers.
    portal: SamplePortal,
    /// What a form just did.
    outcome: Option<PostOutcome>,
}

/// A rendered sample.
struct Rendered {
    status: u16,
    html: String,
}

impl Sample {
    fn new(name: &'static str, path: impl Into<String>, portal: SamplePortal) -> Self {
        Self {
            name,
            path: path.into(),
            portal,
            outcome: None,
        }
    }

    fn after(self, outcome: PostOutcome) -> Self {
        Self {
            outcome: Some(outcome),
            ..self
        }
    }

    fn render(self) -> Rendered {
        let _ = any_spawner::Executor::init_futures_executor();
        let status = Arc::new(AtomicU16::new(200));
        let answered = Arc::clone(&status);
        let context = PageContext {
            portal: Arc::new(self.portal),
            set_status: Arc::new(move |status| answered.store(status, Ordering::Relaxed)),
            assets: Assets {
                js: "/pkg/certportal.js".to_owned(),
                wasm: "/pkg/certportal.wasm".to_owned(),
                css: "gallery.css".to_owned(),
                favicon: "favicon.svg".to_owned(),
            },
        };
        let (path, outcome) = (self.path, self.outcome);
        let (meta, output) = ServerMetaContext::new();
        let assets = context.assets.clone();
        let provide = move || {
            provide_context(meta);
            provide_context(RequestUrl::new(&path));
            provide_context(context);
            provide_nonce();
            if let Some(outcome) = outcome {
                provide_context(outcome);
            }
        };
        // As for the server's routes with `SsrMode::Async`: the page first, then what it has loaded.
        let (owner, stream) = build_response(
            move || shell(assets),
            provide,
            |app, chunks, _| {
                Box::pin(async move {
                    let page = app.to_html_stream_in_order().collect::<String>().await;
                    Box::pin(once(async move { page }).chain(chunks())) as PinnedStream<String>
                })
            },
            false,
        );
        let html = block_on(async move {
            let page = stream.await;
            output
                .inject_meta_context(page)
                .await
                .collect::<String>()
                .await
        });
        owner.unset_with_forced_cleanup();
        keep(self.name, &html);
        // Markers between texts, of use to hydration only.
        let html = html.replace("<!>", "");
        Rendered {
            status: status.load(Ordering::Relaxed),
            html,
        }
    }
}

fn gallery() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/gallery")
}

/// Leaves a page in the gallery, without the scripts that it cannot run there.
fn keep(name: &str, html: &str) {
    std::fs::create_dir_all(gallery()).unwrap();
    std::fs::write(gallery().join(format!("{name}.html")), html).unwrap();
}
