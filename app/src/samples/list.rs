//! The samples, by name.

use api::{Error, FieldError, Flash, SetUpForm, SiteState};
use domain::{RequestState, Role};

use super::Sample;
use super::portal::SamplePortal;
use super::values::{self, ID};
use super::{authorities, certificate_values, request_values, templates};
use crate::PostOutcome;

/// Every sample.
pub(super) fn all() -> Vec<Sample> {
    let mut all = at_the_door();
    all.extend(super::certificate_list::own_certificates());
    all.extend(super::certificate_list::lives());
    all.extend(super::tokens::tokens());
    all.extend(requests());
    all.extend(offices());
    all.extend(template_pages());
    all.extend(super::changes::changes());
    all
}

/// Before one is in, and where nothing is.
fn at_the_door() -> Vec<Sample> {
    let state = |state| with(|portal| portal.site.state = state);
    vec![
        Sample::new("sign-in", "/sign-in?next=/account", stranger()),
        Sample::new("sign-in-wrong", "/sign-in", wrong_sign_in()),
        Sample::new("set-up", "/set-up?token=once", stranger()),
        Sample::new(
            "set-up-used",
            "/set-up?token=old",
            with(|portal| {
                portal.set_up_form = SetUpForm { is_valid: false };
            }),
        ),
        Sample::new("needs-set-up", "/", state(SiteState::NeedsSetUp)),
        Sample::new("sealed", "/", state(SiteState::Sealed)),
        Sample::new("not-found", "/nowhere", SamplePortal::default()),
    ]
}

/// Requesting, and following a request.
fn requests() -> Vec<Sample> {
    let request = || format!("/requests/{ID}");
    let asked = |change: fn(&mut api::RequestView)| with(|portal| change(&mut portal.request));
    vec![
        Sample::new("request-one", "/request", SamplePortal::default()),
        Sample::new(
            "request-many",
            "/request",
            with(|portal| {
                portal
                    .request_form
                    .mailboxes
                    .push("press@example.com".to_owned());
                portal
                    .request_form
                    .templates
                    .push(request_values::template(false));
            }),
        ),
        Sample::new(
            "request-for-device",
            "/request?for=x",
            with(|portal| {
                let form = &mut portal.request_form;
                form.person = Some(api::RequestedFor {
                    id: ID.parse().unwrap(),
                    name: "Erin Evans".to_owned(),
                });
                form.templates.push(api::TemplateChoice {
                    id: values::OTHER_ID.parse().unwrap(),
                    name: "Device".to_owned(),
                    names_hosts: true,
                    names_device: true,
                    all_addresses: false,
                    ..request_values::template(false)
                });
                form.template = Some(values::OTHER_ID.parse().unwrap());
                form.names = "printer.example.com".to_owned();
                form.device = "Printer 7".to_owned();
            }),
        ),
        Sample::new(
            "request-empty",
            "/request",
            with(|portal| portal.request_form.mailboxes.clear()),
        ),
        Sample::new("live-issuing", request(), SamplePortal::default()),
        Sample::new(
            "live-waiting",
            request(),
            asked(|request| {
                request.state = RequestState::Waiting;
                request.may_withdraw = true;
            }),
        ),
        Sample::new(
            "live-issued",
            request(),
            asked(|request| {
                request.state = RequestState::Issued;
                request.certificate = Some(ID.parse().unwrap());
            }),
        ),
        Sample::new(
            "live-failed",
            request(),
            asked(|request| {
                request.state = RequestState::Failed;
                request.is_own = false;
                request.problem = Some("The authority refused the name.".to_owned());
                request.may_mend = true;
            }),
        ),
        Sample::new(
            "live-decide",
            request(),
            asked(|request| {
                request.state = RequestState::Waiting;
                request.is_own = false;
                request.may_decide = true;
            }),
        ),
    ]
}

/// For approvers, administrators and auditors.
fn offices() -> Vec<Sample> {
    vec![
        Sample::new("queue", "/queue", as_role(Role::Approver)),
        Sample::new("overview", "/overview", as_role(Role::Admin)),
        Sample::new(
            "certificates-empty",
            "/certificates",
            SamplePortal {
                certificates: Ok(certificate_values::certificates(0)),
                ..as_role(Role::Admin)
            },
        ),
        Sample::new(
            "certificates-one",
            "/certificates?search=alice",
            SamplePortal {
                certificates: Ok(certificate_values::certificates(1)),
                ..as_role(Role::Auditor)
            },
        ),
        Sample::new("certificates-many", "/certificates", as_role(Role::Admin)),
        Sample::new(
            "certificates-error",
            "/certificates?ends_to=soon",
            SamplePortal {
                certificates: Err(Error::field(
                    "ends_to",
                    "Please write the day as 2026-12-31.",
                )),
                ..as_role(Role::Admin)
            },
        ),
        Sample::new("people", "/people", as_role(Role::Admin)),
        Sample::new("person", format!("/people/{ID}"), as_role(Role::Admin)),
        Sample::new("audit", "/audit", as_role(Role::Auditor)),
        Sample::new("authorities", "/admin/authorities", as_role(Role::Admin)),
        Sample::new(
            "authorities-read",
            "/admin/authorities",
            SamplePortal {
                authorities: authorities::read_only(),
                ..as_role(Role::Auditor)
            },
        ),
        Sample::new("authority-help", "/help/authorities", stranger()),
    ]
}

/// Templates: the list, one of them, and the editor.
fn template_pages() -> Vec<Sample> {
    let one = || format!("/admin/templates/{ID}");
    let sent = || {
        let pairs = [
            ("name", "Typed <name>"),
            ("kind", "pair"),
            ("requesters", "employee"),
            ("version", "1"),
        ];
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    };
    let listed = |role, list| SamplePortal {
        templates: list,
        ..as_role(role)
    };
    let empty = api::TemplateList {
        rows: Vec::new(),
        may_manage: true,
    };
    vec![
        Sample::new("templates", "/admin/templates", as_role(Role::Admin)),
        Sample::new(
            "templates-empty",
            "/admin/templates",
            listed(Role::Admin, empty),
        ),
        Sample::new(
            "templates-read",
            "/admin/templates",
            listed(Role::Auditor, templates::list(false)),
        ),
        Sample::new("template", one(), as_role(Role::Admin)),
        Sample::new(
            "template-read",
            one(),
            listed(Role::Auditor, templates::list(false)),
        ),
        Sample::new("template-new", "/admin/templates/new", as_role(Role::Admin)),
        Sample::new("template-preview", one(), as_role(Role::Admin)).after(
            PostOutcome::Previewed {
                values: sent(),
                preview: templates::preview(),
            },
        ),
        Sample::new("template-refused", one(), as_role(Role::Admin)).after(PostOutcome::Failed {
            form: format!("/admin/templates/{ID}/change"),
            error: Error::field("requesters", "Please tick only what is in the list."),
            values: sent(),
        }),
    ]
}

fn stranger() -> SamplePortal {
    let mut portal = SamplePortal::default();
    portal.site.viewer = None;
    portal
}

fn as_role(role: Role) -> SamplePortal {
    SamplePortal {
        site: values::site_for(role),
        ..SamplePortal::default()
    }
}

pub(super) fn with(change: impl FnOnce(&mut SamplePortal)) -> SamplePortal {
    let mut portal = SamplePortal::default();
    change(&mut portal);
    portal
}

fn wrong_sign_in() -> SamplePortal {
    let mut portal = stranger();
    let mut error = Error::field("mailbox", "Enter your whole mail address.");
    error.fields.push(FieldError {
        field: "password".to_owned(),
        message: "Enter it.".to_owned(),
    });
    portal.site.flash = Some(Flash {
        form: "/api/ui/sign-in".to_owned(),
        done: None,
        error: Some(error),
        values: vec![("mailbox".to_owned(), "ali\"ce".to_owned())],
    });
    portal
}
