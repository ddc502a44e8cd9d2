//! The HTML document around the application.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use leptos_router::location::RequestUrl;

use crate::pages::plain::is_plain;
use crate::{App, Assets, PostOutcome};

/// The whole document, rendered on the server only.
pub fn shell(assets: Assets) -> impl IntoView {
    let address = use_context::<RequestUrl>();
    let is_plain = use_context::<PostOutcome>().is_some()
        || address.is_some_and(|address| is_plain(address.as_ref()));
    let scripts = (!is_plain).then(|| scripts(&assets));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="robots" content="noindex" />
                <link rel="icon" type="image/svg+xml" href=assets.favicon />
                <link rel="stylesheet" href=assets.css />
                {scripts}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Loads the WebAssembly and has it take over the page; then the document says that it is alive.
fn scripts(assets: &Assets) -> impl IntoView + use<> {
    let Assets { js, wasm, .. } = assets.clone();
    let start = format!(
        "import init, {{ hydrate }} from {js:?};\n\
         await init({{ module_or_path: {wasm:?} }});\n\
         hydrate();\n\
         document.documentElement.dataset.alive = \"\";"
    );
    view! {
        <link rel="modulepreload" href=js nonce=use_nonce() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=use_nonce() inner_html=start></script>
    }
}
