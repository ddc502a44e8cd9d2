//! The portal as one visitor has it: [`api::Portal`] with who they are filled in. Each method is
//! one call of a use case; only signing in and out also touches the session.

use api::{
    AccountView, AddPerson, AddedPerson, ApiTokens, AuditEntryView, AuditFilter, AuditVerification,
    AuthoritiesView, AuthorityHelp, CertificateFilter, CertificateList, CertificateView,
    ChangePassword, CreateAuthority, Decision, DecisionOutcome, Done, Error, ImportAuthority,
    MyCertificates, Overview, Page, Password, PeopleFilter, PersonRow, PersonView, QueueCard,
    QueueFilter, RequestCertificate, RequestFor, RequestForm, RequestView, SetUp, SetUpForm,
    SignIn, Site, TemplateFields, TemplateList, TemplatePreview, TemplateView,
};
use async_trait::async_trait;
use domain::{
    ApiTokenId, AuthorityId, CertificateId, ImportedId, PersonId, RequestId, Secret, SessionId,
    TemplateId,
};
use portal::{Actor, Portal};

use super::guest::Guest;
use super::local_path;

/// The portal as one visitor has it.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    guest: Guest,
}

impl Visit {
    pub(super) fn new(guest: Guest) -> Self {
        Self { guest }
    }

    fn portal(&self) -> &Portal {
        self.guest.web().portal()
    }

    /// Who is acting, for use cases that are no part of [`api::Portal`].
    pub(super) async fn actor(&self) -> Result<Actor, Error> {
        let actor = self.portal().actor(&self.guest.visitor()).await;
        self.told(actor)
    }

    /// Puts an error into words for people.
    pub(super) fn told<T>(&self, result: Result<T, portal::Error>) -> Result<T, Error> {
        result.map_err(|error| self.portal().explain(error))
    }

    /// Runs a use case where all of them run, whichever thread asks; see [`super::renderer`].
    async fn call<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, portal::Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let done = self.guest.web().runtime().spawn(work).await;
        self.told(done.unwrap_or_else(|fault| Err(portal::Error::internal(fault))))
    }

    fn kept<E: std::error::Error + Send + Sync + 'static>(
        &self,
        result: Result<(), E>,
    ) -> Result<(), Error> {
        self.told(result.map_err(portal::Error::internal))
    }
}

/// One call of a use case as whoever is signed in.
macro_rules! as_actor {
    ($self:ident . $verb:ident ( $($argument:expr),* )) => {{
        let (portal, visitor) = ($self.portal().clone(), $self.guest.visitor());
        $self.call(async move {
            let actor = portal.actor(&visitor).await?;
            portal.$verb(&actor $(, $argument)*).await
        }).await
    }};
}

#[async_trait]
impl api::Portal for Visit {
    async fn site(&self) -> Result<Site, Error> {
        let flash = self.guest.flash().cloned();
        let csrf = self.guest.csrf_token();
        let (portal, visitor) = (self.portal().clone(), self.guest.visitor());
        self.call(async move { portal.site(&visitor, csrf, flash).await })
            .await
    }

    async fn set_up_form(&self, token: String) -> Result<SetUpForm, Error> {
        let portal = self.portal().clone();
        self.call(async move { portal.set_up_form(Secret::new(token)).await })
            .await
    }

    async fn set_up(&self, form: SetUp) -> Result<Done, Error> {
        let person = self.told(self.portal().set_up(form, self.guest.client()).await)?;
        let now = self.portal().now();
        self.kept(self.guest.begin_session(person, now).await)?;
        Ok(Done::then(
            "The portal is set up, and you are its administrator.",
            api::url::HOME,
        ))
    }

    async fn sign_in(&self, form: SignIn) -> Result<Done, Error> {
        let next = local_path::or_home(form.next.as_deref()).to_owned();
        let signed_in = self.told(self.portal().sign_in(form, self.guest.client()).await)?;
        self.kept(
            self.guest
                .begin_session(signed_in.person, signed_in.at)
                .await,
        )?;
        Ok(Done::then("You are signed in.", next))
    }

    async fn sign_out(&self) -> Result<Done, Error> {
        let done = as_actor!(self.sign_out())?;
        self.guest.forget_session();
        Ok(done)
    }

    async fn account(&self) -> Result<AccountView, Error> {
        as_actor!(self.account())
    }

    async fn change_password(&self, form: ChangePassword) -> Result<Done, Error> {
        let done = as_actor!(self.change_password(form))?;
        self.kept(self.guest.renew_session().await)?;
        Ok(done)
    }

    async fn end_session(&self, id: SessionId) -> Result<Done, Error> {
        as_actor!(self.end_session(id))
    }

    async fn end_other_sessions(&self) -> Result<Done, Error> {
        as_actor!(self.end_other_sessions())
    }

    async fn api_tokens(&self) -> Result<ApiTokens, Error> {
        as_actor!(self.api_tokens())
    }

    async fn revoke_token(&self, id: ApiTokenId) -> Result<Done, Error> {
        as_actor!(self.revoke_token(id))
    }

    async fn revoke_tokens(&self, id: PersonId) -> Result<Done, Error> {
        as_actor!(self.revoke_tokens_of(id))
    }

    async fn my_certificates(&self) -> Result<MyCertificates, Error> {
        as_actor!(self.my_certificates())
    }

    async fn certificate(&self, id: CertificateId) -> Result<CertificateView, Error> {
        as_actor!(self.certificate(id))
    }

    async fn certificates(&self, filter: CertificateFilter) -> Result<CertificateList, Error> {
        as_actor!(self.certificates(filter))
    }

    async fn report_lost(&self, id: CertificateId, reason: String) -> Result<Done, Error> {
        as_actor!(self.report_lost(id, reason))
    }

    async fn revoke(
        &self,
        id: CertificateId,
        reason: String,
        comment: String,
    ) -> Result<Done, Error> {
        as_actor!(self.revoke(id, reason, comment))
    }

    async fn hold(&self, id: CertificateId, comment: String) -> Result<Done, Error> {
        as_actor!(self.hold(id, comment))
    }

    async fn reactivate(&self, id: CertificateId) -> Result<Done, Error> {
        as_actor!(self.reactivate(id))
    }

    async fn renew(&self, id: CertificateId) -> Result<Done, Error> {
        as_actor!(self.renew(id))
    }

    async fn remove_imported(&self, id: ImportedId) -> Result<Done, Error> {
        as_actor!(self.remove_imported(id))
    }

    async fn deliver(&self, id: CertificateId, what: String) -> Result<Done, Error> {
        as_actor!(self.deliver(id, what))
    }

    async fn delete_secrets(&self, id: CertificateId) -> Result<Done, Error> {
        as_actor!(self.delete_secrets(id))
    }

    async fn request_form(&self, asked: RequestFor) -> Result<RequestForm, Error> {
        as_actor!(self.request_form(asked))
    }

    async fn request_certificate(&self, form: RequestCertificate) -> Result<Done, Error> {
        as_actor!(self.request_certificate(form))
    }

    async fn request(&self, id: RequestId) -> Result<RequestView, Error> {
        as_actor!(self.request(id))
    }

    async fn withdraw(&self, id: RequestId) -> Result<Done, Error> {
        as_actor!(self.withdraw(id))
    }

    async fn retry(&self, id: RequestId) -> Result<Done, Error> {
        as_actor!(self.retry(id))
    }

    async fn cancel(&self, id: RequestId, reason: String) -> Result<Done, Error> {
        as_actor!(self.cancel(id, reason))
    }

    async fn queue(&self, filter: QueueFilter) -> Result<Page<QueueCard>, Error> {
        as_actor!(self.queue(filter))
    }

    async fn approve(&self, decision: Decision) -> Result<Vec<DecisionOutcome>, Error> {
        as_actor!(self.approve(decision))
    }

    async fn reject(&self, decision: Decision) -> Result<Vec<DecisionOutcome>, Error> {
        as_actor!(self.reject(decision))
    }

    async fn overview(&self) -> Result<Overview, Error> {
        as_actor!(self.overview())
    }

    async fn people(&self, filter: PeopleFilter) -> Result<Page<PersonRow>, Error> {
        as_actor!(self.people(filter))
    }

    async fn person(&self, id: PersonId) -> Result<PersonView, Error> {
        as_actor!(self.person(id))
    }

    async fn add_person(&self, form: AddPerson) -> Result<AddedPerson, Error> {
        as_actor!(self.add_person(form))
    }

    async fn disable_person(&self, id: PersonId) -> Result<Done, Error> {
        as_actor!(self.disable_person(id))
    }

    async fn enable_person(&self, id: PersonId) -> Result<Done, Error> {
        as_actor!(self.enable_person(id))
    }

    async fn set_role(&self, id: PersonId, role: String) -> Result<Done, Error> {
        as_actor!(self.set_role(id, role))
    }

    async fn reset_password(&self, id: PersonId) -> Result<AddedPerson, Error> {
        as_actor!(self.reset_password(id))
    }

    async fn audit(&self, filter: AuditFilter) -> Result<Page<AuditEntryView>, Error> {
        as_actor!(self.audit(filter))
    }

    async fn verify_audit(&self) -> Result<AuditVerification, Error> {
        as_actor!(self.verify_audit())
    }

    async fn authorities(&self) -> Result<AuthoritiesView, Error> {
        as_actor!(self.authorities_view())
    }

    async fn authority_help(&self) -> Result<AuthorityHelp, Error> {
        let portal = self.portal().clone();
        self.call(async move { portal.authority_help().await })
            .await
    }

    async fn create_authority(&self, form: CreateAuthority) -> Result<Done, Error> {
        as_actor!(self.create_authority(form))
    }

    async fn import_authority(&self, form: ImportAuthority) -> Result<Done, Error> {
        as_actor!(self.import_authority(form))
    }

    async fn complete_authority(
        &self,
        id: AuthorityId,
        certificates: String,
    ) -> Result<Done, Error> {
        as_actor!(self.complete_authority(id, certificates))
    }

    async fn discard_authority_request(&self, id: AuthorityId) -> Result<Done, Error> {
        as_actor!(self.discard_authority_request(id))
    }

    async fn retire_authority(&self, id: AuthorityId) -> Result<Done, Error> {
        as_actor!(self.retire_authority(id))
    }

    async fn activate_authority(&self, id: AuthorityId) -> Result<Done, Error> {
        as_actor!(self.activate_authority(id))
    }

    async fn remove_authority_key(
        &self,
        id: AuthorityId,
        name: String,
        password: Password,
    ) -> Result<Done, Error> {
        as_actor!(self.remove_authority_key(id, name, password))
    }

    async fn import_authority_list(&self, id: AuthorityId, list: String) -> Result<Done, Error> {
        as_actor!(self.import_authority_list(id, list))
    }
    async fn set_name_parts(
        &self,
        id: PersonId,
        given_name: String,
        surname: String,
    ) -> Result<Done, Error> {
        as_actor!(self.set_name_parts(id, given_name, surname))
    }

    async fn record_mailbox(&self, id: PersonId, mailbox: String) -> Result<Done, Error> {
        as_actor!(self.record_mailbox(id, mailbox))
    }

    async fn remove_mailbox(&self, id: PersonId, mailbox: String) -> Result<Done, Error> {
        as_actor!(self.remove_mailbox(id, mailbox))
    }

    async fn templates(&self) -> Result<TemplateList, Error> {
        as_actor!(self.templates())
    }

    async fn template(&self, id: Option<TemplateId>) -> Result<TemplateView, Error> {
        as_actor!(self.template(id))
    }

    async fn preview_template(&self, fields: TemplateFields) -> Result<TemplatePreview, Error> {
        as_actor!(self.preview_template(fields))
    }

    async fn add_template(&self, fields: TemplateFields) -> Result<Done, Error> {
        as_actor!(self.add_template(fields))
    }

    async fn change_template(&self, id: TemplateId, fields: TemplateFields) -> Result<Done, Error> {
        as_actor!(self.change_template(id, fields))
    }

    async fn offer_template(&self, id: TemplateId, is_offered: bool) -> Result<Done, Error> {
        as_actor!(self.offer_template(id, is_offered))
    }
}
