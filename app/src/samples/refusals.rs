//! Forms that were refused: what was wrong stands where it can be seen.

use api::Error;
use domain::Role;

use super::Sample;
use super::portal::SamplePortal;
use super::values;
use crate::PostOutcome;

/// A page after one of its forms was refused because of a field.
fn refused(
    name: &'static str,
    path: &str,
    form: &str,
    values: &[(&str, &str)],
    field: &str,
) -> String {
    let portal = SamplePortal {
        site: values::site_for(Role::Admin),
        ..SamplePortal::default()
    };
    let values = values.iter();
    let outcome = PostOutcome::Failed {
        form: form.to_owned(),
        error: Error::field(field, "Something else, please."),
        values: values
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    };
    Sample::new(name, path, portal).after(outcome).render().html
}

/// How often something is said.
fn count(html: &str, what: &str) -> usize {
    html.matches(what).count()
}

#[test]
fn a_field_inside_a_fold_is_not_folded_away() {
    let id = "01932f6e-8a52-7c11-9f00-4b1d6a3c0101";
    let html = refused(
        "authorities-refused",
        "/admin/authorities",
        "/api/ui/remove-authority-key",
        &[
            ("form", &format!("remove-authority-key-{id}")),
            ("name", "Another Root"),
        ],
        "name",
    );
    assert_eq!(count(&html, "Something else, please."), 1);
    assert_eq!(count(&html, "value=\"Another Root\""), 1);
    assert_eq!(count(&html, "<details open class=\"confirm\""), 1);

    let html = refused("request-refused", "/request", "/api/ui/request", &[], "csr");
    assert_eq!(count(&html, "Something else, please."), 1);
    assert_eq!(count(&html, "<details open class=\"fold\""), 1);
}

#[test]
fn a_choice_says_what_is_wrong_with_it() {
    let html = refused(
        "request-template-refused",
        "/request",
        "/api/ui/request",
        &[],
        "template",
    );
    assert_eq!(count(&html, "Something else, please."), 1);
    assert_eq!(count(&html, "<details open class=\"fold\""), 0);
}
