//! What the pages say: read from their HTML.

use super::list::{all, with};
use super::{Sample, gallery, request_values};

fn page(name: &str) -> super::Rendered {
    all()
        .into_iter()
        .find(|sample| sample.name == name)
        .unwrap()
        .render()
}

fn count(html: &str, text: &str) -> usize {
    html.matches(text).count()
}

/// The value of an attribute in each element that begins like this.
fn attributes<'a>(html: &'a str, element: &'a str, name: &'a str) -> Vec<&'a str> {
    html.split(element)
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            let value = tag.split(&format!(" {name}=\"")).nth(1)?;
            value.split('"').next()
        })
        .collect()
}

#[test]
fn every_page_keeps_the_rules() {
    copy_style();
    for sample in all() {
        let name = sample.name;
        let html = sample.render().html;
        let takes_over = html.contains("takes-over");
        assert_eq!(
            count(&html, "<h1"),
            if takes_over { 2 } else { 1 },
            "{name}: one h1"
        );
        assert!(html.contains(" · CertPortal</title>"), "{name}: title");
        assert!(
            !html.contains(" style="),
            "{name}: the policy forbids style attributes"
        );
        assert!(
            !html.contains("Loading …"),
            "{name}: everything is in the HTML"
        );
        assert_eq!(
            count(&html, "<form") - count(&html, "method=\"get\""),
            count(&html, "name=\"csrf\" value=\"a-token-for-forms\""),
            "{name}: every form that changes something carries the token"
        );
        let ids = attributes(&html, "<", "id");
        let labelled = attributes(&html, "<label", "for");
        for label in &labelled {
            assert_eq!(
                ids.iter().filter(|id| id == &label).count(),
                1,
                "{name}: label for {label}"
            );
        }
        for id in &ids {
            assert_eq!(
                ids.iter().filter(|other| other == &id).count(),
                1,
                "{name}: id {id} once"
            );
        }
    }
}

/// Puts the style sheet beside the gallery.
fn copy_style() {
    let style = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../style");
    let main = std::fs::read_to_string(style.join("main.css")).unwrap();
    let sheet: String = main
        .lines()
        .filter_map(|line| line.strip_prefix("@import \"")?.split('"').next())
        .map(|name| std::fs::read_to_string(style.join(name)).unwrap_or_default())
        .collect();
    std::fs::create_dir_all(gallery()).unwrap();
    std::fs::write(gallery().join("gallery.css"), sheet).unwrap();
}

#[test]
fn a_form_that_was_refused_comes_back_with_what_was_typed() {
    let html = page("sign-in-wrong").html;
    assert!(html.contains("value=\"ali&quot;ce\""));
    assert!(html.contains("Enter your whole mail address."));
    assert!(html.contains("aria-describedby=\"sign-in-mailbox-error\""));
    assert_eq!(count(&html, "aria-invalid=\"true\""), 2);
    assert!(html.contains("role=\"alert\""));
}

#[test]
fn the_way_back_after_signing_in_is_kept() {
    assert!(
        page("sign-in")
            .html
            .contains("name=\"next\" value=\"/account\"")
    );
}

#[test]
fn nothing_yet_explains_itself_and_offers_one_step() {
    let html = page("home-empty").html;
    assert!(html.contains("You have no certificate yet"));
    assert_eq!(count(&html, "href=\"/request\""), 1);
}

#[test]
fn errors_set_the_status_and_say_the_number() {
    let rendered = page("home-error");
    assert_eq!(rendered.status, 500);
    assert!(rendered.html.contains("8f3a-22"));
    assert_eq!(page("not-found").status, 404);
    assert_eq!(page("sealed").status, 503);
}

#[test]
fn a_filter_that_cannot_be_read_is_explained() {
    let rendered = page("certificates-error");
    assert_eq!(rendered.status, 422);
    assert!(
        rendered
            .html
            .contains("Please write the day as 2026-12-31.")
    );
}

#[test]
fn navigation_follows_the_role() {
    let employee = page("home-one").html;
    assert!(!employee.contains("href=\"/queue\"") && !employee.contains("href=\"/audit\""));
    let approver = page("home-many").html;
    assert!(approver.contains("href=\"/queue\"") && !approver.contains("href=\"/people\""));
    assert!(approver.contains(" requests wait<"));
    assert!(approver.contains("The request is withdrawn."));
    assert!(!approver.contains("href=\"/certificates\""));
    let auditor = page("audit").html;
    assert!(auditor.contains("href=\"/certificates\""));
    assert!(auditor.contains("href=\"/audit\" aria-current=\"page\""));
}

#[test]
fn the_password_is_text_in_a_plain_page_and_nothing_else() {
    let html = page("certificate-revealed").html;
    assert!(!html.contains("<script type=\"module\""), "never hydrated");
    assert!(html.contains("<span>Q7MF-</span>"));
    assert!(html.contains("<span>8LYG</span>"));
    assert!(
        !html.contains("Q7MF-K2XD"),
        "in no attribute and no serialised state"
    );
    assert!(html.contains("content=\"60;url=/certificates/"));
}

#[test]
fn only_the_owner_gets_at_secrets() {
    let html = page("certificate-other").html;
    assert!(!html.contains("show-password") && !html.contains("/download"));
}

#[test]
fn identity_is_confirmed_where_asked_for() {
    assert_eq!(count(&page("certificate").html, "Your sign-in password"), 2);
    assert_eq!(
        count(&page("certificate-expired").html, "Your sign-in password"),
        0
    );
    let wrong = page("certificate-wrong").html;
    assert_eq!(
        count(&wrong, "This is not your sign-in password. Try again."),
        1
    );
}

#[test]
fn a_live_page_follows_only_what_can_still_change() {
    assert!(page("live-issuing").html.contains("http-equiv=\"refresh\""));
    assert!(!page("live-issued").html.contains("http-equiv=\"refresh\""));
}

#[test]
fn the_reason_is_asked_for_only_where_somebody_reads_it() {
    assert!(page("request-one").html.contains("name=\"reason\""));
    let at_once =
        with(|portal| portal.request_form.templates = vec![request_values::template(false)]);
    let html = Sample::new("request-at-once", "/request", at_once)
        .render()
        .html;
    assert!(!html.contains("name=\"reason\""));
}

#[test]
fn a_revoked_certificate_says_so_and_stays_with_its_owner() {
    let html = page("certificate-revoked").html;
    assert!(html.contains("tone-bad\">Revoked<"), "state in words");
    assert!(html.contains("Revoked on 3 May 2026"));
    assert!(html.contains("The reason: Somebody else may have the key."));
    assert!(html.contains("can only be read with it"));
    assert!(
        html.contains("/show-password"),
        "the password is still there"
    );
    assert!(html.contains("/download"), "and so is the file");
    assert!(!html.contains("/api/ui/report-lost"));
}

#[test]
fn only_what_can_be_done_is_offered() {
    let forms = |name: &str| {
        let html = page(name).html;
        ["report-lost", "revoke", "hold", "reactivate"]
            .into_iter()
            .filter(|verb| html.contains(&format!("action=\"/api/ui/{verb}\"")))
            .collect::<Vec<_>>()
    };
    assert_eq!(forms("certificate"), ["report-lost"]);
    assert_eq!(forms("certificate-other"), [""; 0]);
    assert_eq!(forms("certificate-may-revoke"), ["revoke", "hold"]);
    assert_eq!(forms("certificate-held"), ["revoke", "reactivate"]);
    assert_eq!(forms("certificate-revoked"), [""; 0]);
}

#[test]
fn it_is_said_before_what_ends_with_a_certificate() {
    let html = page("certificate-may-revoke").html;
    assert!(
        html.contains("2 more certificates have this key."),
        "{html}"
    );
    assert!(!page("certificate").html.contains("this key."));
    // What has ended is only revoked where its key is lost.
    assert!(!page("certificate-expired").html.contains("/report-lost"));
    let html = page("certificate-expired-key").html;
    assert!(html.contains("1 more certificate has this key."), "{html}");
    assert!(html.contains("value=\"keyCompromise\""), "{html}");
    assert!(!html.contains("value=\"superseded\""), "{html}");
}

#[test]
fn what_ends_soon_is_renewed_with_one_click() {
    let home = page("home-many").html;
    assert_eq!(count(&home, "action=\"/api/ui/renew\""), 1);
    let html = page("certificate-renew").html;
    assert_eq!(count(&html, "action=\"/api/ui/renew\""), 1);
    assert!(!html.contains("Request the next one"));
    assert!(page("certificate-pair").html.contains("See the next one"));
    let own = page("certificate-own-key").html;
    assert!(own.contains("Make a new signing request."));
    assert!(!own.contains("Show my password") && !own.contains("wrong password"));
    for form in ["pem", "der", "p7b"] {
        assert_eq!(count(&own, &format!("/{form}\"")), 1, "{form}, once");
    }
}

#[test]
fn both_kinds_of_file_are_one_button_away() {
    let html = page("certificate").html;
    for kind in ["other-pfx", "profile"] {
        assert_eq!(count(&html, &format!("name=\"kind\" value=\"{kind}\"")), 1);
    }
}

#[test]
fn a_half_of_a_pair_says_what_it_is_for() {
    let html = page("certificate-pair").html;
    assert!(html.contains("Opens mail that was encrypted to you"));
    assert!(html.contains(">The one that signs<"));
}

#[test]
fn what_was_brought_along_is_listed_and_more_can_come() {
    let html = page("home-many").html;
    assert!(html.contains("Brought along") && html.contains("CN=Another CA"));
    assert_eq!(count(&html, "enctype=\"multipart/form-data\""), 1);
    assert_eq!(count(&html, "action=\"/old-mail\""), 1);
    assert!(!page("home-one").html.contains("action=\"/old-mail\""));
}

#[test]
fn an_auditor_reads_templates_and_changes_none() {
    let list = page("templates").html;
    assert!(list.contains("href=\"/admin/templates/new\"") && list.contains("2 approvers decide"));
    assert!(
        page("templates-empty")
            .html
            .contains("There is no template")
    );
    assert!(!page("templates-read").html.contains("/admin/templates/new"));
    let read = page("template-read").html;
    assert!(read.contains("Validity: 90 days → 365 days"));
    for verb in ["/change", "withdraw-template", "offer-template"] {
        assert!(!read.contains(verb), "{verb}");
    }
    assert!(page("home-one").html.matches("/admin/").count() == 0);
}

#[test]
fn withdrawing_a_template_says_first_what_stays() {
    let html = page("template").html;
    assert!(html.contains("1234 valid certificates stay good until the end"));
    assert!(html.contains("name=\"version\" value=\"2\""));
    assert!(html.contains("formaction=\"/admin/templates/preview\""));
}

#[test]
fn a_preview_without_javascript_keeps_what_was_typed() {
    let html = page("template-preview").html;
    assert!(html.contains("value=\"Typed &lt;name&gt;\""));
    assert!(
        html.contains("name=\"version\" value=\"1\""),
        "the version that was seen"
    );
    let tick = |value: &str| format!("name=\"requesters\" value=\"{value}\" checked");
    assert!(html.contains(&tick("employee")) && !html.contains(&tick("admin")));
    assert!(html.contains("signs (digitalSignature)"));
    assert!(html.contains("L20: this policy is reserved."));
    assert!(html.contains("shorter than the validity"));
    let refused = page("template-refused");
    assert_eq!(
        count(&refused.html, "Please tick only what is in the list."),
        1
    );
    assert!(refused.html.contains(&tick("employee")));
}

#[test]
fn a_request_says_who_decides_and_what_is_kept() {
    let html = page("request-one").html;
    assert!(html.contains("2 approvers decide"));
    assert!(html.contains("Your organisation keeps a copy of the key that decrypts."));
}

#[test]
fn a_change_of_many_says_how_many_before_it_is_done() {
    let html = page("certificates-change").html;
    assert!(html.contains("This revokes 37 certificates of 31 people."));
    assert!(html.contains("4 certificates that are revoked already"));
    assert!(html.contains("2 more certificates have a key of theirs."));
    assert_eq!(
        attributes(&html, "<input", "value")
            .iter()
            .filter(|v| **v == "yes")
            .count(),
        1
    );
    let html = page("certificates-change-nothing").html;
    assert!(html.contains("This changes nothing."));
    assert!(!html.contains("more certificate"));
    assert!(!html.contains("name=\"confirmed\""), "nothing to confirm");
    let html = page("certificates-select").html;
    assert_eq!(count(&html, "name=\"certificate\""), 3);
    assert_eq!(
        count(&page("certificates-many").html, "name=\"certificate\""),
        0
    );
}

#[test]
fn who_keeps_the_key_is_offered_no_password() {
    for name in ["certificate-server", "certificate-deleted"] {
        let html = page(name).html;
        assert!(!html.contains("Show its password"), "{name}");
        assert!(html.contains("/pem\""), "{name}");
        assert!(!html.contains("The PFX, sealed"), "{name}");
    }
    let html = page("certificate-delete").html;
    assert!(html.contains("/api/ui/delete-secrets") && html.contains("The PFX, sealed"));
    let html = page("request-for-device").html;
    assert!(html.contains("Erin Evans") && html.contains("name=\"names\""));
    assert!(html.contains("name=\"csr\""));
}
