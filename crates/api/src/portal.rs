//! What the portal can do for one visitor.

use async_trait::async_trait;
use domain::{
    ApiTokenId, AuthorityId, CertificateId, ImportedId, PersonId, RequestId, SessionId, TemplateId,
};

use crate::{
    AccountView, AddPerson, AddedPerson, ApiTokens, AuditEntryView, AuditFilter, AuditVerification,
    AuthoritiesView, AuthorityHelp, CertificateFilter, CertificateList, CertificateView,
    ChangePassword, CreateAuthority, Decision, DecisionOutcome, Done, Error, ImportAuthority,
    MyCertificates, Overview, Page, Password, PeopleFilter, PersonRow, PersonView, QueueCard,
    QueueFilter, RequestCertificate, RequestFor, RequestForm, RequestView, SetUp, SetUpForm,
    SignIn, Site, TemplateFields, TemplateList, TemplatePreview, TemplateView,
};

/// The portal, for one visitor. Each method checks that this visitor may call it.
///
/// Showing a password, downloading a PFX and making an API token are not here: they answer with a page or a file of
/// their own and are plain routes of the server.
#[async_trait]
pub trait Portal: Send + Sync {
    /// The organisation and who is looking. Open to everybody.
    async fn site(&self) -> Result<Site, Error>;

    /// Whether a set-up link is still good. Open to everybody.
    async fn set_up_form(&self, token: String) -> Result<SetUpForm, Error>;
    /// Sets the portal up and signs its first administrator in.
    async fn set_up(&self, form: SetUp) -> Result<Done, Error>;

    /// Signs in. The same answer for an unknown address and a wrong password.
    async fn sign_in(&self, form: SignIn) -> Result<Done, Error>;
    /// Signs out.
    async fn sign_out(&self) -> Result<Done, Error>;
    /// One's account.
    async fn account(&self) -> Result<AccountView, Error>;
    /// Changes one's password and ends all other sessions.
    async fn change_password(&self, form: ChangePassword) -> Result<Done, Error>;
    /// Ends one of one's sessions.
    async fn end_session(&self, id: SessionId) -> Result<Done, Error>;
    /// Ends all of one's sessions but this one.
    async fn end_other_sessions(&self) -> Result<Done, Error>;
    /// One's API tokens.
    async fn api_tokens(&self) -> Result<ApiTokens, Error>;
    /// Revokes one of one's API tokens.
    async fn revoke_token(&self, id: ApiTokenId) -> Result<Done, Error>;

    /// One's certificates and open requests.
    async fn my_certificates(&self) -> Result<MyCertificates, Error>;
    /// A certificate: one's own, or any for admins and auditors (never its secrets).
    async fn certificate(&self, id: CertificateId) -> Result<CertificateView, Error>;
    /// All certificates, newest first, for admins and auditors.
    async fn certificates(&self, filter: CertificateFilter) -> Result<CertificateList, Error>;

    /// Reports one's own certificate lost, which revokes it: the reason is `keyCompromise` or
    /// `superseded`.
    async fn report_lost(&self, id: CertificateId, reason: String) -> Result<Done, Error>;
    /// Revokes a certificate for good.
    async fn revoke(
        &self,
        id: CertificateId,
        reason: String,
        comment: String,
    ) -> Result<Done, Error>;
    /// Puts a certificate on hold.
    async fn hold(&self, id: CertificateId, comment: String) -> Result<Done, Error>;
    /// Takes a certificate off hold.
    async fn reactivate(&self, id: CertificateId) -> Result<Done, Error>;
    /// Renews one's own certificate; goes on to the request's page.
    async fn renew(&self, id: CertificateId) -> Result<Done, Error>;
    /// Deletes a certificate that one brought along, with its key.
    async fn remove_imported(&self, id: ImportedId) -> Result<Done, Error>;

    /// Sends a certificate to its owner by mail once more: `certificate` or `pfx`.
    async fn deliver(&self, id: CertificateId, what: String) -> Result<Done, Error>;
    /// Deletes key, password and PFX of a certificate that ended long ago.
    async fn delete_secrets(&self, id: CertificateId) -> Result<Done, Error>;

    /// What one may request.
    async fn request_form(&self, asked: RequestFor) -> Result<RequestForm, Error>;
    /// Requests a certificate; goes on to the request's page.
    async fn request_certificate(&self, form: RequestCertificate) -> Result<Done, Error>;
    /// A request: one's own, or any for approvers, admins and auditors.
    async fn request(&self, id: RequestId) -> Result<RequestView, Error>;
    /// Takes one's own waiting request back.
    async fn withdraw(&self, id: RequestId) -> Result<Done, Error>;
    /// Has a failed request tried again.
    async fn retry(&self, id: RequestId) -> Result<Done, Error>;
    /// Ends a failed request, with a reason.
    async fn cancel(&self, id: RequestId, reason: String) -> Result<Done, Error>;

    /// The queue, oldest first.
    async fn queue(&self, filter: QueueFilter) -> Result<Page<QueueCard>, Error>;
    /// Approves requests. Each is decided for itself; the outcomes say which could not be.
    async fn approve(&self, decision: Decision) -> Result<Vec<DecisionOutcome>, Error>;
    /// Rejects requests, with a reason.
    async fn reject(&self, decision: Decision) -> Result<Vec<DecisionOutcome>, Error>;

    /// How the portal is doing.
    async fn overview(&self) -> Result<Overview, Error>;

    /// People, by name.
    async fn people(&self, filter: PeopleFilter) -> Result<Page<PersonRow>, Error>;
    /// A person.
    async fn person(&self, id: PersonId) -> Result<PersonView, Error>;
    /// Adds a person; the answer holds their start password, once.
    async fn add_person(&self, form: AddPerson) -> Result<AddedPerson, Error>;
    /// Disables a person, ends their sessions and revokes their API tokens.
    async fn disable_person(&self, id: PersonId) -> Result<Done, Error>;
    /// Lets a disabled person in again.
    async fn enable_person(&self, id: PersonId) -> Result<Done, Error>;
    /// Changes a person's role.
    async fn set_role(&self, id: PersonId, role: String) -> Result<Done, Error>;
    /// Revokes all API tokens of a person.
    async fn revoke_tokens(&self, id: PersonId) -> Result<Done, Error>;
    /// Gives a person a new start password, ends their sessions and revokes their API tokens.
    async fn reset_password(&self, id: PersonId) -> Result<AddedPerson, Error>;

    /// The audit log, newest first.
    async fn audit(&self, filter: AuditFilter) -> Result<Page<AuditEntryView>, Error>;
    /// Checks the whole chain.
    async fn verify_audit(&self) -> Result<AuditVerification, Error>;

    /// The authorities and how they are doing.
    async fn authorities(&self) -> Result<AuthoritiesView, Error>;
    /// How to make devices trust the organisation's root. Open to everybody.
    async fn authority_help(&self) -> Result<AuthorityHelp, Error>;
    /// Makes an issuing authority, or a request to a root that is kept elsewhere.
    async fn create_authority(&self, form: CreateAuthority) -> Result<Done, Error>;
    /// Takes an authority over with its key.
    async fn import_authority(&self, form: ImportAuthority) -> Result<Done, Error>;
    /// Takes the certificate that an offline root has signed.
    async fn complete_authority(
        &self,
        id: AuthorityId,
        certificates: String,
    ) -> Result<Done, Error>;
    /// Gives a request to an offline root up, with its key.
    async fn discard_authority_request(&self, id: AuthorityId) -> Result<Done, Error>;
    /// Has an authority sign no certificates any more.
    async fn retire_authority(&self, id: AuthorityId) -> Result<Done, Error>;
    /// Has a retired authority sign certificates again.
    async fn activate_authority(&self, id: AuthorityId) -> Result<Done, Error>;
    /// Deletes the key of a root, which was downloaded before.
    async fn remove_authority_key(
        &self,
        id: AuthorityId,
        name: String,
        password: Password,
    ) -> Result<Done, Error>;
    /// Takes the revocation list of a root whose key is kept elsewhere.
    async fn import_authority_list(&self, id: AuthorityId, list: String) -> Result<Done, Error>;
    /// Records that a mail address is a person's.
    async fn record_mailbox(&self, id: PersonId, mailbox: String) -> Result<Done, Error>;
    /// Takes a mail address from a person.
    async fn remove_mailbox(&self, id: PersonId, mailbox: String) -> Result<Done, Error>;
    /// Records a person's given name and surname, or that they are not known.
    async fn set_name_parts(
        &self,
        id: PersonId,
        given_name: String,
        surname: String,
    ) -> Result<Done, Error>;

    /// The templates, for admins and auditors.
    async fn templates(&self) -> Result<TemplateList, Error>;
    /// A template with its versions; without an identifier, the form for a new one.
    async fn template(&self, id: Option<TemplateId>) -> Result<TemplateView, Error>;
    /// What certificates of an edited template would say. Nothing is changed or signed.
    async fn preview_template(&self, fields: TemplateFields) -> Result<TemplatePreview, Error>;
    /// Adds a template.
    async fn add_template(&self, fields: TemplateFields) -> Result<Done, Error>;
    /// Gives a template a new version.
    async fn change_template(&self, id: TemplateId, fields: TemplateFields) -> Result<Done, Error>;
    /// Offers a template, or no longer.
    async fn offer_template(&self, id: TemplateId, is_offered: bool) -> Result<Done, Error>;
}
