//! The portal's own row, and setting it up.

use crate::column::{Micros, join, micros, split};
use crate::pool::Tx;
use crate::{AuthorityRow, Error, NewPerson, Record, Store, authority, person, record, template};
use domain::{MailDomain, Name, Template};
use sqlx::FromRow;
use time::OffsetDateTime;

/// What is chosen when the portal is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name of the organisation.
    pub organisation: Name,
    /// Its country, two letters (ISO 3166-1).
    pub country: String,
    /// Domains that mailboxes may be in.
    pub mail_domains: Vec<MailDomain>,
    /// When the portal was set up.
    pub set_up_at: OffsetDateTime,
    /// Sealed under the first key ring; tells whether a key ring is the right one.
    pub key_check: Vec<u8>,
}

/// Everything that is written when the portal is set up.
#[derive(Debug, Clone)]
pub struct SetUpRows {
    /// The portal's own row.
    pub settings: Settings,
    /// The first administrator.
    pub admin: NewPerson,
    /// Authorities, each after its parent.
    pub authorities: Vec<AuthorityRow>,
    /// Templates, in the order of lists.
    pub templates: Vec<Template>,
}

const INSERT: &str = "INSERT INTO settings (id, organisation, country, mail_domains, set_up_at,
        key_check)
    VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
const FIND: &str = "SELECT organisation, country, mail_domains, set_up_at, key_check
    FROM settings WHERE id = 1";
const PUT_TOKEN: &str = "INSERT INTO set_up_token (id, sha256)
    SELECT 1, $1 WHERE NOT EXISTS (SELECT 1 FROM settings)
    ON CONFLICT (id) DO UPDATE SET sha256 = excluded.sha256";
const TOKEN: &str = "SELECT sha256 FROM set_up_token WHERE id = 1";
const DELETE_TOKEN: &str = "DELETE FROM set_up_token";

#[derive(FromRow)]
struct StoredSettings {
    #[sqlx(try_from = "String")]
    organisation: Name,
    country: String,
    mail_domains: String,
    #[sqlx(try_from = "Micros")]
    set_up_at: OffsetDateTime,
    key_check: Vec<u8>,
}

impl Store {
    /// The portal's settings; none before it was set up.
    pub async fn settings(&self) -> Result<Option<Settings>, Error> {
        let stored: Option<StoredSettings> = on_each!(self, fetch_optional(FIND))?;
        stored
            .map(|stored| {
                Ok(Settings {
                    organisation: stored.organisation,
                    country: stored.country,
                    mail_domains: split(&stored.mail_domains).map_err(|_| {
                        Error::corrupt("settings", "mail_domains", "it is not a list of domains")
                    })?,
                    set_up_at: stored.set_up_at,
                    key_check: stored.key_check,
                })
            })
            .transpose()
    }

    /// Sets the portal up: all of it or nothing, and only once.
    pub async fn set_up(&self, rows: SetUpRows, record: Record) -> Result<(), Error> {
        transaction!(self, tx => {
            insert(tx, &rows.settings).await?;
            person::insert(tx, &rows.admin).await?;
            for row in &rows.authorities {
                authority::insert(tx, row).await?;
            }
            for (position, row) in (1..).zip(&rows.templates) {
                template::insert(tx, position, row, (None, rows.settings.set_up_at)).await?;
            }
            on_each!(tx, execute(DELETE_TOKEN))?;
            record::append(tx, &record, None).await
        })
    }

    /// Hash of the token in the one-time link of the first start.
    pub async fn set_up_token(&self) -> Result<Option<Vec<u8>>, Error> {
        on_each!(self, scalar fetch_optional(TOKEN))
    }

    /// Replaces the one-time link. Conflict once the portal is set up.
    pub async fn put_set_up_token(&self, sha256: &[u8]) -> Result<(), Error> {
        transaction!(self, tx => {
            match on_each!(tx, execute(PUT_TOKEN, sha256))? {
                0 => Err(Error::Conflict("the portal is set up already")),
                _ => Ok(()),
            }
        })
    }
}

async fn insert(tx: &mut Tx, settings: &Settings) -> Result<(), Error> {
    let rows = on_each!(
        tx,
        execute(
            INSERT,
            settings.organisation.as_str(),
            &settings.country,
            join(settings.mail_domains.iter().map(MailDomain::as_str)),
            micros(settings.set_up_at),
            &settings.key_check
        )
    )?;
    if rows == 0 {
        return Err(Error::Conflict("the portal is set up already"));
    }
    Ok(())
}
