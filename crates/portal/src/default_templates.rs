//! The templates that a new portal has.

use crate::{Error, Portal};
use domain::{
    ApprovalRule, Delivery, KeyAlgorithm, Name, PfxChoice, PolicyChoice, Renewal, Role, Template,
    TemplateContent, TemplateId, TemplateKind,
};

/// Name, sentence, kind, and what else differs.
const DEFAULTS: [(&str, &str, TemplateKind, ApprovalRule); 6] = [
    (
        "Secure mail",
        "Sign and encrypt mail from your own address. An approver looks at your request first.",
        TemplateKind::Mailbox,
        ApprovalRule::ONE,
    ),
    (
        "Secure mail, at once",
        "Sign and encrypt mail from your own address. Made as soon as you ask.",
        TemplateKind::Mailbox,
        ApprovalRule::NONE,
    ),
    (
        "Secure mail with two keys",
        "One certificate signs, the other one decrypts, so that a signature is always yours alone.",
        TemplateKind::Pair,
        ApprovalRule::ONE,
    ),
    (
        "Sign in to servers",
        "Show servers and websites of our own who you are, without a password.",
        TemplateKind::TlsClient,
        ApprovalRule::ONE,
    ),
    (
        "Server",
        "For a website or service under its host names.",
        TemplateKind::TlsServer,
        ApprovalRule::NONE,
    ),
    (
        "Device",
        "For a machine that opens and accepts connections under its host names.",
        TemplateKind::Device,
        ApprovalRule::NONE,
    ),
];

impl Portal {
    pub(crate) fn default_templates(&self) -> Result<Vec<Template>, Error> {
        DEFAULTS
            .into_iter()
            .map(|(name, summary, kind, approval)| {
                Ok(Template {
                    id: self.new_id(|now, rng| TemplateId::generate(now, rng)),
                    version: 1,
                    name: Name::parse(name).map_err(Error::internal)?,
                    is_offered: true,
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
