//! First start of a real portal: organisation, mail domains, first administrator, authorities.

use crate::actor::person_label;
use crate::error::{FieldErrors, checked};
use crate::{Actor, Client, Error, Portal};
use api::{SetUp, SetUpForm};
use domain::{AuditAction, MailDomain, Mailbox, Name, PersonId, Role, Secret};
use store::{NewPerson, Record, SetUpRows, Settings};

/// What set-up writes, checked.
pub(crate) struct Organisation {
    pub(crate) name: Name,
    pub(crate) country: String,
    pub(crate) mail_domains: Vec<MailDomain>,
    /// Whether the authority for mail is confined to the mail domains.
    pub(crate) is_confined: bool,
}

impl Portal {
    /// Makes a new one-time token for the set-up link; an older one stops working. Nothing once
    /// the portal is set up.
    pub async fn set_up_link_token(&self) -> Result<Option<Secret<String>>, Error> {
        if self.settings().await?.is_some() {
            return Ok(None);
        }
        let token = self.random().with(|rng| safe::random_token(rng));
        self.store()
            .put_set_up_token(&safe::hash_token(&token))
            .await?;
        Ok(Some(Secret::new(token)))
    }

    /// Whether a set-up link is still good.
    pub async fn set_up_form(&self, token: Secret<String>) -> Result<SetUpForm, Error> {
        Ok(SetUpForm {
            is_valid: self.is_set_up_token(token.expose()).await?,
        })
    }

    /// Sets the portal up. The caller signs the new administrator in.
    pub async fn set_up(&self, form: SetUp, client: &Client) -> Result<PersonId, Error> {
        if !self.is_set_up_token(&form.token).await? {
            return Err(Error::Conflict(
                "This set-up link is no longer good. Run `certportal setup` on the server for a new one.".to_owned(),
            ));
        }
        let mut errors = FieldErrors::default();
        let name = errors.take("organisation", Name::parse(&form.organisation));
        let country = form.country.trim().to_ascii_uppercase();
        if country.len() != 2 || !country.chars().all(|letter| letter.is_ascii_uppercase()) {
            errors.add(
                "country",
                "Please give the two letters of the country, such as DE or GB.",
            );
        }
        let mail_domains = domains("mail_domains", &form.mail_domains, &mut errors);
        let admin_name = errors.take("name", Name::parse(&form.name));
        let mailbox = errors.take("mailbox", Mailbox::parse(&form.mailbox));
        if let Some(mailbox) = &mailbox
            && !mail_domains.is_empty()
            && !mail_domains.contains(&mailbox.domain())
        {
            errors.add(
                "mailbox",
                "This address is not in one of the mail domains above.",
            );
        }
        let inputs = [
            form.organisation.as_str(),
            form.name.as_str(),
            form.mailbox.as_str(),
        ];
        errors.take(
            "password",
            safe::check_new_password(form.password.expose(), &inputs),
        );
        if form.password.expose() != form.password_again.expose() {
            errors.add("password_again", "This is not the same as the password.");
        }
        errors.check()?;

        let organisation = Organisation {
            name: checked(name)?,
            country,
            mail_domains,
            is_confined: form.confine == "yes",
        };
        let admin = self
            .new_person(
                checked(admin_name)?,
                checked(mailbox)?,
                Role::Admin,
                form.password.into_secret(),
            )
            .await?;
        let id = admin.id;
        self.write_set_up(organisation, admin, client).await?;
        Ok(id)
    }

    async fn is_set_up_token(&self, token: &str) -> Result<bool, Error> {
        let stored = self.store().set_up_token().await?;
        Ok(stored.is_some_and(|hash| safe::is_same(&hash, &safe::hash_token(token))))
    }

    pub(crate) async fn new_person(
        &self,
        name: Name,
        mailbox: Mailbox,
        role: Role,
        password: Secret<String>,
    ) -> Result<NewPerson, Error> {
        Ok(NewPerson {
            id: self.new_id(|now, rng| PersonId::generate(now, rng)),
            name,
            mailbox,
            role,
            password_hash: self.hash(password).await?,
            created_at: self.now(),
        })
    }

    /// Makes the authorities and writes everything in one transaction.
    pub(crate) async fn write_set_up(
        &self,
        organisation: Organisation,
        admin: NewPerson,
        client: &Client,
    ) -> Result<(), Error> {
        let now = self.now();
        let authorities = self.make_authorities(&organisation).await?;
        let ring = self.key_ring()?;
        let key_check = self.random().with(|rng| ring.key_check(rng))?;
        let actor = Actor {
            id: Some(admin.id),
            name: admin.name.to_string(),
            mailbox: Some(admin.mailbox.clone()),
            client: client.clone(),
            ..Actor::system()
        };
        let mut record = Record::default()
            .audit(actor.audit(
                AuditAction::SetUp,
                now,
                admin.id.0,
                organisation.name.as_str(),
            ))
            .audit(actor.audit(
                AuditAction::AddPerson,
                now,
                admin.id.0,
                person_label(&admin.name, &admin.mailbox),
            ));
        for authority in &authorities {
            record = record.audit(actor.audit(
                AuditAction::CreateAuthority,
                now,
                authority.id.0,
                authority.name.clone(),
            ));
        }
        let settings = Settings {
            organisation: organisation.name,
            country: organisation.country,
            mail_domains: organisation.mail_domains,
            set_up_at: now,
            key_check,
        };
        let rows = SetUpRows {
            settings,
            admin,
            authorities,
            templates: self.default_templates()?,
        };
        self.store().set_up(rows, record).await?;
        Ok(())
    }
}

pub(crate) fn domains(field: &str, typed: &str, errors: &mut FieldErrors) -> Vec<MailDomain> {
    let words = typed
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|word| !word.is_empty());
    let mut domains = Vec::new();
    for word in words {
        match MailDomain::parse(word) {
            Ok(domain) if domains.contains(&domain) => {}
            Ok(domain) => domains.push(domain),
            Err(_) => {
                errors.add(
                    field,
                    format!("{word:?} is not a domain name such as example.com."),
                );
                return Vec::new();
            }
        }
    }
    if domains.is_empty() {
        errors.add(
            field,
            "Please enter at least one mail domain, such as example.com.",
        );
    }
    domains
}
