//! Making revocation lists (RFC 5280 section 5): anew at once after something was held, re-activated
//! or revoked, and every 24 hours. Any node makes them; numbers come from the database and only
//! rise, also after a restore, and a list never replaces one with a higher number.

use crate::{Error, Portal};
use domain::{AuthorityId, AuthorityPurpose, LONGEST_DAYS};
use pki::{CrlEntries, RevokedEntry, Serial};
use store::{AuthorityRow, CrlNumber, CrlRow, RevokedRow};
use time::{Duration, OffsetDateTime};

/// A list is valid for this long.
const CRL_LIFE: Duration = Duration::days(7);
/// A list older than this is made anew.
const CRL_RENEWED: Duration = Duration::hours(24);
/// A root's list is valid for this long; twelve months are the most (S/MIME Baseline Requirements
/// section 4.9.7).
const ROOT_CRL_LIFE: Duration = Duration::days(180);
/// A root's list older than this is made anew, so that its key is not needed every day.
const ROOT_CRL_RENEWED: Duration = Duration::days(30);
/// Entries read at a time.
const PAGE: i64 = 10_000;
/// How often a list is made while revocations keep coming in.
const TRIES: u32 = 3;

impl Portal {
    /// The newest list of an authority, made first where it is due.
    pub(crate) async fn crl(&self, authority: &AuthorityRow) -> Result<CrlRow, Error> {
        if authority.sealed_key.is_none() {
            // Whoever has the key makes the list; an administrator brings it.
            return self.store().crl(authority.id).await?.ok_or(Error::NotFound);
        }
        if let Some(row) = self.current_crl(authority).await? {
            return Ok(row);
        }
        // One at a time: whoever waited finds what the one before has made.
        let _turn = self.crl_turn().lock().await;
        for _ in 0..TRIES {
            if self.is_crl_current(authority).await? {
                break;
            }
            self.make_crl(authority).await?;
        }
        // More was revoked while it was made; the next fetch brings that.
        self.store().crl(authority.id).await?.ok_or(Error::NotFound)
    }

    /// Makes every list that is due.
    pub(crate) async fn renew_crls(&self) -> Result<(), Error> {
        if self.sealed().is_some() {
            return Ok(());
        }
        for authority in self.store().authorities().await? {
            // Whoever holds the key of another one makes its list.
            if authority.sealed_key.is_some() && !self.is_crl_current(&authority).await? {
                self.crl(&authority).await?;
            }
        }
        Ok(())
    }

    /// The stored list, unless it is old or something happened since it was made.
    pub(crate) async fn current_crl(
        &self,
        authority: &AuthorityRow,
    ) -> Result<Option<CrlRow>, Error> {
        if self.is_crl_current(authority).await? {
            Ok(self.store().crl(authority.id).await?)
        } else {
            Ok(None)
        }
    }

    /// Makes a list although none is due: the last one before a root's key leaves.
    pub(crate) async fn make_last_crl(&self, authority: &AuthorityRow) -> Result<(), Error> {
        let _turn = self.crl_turn().lock().await;
        self.make_crl(authority).await
    }

    async fn is_crl_current(&self, authority: &AuthorityRow) -> Result<bool, Error> {
        let head = self.store().crl_head(authority.id).await?;
        let (now, (_, renewed)) = (self.now(), times(authority));
        Ok(head.is_some_and(|head| {
            head.made_from == head.revocations && head.this_update + renewed > now
        }))
    }

    async fn make_crl(&self, authority: &AuthorityRow) -> Result<(), Error> {
        let now = self.now();
        let (life, _) = times(authority);
        let next_update = now + life;
        let CrlNumber {
            number,
            revocations,
        } = self.store().next_crl_number(authority.id, now).await?;
        self.failpoint("list-numbered");
        let entries = self.encoded_entries(authority.id, now).await?;
        let count = entries.count();
        let signer = self.signing_authority(authority).await?;
        let crl_number = u64::try_from(number).map_err(Error::internal)?;
        let made = self
            .cpu()
            .run(move || pki::create_crl_of(&signer, crl_number, now, next_update, entries));
        let der = made.await??;
        self.failpoint("list-signed");
        let row = CrlRow {
            number,
            der,
            this_update: now,
            next_update,
            revocations,
        };
        match self.store().put_crl(authority.id, row).await {
            Ok(()) => {
                self.failpoint("list-stored");
                tracing::info!(authority = %authority.id, number, count, "made a revocation list");
                Ok(())
            }
            // Another node was quicker with a higher number: that list is the one to serve.
            Err(store::Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The entries of a list made at a time, encoded page by page away from the threads that answer
    /// people.
    async fn encoded_entries(
        &self,
        authority: AuthorityId,
        at: OffsetDateTime,
    ) -> Result<CrlEntries, Error> {
        let (since, mut entries, mut last) = (at - CRL_LIFE, CrlEntries::default(), None);
        loop {
            let rows = self
                .store()
                .revoked_of(authority, since, last.as_ref(), PAGE)
                .await?;
            let Some(row) = rows.last() else {
                entries.add(self.unrecorded_entries(authority, since).await?);
                return Ok(entries);
            };
            last = Some(row.clone());
            let encoded = self.cpu().run(move || {
                let page: Result<Vec<_>, _> = rows.iter().map(entry).collect();
                entries.add(page?);
                Ok::<_, pki::Error>(entries)
            });
            entries = encoded.await??;
        }
    }

    /// What belongs on a list made at a time. Entries stay on it until after their certificate has
    /// expired, for at least one list more (RFC 5280 section 3.3).
    pub(crate) async fn crl_entries(
        &self,
        authority: AuthorityId,
        at: OffsetDateTime,
    ) -> Result<Vec<RevokedEntry>, Error> {
        let (since, mut entries, mut last) = (at - CRL_LIFE, Vec::new(), None);
        loop {
            let rows = self
                .store()
                .revoked_of(authority, since, last.as_ref(), PAGE)
                .await?;
            for row in &rows {
                entries.push(entry(row)?);
            }
            match rows.into_iter().next_back() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
        entries.extend(self.unrecorded_entries(authority, since).await?);
        Ok(entries)
    }

    /// What was signed without having been recorded, and revoked. When such a certificate would
    /// have ended is not known, so it stays for as long as one can last.
    async fn unrecorded_entries(
        &self,
        authority: AuthorityId,
        since: OffsetDateTime,
    ) -> Result<Vec<RevokedEntry>, Error> {
        let reserved_after = since - Duration::days(i64::from(LONGEST_DAYS));
        let rows = self
            .store()
            .revoked_intents(authority, reserved_after)
            .await?;
        let entries = rows.iter().map(|row| {
            Ok(RevokedEntry {
                serial: Serial::from_bytes(&row.serial)?,
                revoked_at: row.since,
                reason: row.reason,
            })
        });
        entries.collect()
    }
}

/// For how long a list of this authority is valid, and after how long it is made anew.
fn times(authority: &AuthorityRow) -> (Duration, Duration) {
    if authority.purpose == AuthorityPurpose::Root {
        (ROOT_CRL_LIFE, ROOT_CRL_RENEWED)
    } else {
        (CRL_LIFE, CRL_RENEWED)
    }
}

fn entry(row: &RevokedRow) -> Result<RevokedEntry, pki::Error> {
    Ok(RevokedEntry {
        serial: Serial::from_bytes(&row.serial)?,
        revoked_at: row.since,
        reason: row.reason,
    })
}
