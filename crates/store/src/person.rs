//! People and their mailboxes. Lists are in [`people`](crate::PeopleQuery).

use crate::column::{Maybe, Micros, Word, micros};
use crate::pool::{Tx, exactly_one};
use crate::{Error, Record, Store, api_token, record, session};
use domain::{Mailbox, Name, PersonId, PersonState, Role, SessionId};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A person to be added, active and with one verified mailbox.
#[derive(Clone)]
pub struct NewPerson {
    /// Identifier.
    pub id: PersonId,
    /// Name as shown.
    pub name: Name,
    /// Mailbox, which is also the name for signing in.
    pub mailbox: Mailbox,
    /// What the person is in the portal.
    pub role: Role,
    /// Hash of the password for signing in.
    pub password_hash: String,
    /// When the person was added.
    pub created_at: OffsetDateTime,
}

/// A person.
#[derive(Clone, FromRow)]
pub struct PersonRow {
    /// Identifier.
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    /// Name as shown.
    #[sqlx(try_from = "String")]
    pub name: Name,
    /// Mailbox, which is also the name for signing in.
    #[sqlx(try_from = "String")]
    pub mailbox: Mailbox,
    /// Given name as it stands in certificates that name the person, if it is recorded.
    #[sqlx(try_from = "Maybe<String>")]
    pub given_name: Option<Name>,
    /// Surname as it stands in such certificates; recorded with the given name.
    #[sqlx(try_from = "Maybe<String>")]
    pub surname: Option<Name>,
    /// What the person is in the portal.
    #[sqlx(try_from = "Word<Role>")]
    pub role: Role,
    /// State of the account.
    #[sqlx(try_from = "Word<PersonState>")]
    pub state: PersonState,
    /// Hash of the password for signing in.
    pub password_hash: String,
    /// When that password was set.
    #[sqlx(try_from = "Micros")]
    pub password_changed_at: OffsetDateTime,
    /// When the person was added.
    #[sqlx(try_from = "Micros")]
    pub created_at: OffsetDateTime,
    /// When the person last signed in.
    #[sqlx(try_from = "Maybe<Micros>")]
    pub last_signed_in_at: Option<OffsetDateTime>,
}

/// An address that a person may have certificates for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct MailboxRow {
    /// The address.
    #[sqlx(try_from = "String")]
    pub address: Mailbox,
    /// When it was found to be the person's.
    #[sqlx(try_from = "Micros")]
    pub verified_at: OffsetDateTime,
}

macro_rules! without_hash {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("id", &self.id)
                    .field("mailbox", &self.mailbox)
                    .field("role", &self.role)
                    .finish_non_exhaustive()
            }
        }
    )+};
}
without_hash!(NewPerson, PersonRow);

const INSERT: &str =
    "INSERT INTO person (id, name, name_lower, mailbox, role, state, state_changed_at,
        password_hash, password_changed_at, created_at)
    VALUES ($1, $2, $3, $4, $5, 'active', $7, $6, $7, $7) ON CONFLICT DO NOTHING";
const INSERT_MAILBOX: &str = "INSERT INTO mailbox (person_id, address, verified_at)
    VALUES ($1, $2, $3)";
const FIND: &str = "SELECT id, name, mailbox, given_name, surname, role, state, password_hash, password_changed_at,
        created_at, last_signed_in_at
    FROM person WHERE id = $1";
const FIND_BY_MAILBOX: &str =
    "SELECT id, name, mailbox, given_name, surname, role, state, password_hash,
        password_changed_at, created_at, last_signed_in_at
    FROM person WHERE mailbox = $1";
const SET_PASSWORD: &str = "UPDATE person SET password_hash = $2, password_changed_at = $3
    WHERE id = $1";
const SET_ROLE: &str = "UPDATE person SET role = $2 WHERE id = $1";
const SET_STATE: &str = "UPDATE person SET state = $2, state_changed_at = $3 WHERE id = $1";
const SIGNED_IN: &str = "UPDATE person SET last_signed_in_at = $2 WHERE id = $1";
const ADMINS: &str = "SELECT id FROM person WHERE role = 'admin' AND state = 'active' ORDER BY id";
/// Whoever removes an administrator waits for the others who do, and then sees what is left.
const ADMINS_LOCKED: &str =
    "SELECT id FROM person WHERE role = 'admin' AND state = 'active' ORDER BY id FOR UPDATE";
const MAILBOXES: &str = "SELECT address, verified_at FROM mailbox WHERE person_id = $1
    ORDER BY verified_at, address";
const MAILBOX: &str = "SELECT address, verified_at FROM mailbox
    WHERE person_id = $1 AND address = $2";
const HAS_MAILBOX: &str = "SELECT COUNT(*) FROM mailbox WHERE person_id = $1 AND address = $2";

/// Inserts a person with a verified mailbox.
pub(crate) async fn insert(tx: &mut Tx, person: &NewPerson) -> Result<(), Error> {
    let created_at = micros(person.created_at);
    let rows = on_each!(
        tx,
        execute(
            INSERT,
            person.id.0,
            person.name.as_str(),
            person.name.as_str().to_lowercase(),
            person.mailbox.as_str(),
            person.role.as_str(),
            &person.password_hash,
            created_at
        )
    )?;
    if rows == 0 {
        return Err(Error::Duplicate("mailbox"));
    }
    exactly_one(on_each!(
        tx,
        execute(
            INSERT_MAILBOX,
            person.id.0,
            person.mailbox.as_str(),
            created_at
        )
    )?)
}

/// Makes sure that an active administrator other than `person` stays.
async fn keep_an_admin(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    let statement = tx.locking(ADMINS, ADMINS_LOCKED);
    let admins: Vec<Uuid> = on_each!(tx, scalar fetch_all(statement))?;
    if admins == [person.0] {
        return Err(Error::Conflict("the last active administrator"));
    }
    Ok(())
}

impl Store {
    /// A person.
    pub async fn person(&self, id: PersonId) -> Result<Option<PersonRow>, Error> {
        on_each!(self, fetch_optional(FIND, id.0))
    }

    /// The person who signs in with a mailbox.
    pub async fn person_by_mailbox(&self, mailbox: &Mailbox) -> Result<Option<PersonRow>, Error> {
        on_each!(self, fetch_optional(FIND_BY_MAILBOX, mailbox.as_str()))
    }

    /// Adds a person. Duplicate if somebody signs in with the mailbox already.
    pub async fn add_person(&self, person: NewPerson, record: Record) -> Result<(), Error> {
        transaction!(self, tx => {
            insert(tx, &person).await?;
            record::append(tx, &record, None).await
        })
    }

    /// Sets the password for signing in, and ends all sessions but `keep_session`. Without one it
    /// is somebody else who sets it: then API tokens are revoked too, because whoever knew the old
    /// password may have made them.
    pub async fn set_password(
        &self,
        person: PersonId,
        hash: &str,
        now: OffsetDateTime,
        keep_session: Option<SessionId>,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(SET_PASSWORD, person.0, hash, micros(now)))?)?;
            session::end_all(tx, person, keep_session).await?;
            if keep_session.is_none() {
                api_token::revoke_all(tx, person).await?;
            }
            record::append(tx, &record, None).await
        })
    }

    /// Sets a role. Conflict if no active administrator would be left.
    pub async fn set_role(
        &self,
        person: PersonId,
        role: Role,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            if role != Role::Admin {
                keep_an_admin(tx, person).await?;
            }
            exactly_one(on_each!(tx, execute(SET_ROLE, person.0, role.as_str()))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// Disables an account, which ends its sessions and revokes its API tokens, or enables it.
    /// Conflict if no active administrator would be left.
    pub async fn set_state(
        &self,
        person: PersonId,
        state: PersonState,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            if state == PersonState::Disabled {
                keep_an_admin(tx, person).await?;
            }
            exactly_one(on_each!(tx, execute(SET_STATE, person.0, state.as_str(), micros(now)))?)?;
            if state == PersonState::Disabled {
                session::end_all(tx, person, None).await?;
                api_token::revoke_all(tx, person).await?;
            }
            record::append(tx, &record, None).await
        })
    }

    /// Somebody signed in.
    pub async fn record_sign_in(
        &self,
        person: PersonId,
        now: OffsetDateTime,
        record: Record,
    ) -> Result<(), Error> {
        transaction!(self, tx => {
            exactly_one(on_each!(tx, execute(SIGNED_IN, person.0, micros(now)))?)?;
            record::append(tx, &record, None).await
        })
    }

    /// The mailboxes of a person.
    pub async fn mailboxes(&self, person: PersonId) -> Result<Vec<MailboxRow>, Error> {
        on_each!(self, fetch_all(MAILBOXES, person.0))
    }

    /// A mailbox, if it is the person's.
    pub async fn mailbox(
        &self,
        person: PersonId,
        mailbox: &Mailbox,
    ) -> Result<Option<MailboxRow>, Error> {
        on_each!(self, fetch_optional(MAILBOX, person.0, mailbox.as_str()))
    }

    /// Whether a mailbox is the person's.
    pub async fn has_mailbox(&self, person: PersonId, mailbox: &Mailbox) -> Result<bool, Error> {
        let count: i64 = on_each!(self, scalar fetch_one(HAS_MAILBOX, person.0, mailbox.as_str()))?;
        Ok(count > 0)
    }
}
