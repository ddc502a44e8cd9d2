//! A list whose rows can be ticked and decided together, as part of one form.
//!
//! Without JavaScript it is checkboxes, a reason and two buttons. With it, the bar counts what is
//! ticked and the keyboard works. The keys act only while the focus is inside the list (WCAG 2.2,
//! success criterion 2.1.4), and no single key decides something that was not ticked before.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{Submit, TextArea, Tone};
use crate::words::count;

/// What finds a checkbox of the list.
const TICKS: &str = "input[type=checkbox][name='requests[]']";

/// The list with its bar; goes into a `PortalForm`. The rows are the children and hold checkboxes
/// named `requests[]`.
#[component]
pub fn Bulk(
    /// How many rows can be ticked.
    of: usize,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    let ticked = RwSignal::new(None);
    let recount = move || {
        if let Some(root) = root.get_untracked() {
            ticked.set(Some(
                ticks(&root).iter().filter(|tick| tick.checked()).count(),
            ));
        }
    };
    let tick_all = move |is_ticked: bool| {
        if let Some(root) = root.get_untracked() {
            for tick in ticks(&root) {
                tick.set_checked(is_ticked);
            }
        }
        recount();
    };
    // The browser may have kept ticks from before a reload.
    Effect::new(move |_| recount());
    view! {
        <div
            class="bulk"
            node_ref=root
            on:change=move |_| recount()
            on:keydown=move |event| {
                if let Some(root) = root.get_untracked() {
                    press(&root, &event);
                }
            }
        >
            {children()}
            <div class="bulk-bar" role="group" aria-label="Decide what is ticked">
                <p class="bulk-count" role="status">{move || told(ticked.get(), of)}</p>
                <div class="bulk-all">
                    {move || {
                        ticked
                            .get()
                            .map(|ticked| {
                                let label = if ticked < of { "Tick all" } else { "Tick none" };
                                view! {
                                    <button
                                        type="button"
                                        class="button is-quiet is-small"
                                        on:click=move |_| tick_all(ticked < of)
                                    >
                                        {label}
                                    </button>
                                }
                            })
                    }}
                </div>
                <div class="bulk-reason">
                    <TextArea
                        name="reason"
                        label="Reason"
                        hint="Needed to reject. The person reads it."
                    />
                </div>
                <div class="bulk-buttons">
                    <Submit label="Approve" action="/api/ui/approve" tone=Tone::Primary />
                    <Submit label="Reject" action="/api/ui/reject" tone=Tone::Danger />
                </div>
            </div>
            <p class="bulk-keys needs-script">
                "With the list in focus: "
                <kbd>"j"</kbd> " next, " <kbd>"k"</kbd> " previous, " <kbd>"x"</kbd> " tick, "
                <kbd>"a"</kbd> " approve what is ticked, " <kbd>"r"</kbd> " reject it."
            </p>
        </div>
    }
}

fn told(ticked: Option<usize>, of: usize) -> String {
    let of = u64::try_from(of).unwrap_or(u64::MAX);
    match ticked {
        None => "Tick the requests that you want to decide.".to_owned(),
        Some(ticked) => format!("{ticked} of {} ticked", count(of, "request", "requests")),
    }
}

fn ticks(root: &Element) -> Vec<HtmlInputElement> {
    all(root, TICKS)
}

fn all<T: JsCast>(root: &Element, selector: &str) -> Vec<T> {
    let Ok(found) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.item(at)?.dyn_into::<T>().ok())
        .collect()
}

/// One key, while the focus is inside the list.
fn press(root: &Element, event: &KeyboardEvent) {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return;
    };
    let is_typing = target
        .closest("textarea, input:not([type=checkbox]), select")
        .ok()
        .flatten()
        .is_some();
    if is_typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let ticks = ticks(root);
    let current = ticks.iter().position(|tick| is_current(tick, &target));
    match event.key().as_str() {
        "j" => focus(ticks.get(current.map_or(0, |at| at + 1))),
        "k" => focus(ticks.get(current.unwrap_or(1).saturating_sub(1))),
        "x" => {
            if let Some(tick) = current.and_then(|at| ticks.get(at)) {
                tick.click();
            }
        }
        // Else the browser would press the form's first button, and approve.
        "Enter" if target.is_instance_of::<HtmlInputElement>() => {}
        "a" => decide(root, &ticks, "approve"),
        "r" => decide(root, &ticks, "reject"),
        _ => return,
    }
    event.prevent_default();
}

/// Whether the focus is on this checkbox or elsewhere in its row.
fn is_current(tick: &HtmlInputElement, target: &Element) -> bool {
    let row = tick.closest("li").ok().flatten();
    row.is_some_and(|row| row.contains(Some(target)))
}

fn focus(element: Option<&HtmlInputElement>) {
    if let Some(element) = element {
        // A failure leaves the focus where it was.
        let _ = element.focus();
    }
}

/// Presses the button, if something is ticked; a rejection asks for its reason first.
fn decide(root: &Element, ticks: &[HtmlInputElement], verb: &str) {
    if !ticks.iter().any(HtmlInputElement::checked) {
        return;
    }
    let reason = all::<web_sys::HtmlTextAreaElement>(root, "textarea[name=reason]");
    if let Some(reason) = reason
        .first()
        .filter(|reason| verb == "reject" && reason.value().trim().is_empty())
    {
        let _ = reason.focus();
        return;
    }
    let buttons = all::<HtmlElement>(root, &format!("button[formaction$='/{verb}']"));
    if let Some(button) = buttons.first() {
        button.click();
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn the_bar_tells_what_to_do_or_how_many_are_ticked() {
        assert_eq!(told(None, 3), "Tick the requests that you want to decide.");
        assert_eq!(told(Some(2), 3), "2 of 3 requests ticked");
        assert_eq!(told(Some(0), 1), "0 of 1 request ticked");
    }
}
