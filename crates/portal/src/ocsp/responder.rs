//! The responder's key and certificate: made when the first request comes, sealed in the database,
//! used by all nodes, and made anew at half of their life.

use crate::{Actor, Error, Portal, place};
use ca::{CertificateAuthority as _, Embedded};
use domain::{AuditAction, AuthorityId, KeyAlgorithm, ResponderId};
use pki::ocsp::{IssuerId, Responder, ResponderPlan};
use pki::{PrivateKey, Serial};
use std::sync::Arc;
use store::{NewAudit, NewResponder, Record, ResponderRow};
use time::OffsetDateTime;

/// A responder that can sign, and for whom.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(super) authority: AuthorityId,
    pub(super) issuer: IssuerId,
    pub(super) responder: Responder,
}

impl Ready {
    /// Half of its life.
    fn renew_at(&self) -> OffsetDateTime {
        let from = self.responder.not_before();
        from + (self.responder.not_after() - from) / 2
    }
}

impl Portal {
    /// The responder in use. While one task makes the next one, or if that fails, the one before
    /// is good until it expires.
    pub(super) async fn ocsp_responder(&self) -> Result<Arc<Ready>, Error> {
        let (now, state) = (self.now(), self.ocsp_state());
        let fresh = || state.ready().filter(|ready| now < ready.renew_at());
        if let Some(ready) = fresh() {
            return Ok(ready);
        }
        let usable = state
            .ready()
            .filter(|ready| now < ready.responder.not_after());
        let _turn = match (&usable, state.renewing.try_lock()) {
            (_, Ok(turn)) => turn,
            (Some(usable), Err(_)) => return Ok(Arc::clone(usable)),
            (None, Err(_)) => state.renewing.lock().await,
        };
        if let Some(ready) = fresh() {
            return Ok(ready);
        }
        match (self.find_or_make_responder(now).await, usable) {
            (Ok(ready), _) => {
                let ready = Arc::new(ready);
                state.set_ready(Arc::clone(&ready));
                Ok(ready)
            }
            (Err(error), Some(usable)) => {
                tracing::warn!(%error, "the OCSP responder could not be renewed; trying again");
                Ok(usable)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn find_or_make_responder(&self, now: OffsetDateTime) -> Result<Ready, Error> {
        let authority = &*self.ocsp_authority().await?;
        if let Some(row) = self.store().newest_responder(authority.id()).await? {
            let found = self.open_responder(authority, &row)?;
            if now < found.renew_at() {
                return Ok(found);
            }
        }
        let row = self.make_responder(authority, now).await?;
        tracing::info!(authority = %row.authority, "made a new OCSP responder");
        self.open_responder(authority, &row)
    }

    async fn ocsp_authority(&self) -> Result<Arc<Embedded>, Error> {
        let rows = self.store().authorities().await?;
        let issuing = rows
            .iter()
            .find(|row| row.parent.is_some() && row.sealed_key.is_some());
        self.authority(issuing.ok_or(Error::NotFound)?.id).await
    }

    /// Opens the key and checks that it belongs to the certificate, and that to the authority.
    pub(crate) fn open_responder(
        &self,
        authority: &Embedded,
        row: &ResponderRow,
    ) -> Result<Ready, Error> {
        let key = self
            .key_ring()?
            .open(place::responder_key(row.id), &row.sealed_key)?;
        let key = PrivateKey::from_pkcs8(key.expose())?;
        let issuer = authority.signing_authority().certificate();
        Ok(Ready {
            authority: row.authority,
            issuer: IssuerId::of(issuer)?,
            responder: Responder::new(&row.certificate, key, issuer)?,
        })
    }

    /// As with every certificate, what is to be signed is stored before it is signed. A row that a
    /// crash leaves unsigned is never used.
    async fn make_responder(
        &self,
        authority: &Embedded,
        now: OffsetDateTime,
    ) -> Result<ResponderRow, Error> {
        let id = self.new_id(|now, rng| ResponderId::generate(now, rng));
        let issuer = authority.signing_authority().certificate();
        let key = PrivateKey::generate(KeyAlgorithm::P256)?;
        let serial = self.random().with(|rng| Serial::generate(rng));
        let plan = ResponderPlan::new(issuer, &key.public_key()?, &serial, now)?;
        let pkcs8 = key.to_pkcs8()?;
        let ring = self.key_ring()?;
        let sealed_key = self
            .random()
            .with(|rng| ring.seal(place::responder_key(id), pkcs8.expose(), rng))?;
        let record = |action| Record::default().audit(audit(action, authority.id(), &serial, now));
        let row = NewResponder {
            id,
            authority: authority.id(),
            serial: serial.as_bytes().to_vec(),
            tbs: plan.tbs_der().to_vec(),
            sealed_key: sealed_key.clone(),
            created_at: now,
        };
        self.store()
            .reserve_responder(row, record(AuditAction::Reserve))
            .await?;
        let certificate = authority
            .sign_responder(plan)
            .await
            .map_err(Error::internal)?;
        self.store()
            .record_responder_signed(id, certificate.clone(), record(AuditAction::Sign))
            .await?;
        Ok(ResponderRow {
            id,
            authority: authority.id(),
            sealed_key,
            certificate,
        })
    }
}

/// These actions usually concern a request; here there is none to link to.
fn audit(
    action: AuditAction,
    authority: AuthorityId,
    serial: &Serial,
    now: OffsetDateTime,
) -> NewAudit {
    let label = format!("OCSP responder of authority {authority}");
    NewAudit {
        subject: None,
        details: vec![("serial".to_owned(), serial.to_hex())],
        ..Actor::system().audit(action, now, authority.0, label)
    }
}
