//! Where sealed values live. The place is bound into each envelope, so that a value moved to
//! another row, column or owner does not open.

use domain::{AuthorityId, PersonId, RequestId, ResponderId};
use safe::Place;
use uuid::Uuid;

/// Password of a request's PFX.
pub(crate) const fn password(request: RequestId, owner: PersonId) -> Place<'static> {
    credential("sealed_password", request, owner)
}

/// Private key of a request.
pub(crate) const fn key(request: RequestId, owner: PersonId) -> Place<'static> {
    credential("sealed_key", request, owner)
}

/// PFX of a request.
pub(crate) const fn pfx(request: RequestId, owner: PersonId) -> Place<'static> {
    credential("sealed_pfx", request, owner)
}

/// Private key of an authority, which belongs to nobody.
pub(crate) const fn authority_key(authority: AuthorityId) -> Place<'static> {
    Place {
        table: "authority",
        column: "sealed_key",
        row: authority.0,
        owner: Uuid::nil(),
    }
}

/// Private key of an OCSP responder, which belongs to nobody.
pub(crate) const fn responder_key(responder: ResponderId) -> Place<'static> {
    Place {
        table: "ocsp_responder",
        column: "sealed_key",
        row: responder.0,
        owner: Uuid::nil(),
    }
}

const fn credential(column: &'static str, request: RequestId, owner: PersonId) -> Place<'static> {
    Place {
        table: "credential",
        column,
        row: request.0,
        owner: owner.0,
    }
}
