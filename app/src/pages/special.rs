//! Pages for when there is no page: nothing at this path, a locked portal, one that is not set up.

use api::url;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{ButtonLink, Empty, PageHead, WithSite};
use crate::context::set_status;

/// Nothing is at this path.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_status(404);
    view! {
        <PageHead title="There is no such page" />
        <WithSite view=|_| {
            view! {
                <Empty
                    title="The address leads nowhere"
                    text="Perhaps it was cut off when it was copied. Start again from your certificates."
                >
                    <ButtonLink href=url::HOME label="My certificates" />
                </Empty>
            }
                .into_any()
        } />
    }
}

/// The portal has no usable key ring. Takes the place of the whole page.
pub fn sealed() -> impl IntoView {
    view! {
        <Title text="The portal is locked" />
        <section class="takes-over">
            <h1>"The portal is locked"</h1>
            <p class="lead">
                "Nothing is lost. The key that opens this portal's data is missing or is another one, so \
                 passwords, private keys and certificates stay closed until it is back."
            </p>
            <h2>"If you use this portal"</h2>
            <p>"Certificates that you have already imported keep working. Try again later."</p>
            <h2>"If you run this portal"</h2>
            <p>
                "Put the key ring back where the portal expects it and restart. The server's log says which \
                 file it looks for; the command " <code>"certportal doctor"</code>
                " checks it before the start."
            </p>
        </section>
    }
}

/// The portal waits for its first administrator. Takes the place of the whole page.
pub fn needs_set_up() -> impl IntoView {
    view! {
        <Title text="Almost there" />
        <section class="takes-over">
            <h1>"Almost there"</h1>
            <p class="lead">
                "This portal has been started but not set up. The server's log has a link that opens the \
                 set-up page, once; whoever can read the log becomes the first administrator."
            </p>
            <p>
                "No link in the log, or is it used up? Restart the portal and it writes a new one."
            </p>
        </section>
    }
}
