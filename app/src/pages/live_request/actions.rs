//! What can be done about a request, depending on who looks.

use api::{RequestView, TimelineState};
use leptos::prelude::*;

use crate::components::{Card, Confirm, PortalForm, Submit, TextArea, Tone};

/// Taking one's own request back.
pub(super) fn withdraw(request: &RequestView) -> Option<impl IntoView + use<>> {
    let id = request.id.to_string();
    request.may_withdraw.then(|| {
        view! {
            <Confirm summary="Withdraw this request">
                <p>"Nobody will decide it and no certificate is made. You can request one again at any time."</p>
                <PortalForm action="/api/ui/withdraw">
                    <input type="hidden" name="id" value=id />
                    <Submit label="Withdraw" tone=Tone::Danger />
                </PortalForm>
            </Confirm>
        }
    })
}

/// Approving or rejecting it.
pub(super) fn decide(request: &RequestView) -> Option<impl IntoView + use<>> {
    let id = request.id.to_string();
    request.may_decide.then(|| {
        view! {
            <Card class="stack">
                <h2>"Your decision"</h2>
                <PortalForm action="/api/ui/approve" class="stack">
                    <input type="hidden" name="requests[0]" value=id />
                    <TextArea
                        name="reason"
                        label="Reason"
                        hint="Needed to reject; the person reads it."
                    />
                    <div class="actions">
                        <Submit label="Approve" />
                        <Submit label="Reject" tone=Tone::Danger action="/api/ui/reject" />
                    </div>
                </PortalForm>
            </Card>
        }
    })
}

/// Retrying or ending it after a failure.
pub(super) fn mend(request: &RequestView) -> Option<impl IntoView + use<>> {
    let id = request.id.to_string();
    let step = request
        .timeline
        .iter()
        .find(|entry| entry.state == TimelineState::Stopped)
        .map_or_else(
            || "the last step".to_owned(),
            |entry| format!("“{}”", entry.title),
        );
    request.may_mend.then(move || {
        let cancel_id = id.clone();
        view! {
            <Card class="stack">
                <h2>"Mend it"</h2>
                <p>{format!("Retry goes on at {step}; what was done before is kept.")}</p>
                <PortalForm action="/api/ui/retry">
                    <input type="hidden" name="id" value=id />
                    <Submit label="Retry" />
                </PortalForm>
                <Confirm summary="Cancel this request">
                    <p>"It ends for good, without a certificate, and what was signed for it is revoked. The person is told why and can request again."</p>
                    <PortalForm action="/api/ui/cancel" class="stack">
                        <input type="hidden" name="id" value=cancel_id />
                        <TextArea name="reason" label="Reason" required=true />
                        <Submit label="Cancel the request" tone=Tone::Danger />
                    </PortalForm>
                </Confirm>
            </Card>
        }
    })
}
