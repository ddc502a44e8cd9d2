//! One's own account: password and sessions.

use crate::error::FieldErrors;
use crate::{Actor, Error, Portal};
use api::{AccountView, ChangePassword, Done, SessionView};
use domain::{AuditAction, PersonId, Secret, SessionId};
use store::Record;

impl Portal {
    /// One's account.
    pub async fn account(&self, actor: &Actor) -> Result<AccountView, Error> {
        let id = actor.person()?;
        let person = self.store().person(id).await?.ok_or(Error::NotSignedIn)?;
        let mailboxes = self.store().mailboxes(id).await?;
        let sessions = self.store().sessions_of(id, self.now()).await?;
        let mut sessions: Vec<SessionView> = sessions
            .into_iter()
            .map(|session| SessionView {
                is_current: actor.session == Some(session.id),
                id: session.id,
                browser: session.user_agent,
                address: session.address,
                signed_in_at: session.signed_in_at,
                last_used_at: session.last_used_at,
            })
            .collect();
        sessions.sort_by_key(|session| !session.is_current);
        Ok(AccountView {
            name: person.name.into(),
            mailbox: person.mailbox.into(),
            mailboxes: mailboxes
                .into_iter()
                .map(|row| row.address.into())
                .collect(),
            password_changed_at: person.password_changed_at,
            sessions,
        })
    }

    /// Changes one's password and ends all other sessions.
    pub async fn change_password(
        &self,
        actor: &Actor,
        form: ChangePassword,
    ) -> Result<Done, Error> {
        let id = actor.person()?;
        let person = self.store().person(id).await?.ok_or(Error::NotSignedIn)?;
        let mut errors = FieldErrors::default();
        let organisation = self.organisation().await?;
        let inputs = [
            person.name.as_str(),
            person.mailbox.as_str(),
            organisation.as_str(),
        ];
        errors.take(
            "password",
            safe::check_new_password(form.password.expose(), &inputs),
        );
        if form.password.expose() != form.password_again.expose() {
            errors.add(
                "password_again",
                "This is not the same as the new password.",
            );
        }
        errors.check()?;
        // The old password is asked for again, however fresh the session is; wrong tries count.
        let unconfirmed = Actor {
            confirmed_at: None,
            ..actor.clone()
        };
        self.confirm(&unconfirmed, form.current.into_secret())
            .await
            .map_err(|error| match error {
                Error::Invalid(_) => Error::field("current", "This is not your current password."),
                other => other,
            })?;

        let hash = self.hash(form.password.into_secret()).await?;
        let now = self.now();
        let audit = actor.audit(AuditAction::SetPassword, now, id.0, actor.label());
        let mail = self
            .password_changed_mail(&person, now, &actor.client)
            .await?;
        let record = Record::default().audit(audit).mail(mail);
        self.store()
            .set_password(id, &hash, now, actor.session, record)
            .await?;
        self.mail_signal().notify_one();
        Ok(Done::here(
            "Your password is changed. You are signed out everywhere else.",
        ))
    }

    /// Ends one of one's sessions.
    pub async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<Done, Error> {
        let id = actor.person()?;
        if self
            .store()
            .end_session(id, session, self.end_session_record(actor, id))
            .await?
        {
            Ok(Done::here("That session is ended."))
        } else {
            Err(Error::NotFound)
        }
    }

    /// Ends all of one's sessions but this one.
    pub async fn end_other_sessions(&self, actor: &Actor) -> Result<Done, Error> {
        let id = actor.person()?;
        let ended = self
            .store()
            .end_sessions_except(id, actor.session, self.end_session_record(actor, id))
            .await?;
        Ok(Done::here(match ended {
            0 => "There was no other session.".to_owned(),
            1 => "One other session is ended.".to_owned(),
            count => format!("{count} other sessions are ended."),
        }))
    }

    pub(crate) fn end_session_record(&self, actor: &Actor, id: PersonId) -> Record {
        Record::default().audit(actor.audit(
            AuditAction::EndSession,
            self.now(),
            id.0,
            actor.label(),
        ))
    }

    pub(crate) async fn hash(&self, password: Secret<String>) -> Result<String, Error> {
        let mut salt = [0; 16];
        self.random().with(|rng| rng.fill_bytes(&mut salt));
        Ok(self.hasher().hash(password, salt).await?)
    }

    pub(crate) async fn organisation(&self) -> Result<String, Error> {
        Ok(self
            .settings()
            .await?
            .map(|settings| settings.organisation.as_str().to_owned())
            .unwrap_or_default())
    }
}
