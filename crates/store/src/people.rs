//! Lists of people.

use crate::column::{micros, pattern};
use crate::{Error, PersonRow, Store};
use domain::{Mailbox, PersonId, Role};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// Which people to list.
#[derive(Debug, Clone)]
pub struct PeopleQuery {
    /// Part of the name or the mailbox; empty for everybody.
    pub search: String,
    /// Only this role.
    pub role: Option<Role>,
    /// After this person, given by lower-cased name and identifier: the next page.
    pub after: Option<(String, PersonId)>,
    /// The time, which decides what has expired.
    pub now: OffsetDateTime,
    /// At most so many.
    pub limit: i64,
}

/// A person in a list.
#[derive(Debug, Clone, FromRow)]
pub struct PersonListRow {
    /// The person.
    #[sqlx(flatten)]
    pub person: PersonRow,
    /// How many certificates are good: not expired, held or revoked.
    pub certificates: i64,
}

const LIST: &str = "SELECT id, name, mailbox, given_name, surname, role, state, password_hash, password_changed_at,
        created_at, last_signed_in_at,
        (SELECT COUNT(*) FROM certificate
            WHERE certificate.person_id = person.id AND certificate.not_after > $6
                AND certificate.revocation_reason IS NULL) AS certificates
    FROM person
    WHERE (name_lower, id) > ($1, $2)
        AND ($3 = '%%' OR name_lower LIKE $3 ESCAPE '\\' OR mailbox LIKE $3 ESCAPE '\\')
        AND ($4 = '' OR role = $4)
    ORDER BY name_lower, id LIMIT $5";
const COUNT_ACTIVE: &str = "SELECT COUNT(*) FROM person WHERE state = 'active'";
const BY_ROLE: &str = "SELECT id, mailbox FROM person WHERE role = $1 AND state = 'active'
    ORDER BY id";

#[derive(FromRow)]
struct Addressee {
    #[sqlx(try_from = "Uuid")]
    id: PersonId,
    #[sqlx(try_from = "String")]
    mailbox: Mailbox,
}

impl Store {
    /// People by name.
    pub async fn people(&self, query: PeopleQuery) -> Result<Vec<PersonListRow>, Error> {
        // No name is empty, so the first page is what comes after the empty one.
        let (name, id) = query
            .after
            .unwrap_or((String::new(), PersonId(Uuid::nil())));
        on_each!(
            self,
            fetch_all(
                LIST,
                name,
                id.0,
                pattern(&query.search),
                query.role.map_or("", Role::as_str),
                query.limit,
                micros(query.now)
            )
        )
    }

    /// How many people may sign in.
    pub async fn person_counts(&self) -> Result<i64, Error> {
        on_each!(self, scalar fetch_one(COUNT_ACTIVE))
    }

    /// Active approvers and where to write to them.
    pub async fn approver_mailboxes(&self) -> Result<Vec<(PersonId, Mailbox)>, Error> {
        self.mailboxes_by_role(Role::Approver).await
    }

    /// Active administrators and where to write to them.
    pub async fn admin_mailboxes(&self) -> Result<Vec<(PersonId, Mailbox)>, Error> {
        self.mailboxes_by_role(Role::Admin).await
    }

    async fn mailboxes_by_role(&self, role: Role) -> Result<Vec<(PersonId, Mailbox)>, Error> {
        let rows: Vec<Addressee> = on_each!(self, fetch_all(BY_ROLE, role.as_str()))?;
        Ok(rows.into_iter().map(|row| (row.id, row.mailbox)).collect())
    }
}
