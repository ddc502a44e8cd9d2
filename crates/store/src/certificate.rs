//! Issued certificates, and the sealed secrets that belong to them.

use crate::column::{Json, Maybe, Micros, Word, maybe_micros, micros};
use crate::pool::{Tx, exactly_one};
use crate::{CertificateQuery, Error, Record, Store, record};
use domain::{
    AuthorityId, CertificateId, KeyAlgorithm, KeyPart, Mailbox, Name, PersonId, RequestId,
    RevocationReason, RevocationState, TemplateContent, TemplateId,
};
use sqlx::FromRow;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// A certificate as it is stored and as it is read share these columns.
macro_rules! certificate {
    ($(#[$doc:meta])* $name:ident { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, FromRow)]
        pub struct $name {
            /// Identifier.
            #[sqlx(try_from = "Uuid")]
            pub id: CertificateId,
            /// The request it was made for.
            #[sqlx(rename = "request_id", try_from = "Uuid")]
            pub request: RequestId,
            /// Which of its certificates.
            #[sqlx(try_from = "Word<KeyPart>")]
            pub part: KeyPart,
            /// Whose it is.
            #[sqlx(rename = "person_id", try_from = "Uuid")]
            pub person: PersonId,
            /// The mailbox it is for.
            #[sqlx(try_from = "String")]
            pub mailbox: Mailbox,
            /// Who signed it.
            #[sqlx(rename = "authority_id", try_from = "Uuid")]
            pub authority: AuthorityId,
            /// Its serial number.
            pub serial: Vec<u8>,
            /// The certificate, DER.
            pub der: Vec<u8>,
            /// SHA-256 of the DER.
            pub thumbprint: Vec<u8>,
            /// SHA-256 of the public key (`SubjectPublicKeyInfo`); none for one that is older than
            /// the column and was not looked at yet.
            pub key_id: Option<Vec<u8>>,
            /// Subject, as text.
            pub subject: String,
            /// Issuer, as text.
            pub issuer: String,
            /// Kind of the key.
            #[sqlx(try_from = "Word<KeyAlgorithm>")]
            pub key_algorithm: KeyAlgorithm,
            /// Valid from.
            #[sqlx(try_from = "Micros")]
            pub not_before: OffsetDateTime,
            /// Valid until.
            #[sqlx(try_from = "Micros")]
            pub not_after: OffsetDateTime,
            /// When it was signed.
            #[sqlx(try_from = "Micros")]
            pub issued_at: OffsetDateTime,
            $($more)*
        }
    };
}

certificate! {
    /// A certificate to be stored.
    NewCertificate {}
}

certificate! {
    /// A certificate.
    CertificateRow {
        /// Its owner's name.
        #[sqlx(try_from = "String")]
        pub person_name: Name,
        /// Name of the template it was made from.
        #[sqlx(try_from = "String")]
        pub template_name: Name,
        /// That template.
        #[sqlx(rename = "template_id", try_from = "Uuid")]
        pub template: TemplateId,
        /// The version of that template.
        pub template_version: i64,
        /// What that version says.
        #[sqlx(try_from = "Json")]
        pub content: TemplateContent,
        /// What it names besides the mailbox, separated by blanks: host names and addresses of a server or
        /// device, further mailboxes of a person.
        pub names: String,
        /// What a device is called; empty for all others.
        pub device: String,
        /// Whether its owner kept the key and brought a signing request.
        pub is_own_key: bool,
        /// When its owner first downloaded it.
        #[sqlx(try_from = "Maybe<Micros>")]
        pub downloaded_at: Option<OffsetDateTime>,
        /// Since when it is or was on hold.
        #[sqlx(try_from = "Maybe<Micros>")]
        pub held_at: Option<OffsetDateTime>,
        /// When it was revoked for good.
        #[sqlx(try_from = "Maybe<Micros>")]
        pub revoked_at: Option<OffsetDateTime>,
        /// Why it stands on the revocation list.
        #[sqlx(try_from = "Maybe<String>")]
        pub revocation_reason: Option<RevocationReason>,
        /// Whether the PFX is there too.
        pub is_ready: bool,
        /// Whether its key, password and PFX were deleted long after its end.
        pub is_deleted: bool,
    }
}

impl CertificateRow {
    /// Whether it is on the revocation list, and whether for good.
    pub fn revocation_state(&self) -> RevocationState {
        RevocationState::of(self.held_at, self.revoked_at)
    }
}

/// The secrets of an issued certificate, sealed.
#[derive(Clone, FromRow)]
pub struct SealedCredential {
    /// The request they were made for.
    #[sqlx(rename = "request_id", try_from = "Uuid")]
    pub request: RequestId,
    /// Which of its certificates.
    #[sqlx(try_from = "Word<KeyPart>")]
    pub part: KeyPart,
    /// Whose they are.
    #[sqlx(rename = "person_id", try_from = "Uuid")]
    pub person: PersonId,
    /// Password of the PFX.
    #[sqlx(rename = "sealed_password")]
    pub password: Vec<u8>,
    /// Private key.
    #[sqlx(rename = "sealed_key")]
    pub key: Vec<u8>,
    /// PFX.
    #[sqlx(rename = "sealed_pfx")]
    pub pfx: Vec<u8>,
}

impl std::fmt::Debug for SealedCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedCredential")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT certificate.id, certificate.request_id, certificate.part, certificate.person_id,
                certificate.key_id, request.names, request.device, request.csr IS NOT NULL AS is_own_key,
                request.template_id, request.template_version, template_version.content, certificate.mailbox, certificate.authority_id, certificate.serial, certificate.der,
                certificate.thumbprint, certificate.subject, certificate.issuer,
                certificate.key_algorithm, certificate.not_before, certificate.not_after,
                certificate.issued_at, certificate.downloaded_at, certificate.held_at,
                certificate.revoked_at, certificate.revocation_reason,
                person.name AS person_name, template.name AS template_name, request.state = 'issued' AS is_ready,
                request.csr IS NULL AND request.state = 'issued' AND NOT EXISTS (
                    SELECT 1 FROM credential WHERE credential.request_id = certificate.request_id
                        AND credential.part = certificate.part
                        AND credential.sealed_pfx IS NOT NULL) AS is_deleted
            FROM certificate
            JOIN request ON request.id = certificate.request_id
            JOIN person ON person.id = certificate.person_id
            JOIN template ON template.id = request.template_id
            JOIN template_version ON template_version.template_id = request.template_id
                AND template_version.number = request.template_version ",
            $rest
        )
    };
}
const INSERT: &str =
    "INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id,
        serial, der, thumbprint, key_id, subject, issuer, key_algorithm, not_before, not_after,
        issued_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const FIND: &str = select!("WHERE certificate.id = $1");
const BY_SERIAL: &str = select!("WHERE certificate.serial = $1 ORDER BY certificate.id LIMIT 1");
const OF_KEY: &str = select!(
    "WHERE certificate.key_id = $1 AND certificate.revoked_at IS NULL
        AND certificate.not_after > $2
    ORDER BY certificate.issued_at DESC, certificate.id DESC"
);
const OF_PERSON: &str = select!(
    "WHERE certificate.person_id = $1 AND request.state = 'issued'
    ORDER BY certificate.issued_at DESC, certificate.id DESC"
);
/// The numbers are those of [`crate::Standing`].
const PAGE_OF_PERSON: &str = select!(
    "WHERE certificate.person_id = $1 AND request.state = 'issued'
        AND (certificate.issued_at, certificate.id) < ($2, $3)
        AND certificate.not_after >= $4 AND certificate.not_after < $5
        AND ($6 = 0
            OR ($6 = 1 AND certificate.held_at IS NULL AND certificate.revoked_at IS NULL)
            OR ($6 = 2 AND certificate.revoked_at IS NULL)
            OR ($6 = 3 AND certificate.held_at IS NOT NULL AND certificate.revoked_at IS NULL)
            OR ($6 = 4 AND certificate.revoked_at IS NOT NULL))
    ORDER BY certificate.issued_at DESC, certificate.id DESC LIMIT $7"
);
const CREDENTIAL: &str = "SELECT credential.request_id, credential.part, certificate.person_id,
        credential.sealed_password, credential.sealed_key, credential.sealed_pfx
    FROM certificate
    JOIN credential ON credential.request_id = certificate.request_id
        AND credential.part = certificate.part
    WHERE certificate.id = $1 AND credential.sealed_pfx IS NOT NULL";
const DOWNLOADED: &str = "UPDATE certificate SET downloaded_at = COALESCE(downloaded_at, $2)
    WHERE id = $1";
const VALID_FOR_MAILBOX: &str = "SELECT COUNT(*) FROM certificate
    WHERE mailbox = $1 AND not_after > $2 AND revocation_reason IS NULL";
const VALID: &str = "SELECT COUNT(*) FROM certificate
    WHERE not_after > $1 AND revocation_reason IS NULL";
/// Both databases divide integers without a remainder.
const BY_DAY: &str = "SELECT issued_at / 86400000000 AS day, COUNT(*) FROM certificate
    WHERE issued_at >= $1 GROUP BY day ORDER BY day";
const BY_WEEK: &str = "SELECT (not_after - $1) / 604800000000 AS week, COUNT(*) FROM certificate
    WHERE not_after >= $1 AND not_after < $2 AND revocation_reason IS NULL GROUP BY week ORDER BY week";

pub(crate) async fn insert(tx: &mut Tx, certificate: &NewCertificate) -> Result<(), Error> {
    exactly_one(on_each!(
        tx,
        execute(
            INSERT,
            certificate.id.0,
            certificate.request.0,
            certificate.part.as_str(),
            certificate.person.0,
            certificate.mailbox.as_str(),
            certificate.authority.0,
            &certificate.serial,
            &certificate.der,
            &certificate.thumbprint,
            certificate.key_id.as_ref(),
            &certificate.subject,
            &certificate.issuer,
            certificate.key_algorithm.as_str(),
            micros(certificate.not_before),
            micros(certificate.not_after),
            micros(certificate.issued_at)
        )
    )?)
}

impl Store {
    /// A certificate.
    pub async fn certificate(&self, id: CertificateId) -> Result<Option<CertificateRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0))
    }

    /// The certificate with a serial number.
    pub async fn certificate_by_serial(
        &self,
        serial: &[u8],
    ) -> Result<Option<CertificateRow>, Error> {
        on_each!(self, fetch_optional(BY_SERIAL, serial))
    }

    /// Certificates of a key that are neither revoked nor expired, newest first; those too that are
    /// not ready yet.
    pub async fn certificates_of_key(
        &self,
        key_id: &[u8],
        now: OffsetDateTime,
    ) -> Result<Vec<CertificateRow>, Error> {
        on_each!(self, fetch_all(OF_KEY, key_id, micros(now)))
    }

    /// Certificates of a person that are ready, newest first.
    pub async fn certificates_of(&self, person: PersonId) -> Result<Vec<CertificateRow>, Error> {
        on_each!(self, fetch_all(OF_PERSON, person.0))
    }

    /// One page of a person's certificates that are ready, newest first. Nothing is searched for,
    /// and the template makes no difference.
    pub async fn certificates_page_of(
        &self,
        person: PersonId,
        query: &CertificateQuery,
    ) -> Result<Vec<CertificateRow>, Error> {
        let (at, id) = query
            .after
            .map_or((i64::MAX, Uuid::max()), |(at, id)| (micros(at), id.0));
        on_each!(
            self,
            fetch_all(
                PAGE_OF_PERSON,
                person.0,
                at,
                id,
                maybe_micros(query.ends_from).unwrap_or(i64::MIN),
                maybe_micros(query.ends_before).unwrap_or(i64::MAX),
                query.standing as i64,
                query.limit
            )
        )
    }

    /// The sealed secrets of a certificate; none before it is ready.
    pub async fn credential(&self, id: CertificateId) -> Result<Option<SealedCredential>, Error> {
        on_each!(self, fetch_optional(CREDENTIAL, id.0))
    }

    /// The owner downloads a certificate. To be recorded before the PFX leaves.
    pub async fn record_download(
        &self,
        id: CertificateId,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(DOWNLOADED, id.0, micros(now)))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// How many certificates of a mailbox are good: not expired, held or revoked.
    pub async fn certificates_for(
        &self,
        mailbox: &Mailbox,
        now: OffsetDateTime,
    ) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(VALID_FOR_MAILBOX, mailbox.as_str(), micros(now)))
    }

    /// How many certificates are good: not expired, held or revoked.
    pub async fn valid_certificates(&self, now: OffsetDateTime) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(VALID, micros(now)))
    }

    /// How many certificates were issued on each day (UTC) that has any.
    pub async fn issued_by_day(&self, since: OffsetDateTime) -> Result<Vec<(Date, i64)>, Error> {
        let days: Vec<(i64, i64)> = on_each!(self, fetch_all(BY_DAY, micros(since)))?;
        let date = |day| OffsetDateTime::UNIX_EPOCH.checked_add(Duration::days(day));
        Ok(days
            .into_iter()
            .filter_map(|(day, count)| Some((date(day)?.date(), count)))
            .collect())
    }

    /// How many certificates expire in each of the next weeks.
    pub async fn expiring_by_week(
        &self,
        now: OffsetDateTime,
        weeks: usize,
    ) -> Result<Vec<i64>, Error> {
        let mut counts = vec![0; weeks];
        let end = now + Duration::weeks(i64::try_from(weeks).unwrap_or(i64::MAX).min(5_200));
        let found: Vec<(i64, i64)> = on_each!(self, fetch_all(BY_WEEK, micros(now), micros(end)))?;
        for (week, count) in found {
            if let Some(place) = usize::try_from(week)
                .ok()
                .and_then(|week| counts.get_mut(week))
            {
                *place = count;
            }
        }
        Ok(counts)
    }
}
