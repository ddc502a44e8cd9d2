//! Making an API token for oneself. It is shown once; the portal keeps its hash.

use crate::confirm::Confirmed;
use crate::error::{FieldErrors, checked};
use crate::{Actor, Error, Portal};
use api::{MadeToken, MakeToken};
use domain::{
    ApiTokenId, AuditAction, LONGEST_TOKEN_DAYS, MOST_TOKENS, Name, Permission, Secret, TokenScope,
};
use mail::TokenMade;
use store::{NewApiToken, NewMail, Record};
use time::Duration;

/// What every token begins with, so that people and scanners of leaked secrets know what it is.
pub(crate) const PREFIX: &str = "cpt_";

impl Portal {
    /// Makes a token. The answer holds it; it is kept nowhere in clear.
    pub async fn make_token(
        &self,
        actor: &Actor,
        form: MakeToken,
    ) -> Result<Confirmed<MadeToken>, Error> {
        actor.require(Permission::UseOwn)?;
        actor.require_no_token()?;
        let person = actor.person()?;
        let mut errors = FieldErrors::default();
        let name = errors.take("name", Name::parse(&form.name));
        let scope = form.scope.parse::<TokenScope>().ok();
        if scope.is_none() {
            errors.add("scope", "Please choose what the program may do.");
        }
        let days = form.days.trim().parse::<u16>().ok();
        let days = days.filter(|days| (1..=LONGEST_TOKEN_DAYS).contains(days));
        if days.is_none() {
            let message = format!("Between 1 and {LONGEST_TOKEN_DAYS} days, please.");
            errors.add("days", message);
        }
        errors.check()?;
        let (name, scope, days) = (checked(name)?, checked(scope)?, checked(days)?);
        let confirmed_at = self.confirm(actor, form.password.into_secret()).await?;

        let token = self.new_token();
        let now = self.now();
        let new = NewApiToken {
            id: self.new_id(|now, rng| ApiTokenId::generate(now, rng)),
            person,
            name: name.clone(),
            scope,
            sha256: safe::hash_token(token.expose()),
            created_at: now,
            expires_at: now + Duration::days(days.into()),
        };
        let expires_at = new.expires_at;
        let mut audit = actor.audit(AuditAction::MakeToken, now, person.0, actor.label());
        audit.details = vec![
            ("token".to_owned(), format!("{name} ({})", new.id)),
            ("scope".to_owned(), scope.to_string()),
            ("days".to_owned(), days.to_string()),
        ];
        let mail = self.token_made_mail(actor, &new).await?;
        let record = Record::default().audit(audit).mail(mail);
        let is_made = self
            .store()
            .make_api_token(new, MOST_TOKENS.into(), record)
            .await?;
        if !is_made {
            return Err(Error::Conflict(format!(
                "You have {MOST_TOKENS} tokens already. Revoke one that you no longer use."
            )));
        }
        self.mail_signal().notify_one();
        let value = MadeToken {
            name: name.into(),
            token: api::Password::new(token.expose().as_str()),
            expires_at,
        };
        Ok(Confirmed {
            value,
            confirmed_at,
        })
    }

    /// To its owner: a token in the wrong hands is good for long.
    async fn token_made_mail(&self, actor: &Actor, new: &NewApiToken) -> Result<NewMail, Error> {
        let to = actor.mailbox.as_ref().ok_or(Error::Forbidden)?;
        let message = TokenMade {
            name: new.name.to_string(),
            may: new.scope.label().to_owned(),
            at: new.created_at,
            expires_at: new.expires_at,
            from_address: actor.client.address.clone(),
            link: api::url::TOKENS.to_owned(),
        };
        self.mail(to, &new.id.to_string(), message).await
    }

    /// 256 random bits behind the prefix.
    fn new_token(&self) -> Secret<String> {
        let random = Secret::new(self.random().with(safe::random_token));
        Secret::new(format!("{PREFIX}{}", random.expose()))
    }
}
