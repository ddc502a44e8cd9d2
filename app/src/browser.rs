//! The few things the pages ask of the browser itself. On the server none of it ever runs.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, EventSource, HtmlElement, MessageEvent};

/// Percent-encodes everything that is not safe in a query (RFC 3986 section 2.3).
pub(crate) fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Loads another page, past the router: what the whole page knows has changed.
pub(crate) fn go(path: &str) {
    let _ = window().location().assign(path);
}

/// Whether this page has come alive, as `shell.rs` says it.
#[cfg(not(feature = "ssr"))]
pub(crate) fn is_alive() -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute("data-alive"))
}

/// Loads a page in the place of this one, past the router.
#[cfg(not(feature = "ssr"))]
pub(crate) fn replace(path: &str) {
    let _ = window().location().replace(path);
}

/// Loads this page again.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// Moves the focus.
pub(crate) fn focus(element: &HtmlElement) {
    let _ = element.focus();
}

/// Moves the focus to the first element below `root` that matches the first selector that any
/// element matches.
pub(crate) fn focus_first(root: &Element, selectors: &[&str]) {
    for selector in selectors {
        if let Ok(Some(found)) = root.query_selector(selector)
            && let Ok(found) = found.dyn_into::<HtmlElement>()
        {
            focus(&found);
            return;
        }
    }
}

/// Copies a text and says so for two seconds.
pub(crate) fn copy(text: &str, is_copied: RwSignal<bool>) {
    let copied = window().navigator().clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        if wasm_bindgen_futures::JsFuture::from(copied).await.is_ok() {
            is_copied.set(true);
            set_timeout(
                move || {
                    is_copied.try_set(false);
                },
                std::time::Duration::from_secs(2),
            );
        }
    });
}

/// A stream being listened to; closed when dropped.
struct Listening {
    source: EventSource,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Calls back with what each event `change` of a stream says, until the surrounding component goes
/// away.
pub(crate) fn on_change(path: &str, changed: impl Fn(String) + 'static) {
    let Ok(source) = EventSource::new(path) else {
        return;
    };
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        changed(event.data().as_string().unwrap_or_default());
    });
    let _ = source.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
    StoredValue::new_local(Listening {
        source,
        _listener: listener,
    });
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_path_with_a_query_survives_in_a_query() {
        assert_eq!(
            escape("/people?search=a b&x=ü"),
            "/people%3Fsearch%3Da%20b%26x%3D%C3%BC"
        );
    }
}
