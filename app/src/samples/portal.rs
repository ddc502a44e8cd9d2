//! A portal that answers with sample data.

use api::{
    AccountView, AddPerson, AddedPerson, ApiTokens, AuditEntryView, AuditFilter, AuditVerification,
    AuthoritiesView, AuthorityHelp, CertificateFilter, CertificateList, CertificateView,
    ChangePassword, CreateAuthority, Decision, DecisionOutcome, Done, Error, ImportAuthority,
    MyCertificates, Overview, Page, Password, PeopleFilter, PersonRow, PersonView, Portal,
    QueueCard, QueueFilter, RequestCertificate, RequestFor, RequestForm, RequestView, SetUp,
    SetUpForm, SignIn, Site, TemplateFields, TemplateList, TemplatePreview, TemplateView,
};
use async_trait::async_trait;
use domain::{
    ApiTokenId, AuthorityId, CertificateId, ImportedId, PersonId, RequestId, SessionId, TemplateId,
};

use super::{authorities, certificate_values, request_values, templates, values};

/// What the portal answers where a sample differs from the usual.
#[derive(Clone)]
pub(super) struct SamplePortal {
    pub(super) site: Site,
    pub(super) mine: Result<MyCertificates, Error>,
    pub(super) certificate: CertificateView,
    pub(super) request_form: RequestForm,
    pub(super) request: RequestView,
    pub(super) set_up_form: SetUpForm,
    pub(super) queue: Page<QueueCard>,
    pub(super) certificates: Result<CertificateList, Error>,
    pub(super) authorities: AuthoritiesView,
    pub(super) templates: TemplateList,
    pub(super) tokens: ApiTokens,
}

impl Default for SamplePortal {
    fn default() -> Self {
        Self {
            site: values::site(),
            mine: Ok(certificate_values::my_certificates()),
            certificate: certificate_values::certificate(),
            request_form: request_values::request_form(),
            request: request_values::request(),
            set_up_form: SetUpForm { is_valid: true },
            queue: request_values::queue(),
            certificates: Ok(certificate_values::certificates(3)),
            authorities: authorities::view(),
            templates: templates::list(true),
            tokens: values::tokens(),
        }
    }
}

/// Answers that no sample page asks for.
fn not_sampled<T>() -> Result<T, Error> {
    Err(Error::not_found())
}

#[async_trait]
impl Portal for SamplePortal {
    async fn site(&self) -> Result<Site, Error> {
        Ok(self.site.clone())
    }
    async fn set_up_form(&self, _: String) -> Result<SetUpForm, Error> {
        Ok(self.set_up_form.clone())
    }
    async fn set_up(&self, _: SetUp) -> Result<Done, Error> {
        not_sampled()
    }
    async fn sign_in(&self, _: SignIn) -> Result<Done, Error> {
        not_sampled()
    }
    async fn sign_out(&self) -> Result<Done, Error> {
        not_sampled()
    }
    async fn account(&self) -> Result<AccountView, Error> {
        Ok(values::account())
    }
    async fn change_password(&self, _: ChangePassword) -> Result<Done, Error> {
        not_sampled()
    }
    async fn end_session(&self, _: SessionId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn end_other_sessions(&self) -> Result<Done, Error> {
        not_sampled()
    }
    async fn api_tokens(&self) -> Result<ApiTokens, Error> {
        Ok(self.tokens.clone())
    }
    async fn revoke_token(&self, _: ApiTokenId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn revoke_tokens(&self, _: PersonId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn my_certificates(&self) -> Result<MyCertificates, Error> {
        self.mine.clone()
    }
    async fn certificate(&self, _: CertificateId) -> Result<CertificateView, Error> {
        Ok(self.certificate.clone())
    }
    async fn certificates(&self, _: CertificateFilter) -> Result<CertificateList, Error> {
        self.certificates.clone()
    }
    async fn report_lost(&self, _: CertificateId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn revoke(&self, _: CertificateId, _: String, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn hold(&self, _: CertificateId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn reactivate(&self, _: CertificateId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn renew(&self, _: CertificateId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn remove_imported(&self, _: ImportedId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn deliver(&self, _: CertificateId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn delete_secrets(&self, _: CertificateId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn request_form(&self, _: RequestFor) -> Result<RequestForm, Error> {
        Ok(self.request_form.clone())
    }
    async fn request_certificate(&self, _: RequestCertificate) -> Result<Done, Error> {
        not_sampled()
    }
    async fn request(&self, _: RequestId) -> Result<RequestView, Error> {
        Ok(self.request.clone())
    }
    async fn withdraw(&self, _: RequestId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn retry(&self, _: RequestId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn cancel(&self, _: RequestId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn queue(&self, _: QueueFilter) -> Result<Page<QueueCard>, Error> {
        Ok(self.queue.clone())
    }
    async fn approve(&self, _: Decision) -> Result<Vec<DecisionOutcome>, Error> {
        not_sampled()
    }
    async fn reject(&self, _: Decision) -> Result<Vec<DecisionOutcome>, Error> {
        not_sampled()
    }
    async fn overview(&self) -> Result<Overview, Error> {
        Ok(values::overview())
    }
    async fn people(&self, _: PeopleFilter) -> Result<Page<PersonRow>, Error> {
        Ok(Page {
            rows: vec![values::person().row],
            next: None,
        })
    }
    async fn person(&self, _: PersonId) -> Result<PersonView, Error> {
        Ok(values::person())
    }
    async fn add_person(&self, _: AddPerson) -> Result<AddedPerson, Error> {
        not_sampled()
    }
    async fn disable_person(&self, _: PersonId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn enable_person(&self, _: PersonId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn set_role(&self, _: PersonId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn reset_password(&self, _: PersonId) -> Result<AddedPerson, Error> {
        not_sampled()
    }
    async fn audit(&self, _: AuditFilter) -> Result<Page<AuditEntryView>, Error> {
        Ok(values::audit())
    }
    async fn verify_audit(&self) -> Result<AuditVerification, Error> {
        Ok(AuditVerification {
            checked: 2,
            broken_at: None,
        })
    }
    async fn authorities(&self) -> Result<AuthoritiesView, Error> {
        Ok(self.authorities.clone())
    }
    async fn authority_help(&self) -> Result<AuthorityHelp, Error> {
        Ok(authorities::help())
    }
    async fn create_authority(&self, _: CreateAuthority) -> Result<Done, Error> {
        not_sampled()
    }
    async fn import_authority(&self, _: ImportAuthority) -> Result<Done, Error> {
        not_sampled()
    }
    async fn complete_authority(&self, _: AuthorityId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn discard_authority_request(&self, _: AuthorityId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn retire_authority(&self, _: AuthorityId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn activate_authority(&self, _: AuthorityId) -> Result<Done, Error> {
        not_sampled()
    }
    async fn remove_authority_key(
        &self,
        _: AuthorityId,
        _: String,
        _: Password,
    ) -> Result<Done, Error> {
        not_sampled()
    }
    async fn import_authority_list(&self, _: AuthorityId, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn record_mailbox(&self, _: PersonId, _: String) -> Result<Done, Error> {
        Err(Error::not_found())
    }
    async fn remove_mailbox(&self, _: PersonId, _: String) -> Result<Done, Error> {
        Err(Error::not_found())
    }
    async fn set_name_parts(&self, _: PersonId, _: String, _: String) -> Result<Done, Error> {
        not_sampled()
    }
    async fn templates(&self) -> Result<TemplateList, Error> {
        Ok(self.templates.clone())
    }
    async fn template(&self, id: Option<TemplateId>) -> Result<TemplateView, Error> {
        Ok(templates::view(id.is_some(), self.templates.may_manage))
    }
    async fn preview_template(&self, _: TemplateFields) -> Result<TemplatePreview, Error> {
        not_sampled()
    }
    async fn add_template(&self, _: TemplateFields) -> Result<Done, Error> {
        not_sampled()
    }
    async fn change_template(&self, _: TemplateId, _: TemplateFields) -> Result<Done, Error> {
        not_sampled()
    }
    async fn offer_template(&self, _: TemplateId, _: bool) -> Result<Done, Error> {
        not_sampled()
    }
}
