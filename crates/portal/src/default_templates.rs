//! The templates that a new portal has.

use crate::{Error, Portal};
use domain::{
    AddressSource, ApprovalRule, CommonNameSource, Delivery, KeyAlgorithm, Name, PfxChoice,
    PolicyChoice, Renewal, Role, Template, TemplateContent, TemplateId, TemplateKind,
};

/// Name, sentence, kind, who decides, and whether it is offered from the start: what few need is
/// there, and an administrator offers it.
const DEFAULTS: [(&str, &str, TemplateKind, ApprovalRule, bool); 9] = [
    (
        "Secure mail",
        "Sign and encrypt mail from your own address. An approver looks at your request first.",
        TemplateKind::Mailbox,
        ApprovalRule::ONE,
        true,
    ),
    (
        "Secure mail, at once",
        "Sign and encrypt mail from your own address. Made as soon as you ask.",
        TemplateKind::Mailbox,
        ApprovalRule::NONE,
        true,
    ),
    (
        "Secure mail with two keys",
        "One certificate signs, the other one decrypts, so that a signature is always yours alone.",
        TemplateKind::Pair,
        ApprovalRule::ONE,
        true,
    ),
    // Needs the organisation's registration first.
    (
        "Mail in your name",
        "Sign and encrypt mail with a certificate that names you and the organisation.",
        TemplateKind::Sponsor,
        ApprovalRule::ONE,
        false,
    ),
    (
        "Signing mail",
        "Sign mail, without anybody being able to encrypt to you with it.",
        TemplateKind::Sign,
        ApprovalRule::ONE,
        false,
    ),
    (
        "Encrypting mail",
        "Receive encrypted mail, for mailboxes that sign nothing.",
        TemplateKind::Encrypt,
        ApprovalRule::ONE,
        false,
    ),
    (
        "Sign in to servers",
        "Show servers and websites of our own who you are, without a password.",
        TemplateKind::TlsClient,
        ApprovalRule::ONE,
        true,
    ),
    (
        "Server",
        "For a website or service under its host names.",
        TemplateKind::TlsServer,
        ApprovalRule::NONE,
        true,
    ),
    (
        "Device",
        "For a machine that opens and accepts connections under its host names.",
        TemplateKind::Device,
        ApprovalRule::NONE,
        true,
    ),
];

impl Portal {
    pub(crate) fn default_templates(&self) -> Result<Vec<Template>, Error> {
        DEFAULTS
            .into_iter()
            .map(|(name, summary, kind, approval, is_offered)| {
                Ok(Template {
                    id: self.new_id(|now, rng| TemplateId::generate(now, rng)),
                    version: 1,
                    name: Name::parse(name).map_err(Error::internal)?,
                    is_offered,
                    content: self.default_content(kind, summary, approval),
                })
            })
            .collect()
    }

    /// What a template of a kind says unless somebody decides otherwise.
    pub(crate) fn default_content(
        &self,
        kind: TemplateKind,
        summary: &str,
        approval: ApprovalRule,
    ) -> TemplateContent {
        TemplateContent {
            kind,
            summary: summary.to_owned(),
            key_algorithms: vec![
                KeyAlgorithm::Rsa3072,
                KeyAlgorithm::Rsa2048,
                KeyAlgorithm::Rsa4096,
                KeyAlgorithm::P256,
                KeyAlgorithm::P384,
            ],
            valid_days: 365,
            with_client_auth: false,
            policy: PolicyChoice::Portal,
            common_name: CommonNameSource::Usual,
            addresses: AddressSource::Chosen,
            organisation_identifier: None,
            authority: None,
            approval,
            // Whoever may name a server could stand in for it.
            requesters: if kind.names_hosts() {
                vec![Role::Admin]
            } else {
                Vec::new()
            },
            delivery: Delivery::Portal,
            renewal: Renewal::default(),
            is_escrowed: false,
            pfx: PfxChoice::Device,
            password_policy: self.policy().pfx_password,
        }
    }
}
