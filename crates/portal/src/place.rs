//! Where sealed values live. The place is bound into each envelope, so that a value moved to
//! another row, column or owner does not open.

use domain::{AuthorityId, ImportedId, KeyPart, PersonId, PoolKeyId, RequestId, ResponderId};
use safe::Place;
use uuid::Uuid;

/// Password of a request's PFX.
pub(crate) const fn password(row: Credential) -> Place<'static> {
    row.place(match row.part {
        KeyPart::Whole => "sealed_password",
        KeyPart::Sign => "sealed_password:sign",
        KeyPart::Encrypt => "sealed_password:encrypt",
    })
}

/// Private key of a request.
pub(crate) const fn key(row: Credential) -> Place<'static> {
    row.place(match row.part {
        KeyPart::Whole => "sealed_key",
        KeyPart::Sign => "sealed_key:sign",
        KeyPart::Encrypt => "sealed_key:encrypt",
    })
}

/// PFX of a request.
pub(crate) const fn pfx(row: Credential) -> Place<'static> {
    row.place(match row.part {
        KeyPart::Whole => "sealed_pfx",
        KeyPart::Sign => "sealed_pfx:sign",
        KeyPart::Encrypt => "sealed_pfx:encrypt",
    })
}

/// The row of one certificate of a request, and whose it is. The part stands in the name of the
/// column, so that what was sealed before there were parts still opens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credential {
    pub(crate) request: RequestId,
    pub(crate) part: KeyPart,
    pub(crate) owner: PersonId,
}

impl Credential {
    const fn place(self, column: &'static str) -> Place<'static> {
        Place {
            table: "credential",
            column,
            row: self.request.0,
            owner: self.owner.0,
        }
    }
}

impl From<&store::SealedCredential> for Credential {
    fn from(row: &store::SealedCredential) -> Self {
        Self {
            request: row.request,
            part: row.part,
            owner: row.person,
        }
    }
}

impl From<&store::SealedCredentialRow> for Credential {
    fn from(row: &store::SealedCredentialRow) -> Self {
        Self {
            request: row.request,
            part: row.part,
            owner: row.person,
        }
    }
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

/// A private key made ahead, which belongs to nobody yet.
pub(crate) const fn pool_key(key: PoolKeyId) -> Place<'static> {
    Place {
        table: "pool_key",
        column: "sealed_key",
        row: key.0,
        owner: Uuid::nil(),
    }
}

/// Private key that somebody brought along.
pub(crate) const fn imported_key(id: ImportedId, owner: PersonId) -> Place<'static> {
    imported("sealed_key", id, owner)
}

/// Password for giving out again what somebody brought along.
pub(crate) const fn imported_password(id: ImportedId, owner: PersonId) -> Place<'static> {
    imported("sealed_password", id, owner)
}

const fn imported(column: &'static str, id: ImportedId, owner: PersonId) -> Place<'static> {
    Place {
        table: "imported_certificate",
        column,
        row: id.0,
        owner: owner.0,
    }
}
