//! Revocation lists of a root whose key is kept elsewhere: made there, checked and served here.

use super::change::authority_record;
use crate::{Actor, Error, Portal, day};
use api::Done;
use domain::{AuditAction, AuthorityId, Permission};
use store::CrlRow;

impl Portal {
    /// Takes a list that was made elsewhere.
    pub async fn import_authority_list(
        &self,
        actor: &Actor,
        id: AuthorityId,
        list: String,
    ) -> Result<Done, Error> {
        actor.require(Permission::ManageAuthorities)?;
        let row = self.authority_row(id).await?;
        if row.sealed_key.is_some() {
            return Err(Error::Conflict(
                "The key of this authority is here, so the portal makes its lists.".to_owned(),
            ));
        }
        let (certificate, now) = (row.certificate.clone(), self.now());
        let read = self
            .cpu()
            .run(move || pki::crl::read_foreign_crl(list.as_bytes(), &certificate, now));
        let read = read.await?.map_err(|error| {
            Error::field(
                "list",
                match error {
                    pki::Error::Input(why) => format!("This list cannot be used: {why}."),
                    _ => "This is not a revocation list in PEM.".to_owned(),
                },
            )
        })?;
        let (number, next_update) = (read.number, read.next_update);
        if let Some(head) = self.store().crl_head(id).await?
            && number <= head.number
        {
            return Err(Error::field(
                "list",
                format!(
                    "A list with this or a higher number is here already: give yours a number above \
                     {0}, which is {0:X} in the file `crlnumber` of openssl ca.",
                    head.number
                ),
            ));
        }
        let mut record = authority_record(self, actor, AuditAction::ImportAuthority, &row);
        if let Some(audit) = record.audits.first_mut() {
            let detail = ("revocation list".to_owned(), number.to_string());
            audit.details.push(detail);
        }
        let crl = CrlRow {
            number,
            der: read.der,
            this_update: read.this_update,
            next_update,
            revocations: self.store().revocations(id).await?,
        };
        self.store().put_foreign_crl(id, crl, record).await?;
        Ok(Done::then(
            format!(
                "List {number} of {} is served now. Bring the next one before {}.",
                row.name,
                day::in_words(next_update)
            ),
            api::url::AUTHORITIES,
        ))
    }
}
