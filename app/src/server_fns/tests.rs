//! What a browser sends reaches the functions: with and without JavaScript a form is decoded alike.
#![cfg(feature = "ssr")]

use domain::RequestId;
use serde::de::DeserializeOwned;

use super::{Approve, CreateAuthority, ReadQueue, SignInHere};

const ID: &str = "01932f6e-8a52-7c11-9f00-4b1d6a3c0001";
const OTHER: &str = "01932f6e-8a52-7c11-9f00-4b1d6a3c0002";

/// Decodes as the codecs `PostUrl` and `GetUrl` do.
fn decoded<T: DeserializeOwned>(form: &str) -> T {
    serde_qs::Config::new(5, false)
        .deserialize_str(form)
        .unwrap()
}

#[test]
fn several_ids_arrive_however_they_are_named() {
    let ids: Vec<RequestId> = [ID, OTHER].iter().map(|id| id.parse().unwrap()).collect();
    for form in [
        format!("csrf=x&requests%5B%5D={ID}&requests%5B%5D={OTHER}&reason=because"),
        format!("requests[]={ID}&requests[]={OTHER}&reason=because"),
        format!("requests%5B0%5D={ID}&requests%5B1%5D={OTHER}&reason=because&back=%2Fqueue"),
    ] {
        let approve: Approve = decoded(&form);
        assert_eq!(approve.requests, ids, "{form}");
        assert_eq!(approve.reason, "because");
    }
    let one: Approve = decoded(&format!("requests%5B%5D={ID}&reason="));
    assert_eq!(one.requests.len(), 1);
    let none: Approve = decoded("csrf=x&reason=");
    assert!(none.requests.is_empty());
}

#[test]
fn what_a_form_carries_beside_its_fields_is_ignored() {
    let form: SignInHere =
        decoded("csrf=x&back=%2Fsign-in&form=sign-in&mailbox=a%40example.com&password=a+b%26c");
    assert_eq!(form.mailbox, "a@example.com");
    assert_eq!(form.password.expose(), "a b&c");
    assert_eq!(form.next, None);
}

#[test]
fn fields_that_were_not_shown_are_empty() {
    let form: CreateAuthority = decoded("parent=p&name=n");
    assert_eq!((form.name.as_str(), form.domains.as_str()), ("n", ""));
    let queue: ReadQueue = decoded("");
    assert_eq!((queue.search.as_str(), queue.after), ("", None));
}
