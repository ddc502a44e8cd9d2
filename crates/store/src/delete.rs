//! Deleting the secrets of certificates that ended long ago. The certificates, what was written down
//! before they were signed, and the audit log stay.

use crate::column::micros;
use crate::{Error, Record, Store, record};
use domain::CertificateId;
use time::OffsetDateTime;

/// Password, key and PFX go together, or the rest would be useless.
const DELETE: &str = "UPDATE credential
    SET sealed_password = NULL, sealed_key = NULL, sealed_pfx = NULL
    WHERE sealed_key IS NOT NULL AND EXISTS (SELECT 1 FROM certificate
        JOIN request ON request.id = certificate.request_id
        WHERE certificate.id = $1 AND certificate.not_after < $2 AND request.state = 'issued'
            AND certificate.request_id = credential.request_id
            AND certificate.part = credential.part)";

impl Store {
    /// Deletes key, password and PFX of a certificate that ended before a time. Whether there was
    /// anything to delete; if not, nothing is recorded.
    pub async fn delete_secrets(
        &self,
        id: CertificateId,
        ended_before: OffsetDateTime,
        record: Record,
    ) -> Result<bool, Error> {
        transaction!(self, tx => {
            if on_each!(tx, execute(DELETE, id.0, micros(ended_before)))? == 0 {
                return Ok(false);
            }
            record::append(tx, &record, None).await?;
            Ok(true)
        })
    }
}
