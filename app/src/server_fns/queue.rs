//! The approvers' queue: reading it, approving and rejecting.

#[cfg(feature = "ssr")]
use api::{Decision, DecisionOutcome, Error, ErrorKind};
use api::{Done, Page, QueueCard};
use domain::RequestId;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// One page of the queue, oldest first.
#[server(name = ReadQueue, prefix = "/api/ui", endpoint = "read/queue", input = GetUrl)]
pub async fn read_queue(
    #[server(default)] search: String,
    #[server(default)] after: Option<String>,
) -> Result<Page<QueueCard>, Failure> {
    let filter = api::QueueFilter { search, after };
    super::call(|portal| async move { portal.queue(filter).await }).await
}

/// Approves the ticked requests.
#[server(name = Approve, prefix = "/api/ui", endpoint = "approve", input = PostUrl)]
pub async fn approve(
    #[server(default)] requests: Vec<RequestId>,
    #[server(default)] reason: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move {
        let outcomes = portal.approve(ticked(requests, reason)?).await?;
        sum_up("approved", &outcomes)
    })
    .await
}

/// Rejects the ticked requests, with a reason.
#[server(name = Reject, prefix = "/api/ui", endpoint = "reject", input = PostUrl)]
pub async fn reject(
    #[server(default)] requests: Vec<RequestId>,
    #[server(default)] reason: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move {
        let outcomes = portal.reject(ticked(requests, reason)?).await?;
        sum_up("rejected", &outcomes)
    })
    .await
}

#[cfg(feature = "ssr")]
fn ticked(requests: Vec<RequestId>, reason: String) -> Result<Decision, Error> {
    if requests.is_empty() {
        return Err(Error::new(
            ErrorKind::Invalid,
            "Nothing is ticked. Tick the requests that you want to decide, then try again.",
        ));
    }
    Ok(Decision { requests, reason })
}

/// Says in words what became of each request: an answer if something was decided, a conflict if
/// nothing was.
#[cfg(feature = "ssr")]
fn sum_up(decided: &str, outcomes: &[DecisionOutcome]) -> Result<Done, Error> {
    let problems = grouped(outcomes);
    let undecided: usize = problems.iter().map(|(_, count)| count).sum();
    let done = outcomes.len() - undecided;
    let why_not = problems
        .iter()
        .map(|(problem, count)| format!("{count} could not be {decided}: {problem}."))
        .collect::<Vec<_>>()
        .join(" ");
    match (done, undecided) {
        (0, _) => Err(Error::new(
            ErrorKind::Conflict,
            format!("Nothing was {decided}. {why_not}").trim_end(),
        )),
        (_, 0) => Ok(Done::here(format!("{done} {decided}."))),
        _ => Ok(Done::here(format!("{done} {decided}. {why_not}"))),
    }
}

/// The problems in order of appearance, each once, with how many requests have it.
#[cfg(feature = "ssr")]
fn grouped(outcomes: &[DecisionOutcome]) -> Vec<(&str, usize)> {
    let mut groups: Vec<(&str, usize)> = Vec::new();
    for problem in outcomes.iter().filter_map(|o| o.problem.as_deref()) {
        let problem = problem.trim().trim_end_matches('.');
        match groups.iter_mut().find(|(known, _)| *known == problem) {
            Some((_, count)) => *count += 1,
            None => groups.push((problem, 1)),
        }
    }
    groups
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(problems: &[Option<&str>]) -> Vec<DecisionOutcome> {
        let request = "01932f6e-0000-7000-8000-000000000001".parse().unwrap();
        problems
            .iter()
            .map(|problem| DecisionOutcome {
                request,
                problem: problem.map(ToOwned::to_owned),
            })
            .collect()
    }

    #[test]
    fn all_decided_is_one_short_sentence() {
        let done = sum_up("approved", &outcomes(&[None, None, None])).unwrap();
        assert_eq!(done.message, "3 approved.");
        assert_eq!(done.next, None);
    }

    #[test]
    fn exceptions_are_counted_and_explained() {
        let carol = Some("it was already rejected by Carol.");
        let done = sum_up("approved", &outcomes(&[None, carol, None, None])).unwrap();
        assert_eq!(
            done.message,
            "3 approved. 1 could not be approved: it was already rejected by Carol."
        );
        let done = sum_up(
            "rejected",
            &outcomes(&[carol, None, Some("it is yours"), carol]),
        )
        .unwrap();
        assert_eq!(
            done.message,
            "1 rejected. 2 could not be rejected: it was already rejected by Carol. \
             1 could not be rejected: it is yours."
        );
    }

    #[test]
    fn nothing_decided_is_a_conflict() {
        let error = sum_up("approved", &outcomes(&[Some("it is your own")])).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        assert_eq!(
            error.message,
            "Nothing was approved. 1 could not be approved: it is your own."
        );
    }

    #[test]
    fn several_ticks_arrive_as_one_list() {
        let one = "01932f6e-0000-7000-8000-000000000001";
        let other = "01932f6e-0000-7000-8000-000000000002";
        let read = |form: &str| serde_qs::Config::new(5, false).deserialize_str::<Reject>(form);
        let sent = format!(
            "csrf=x&back=%2Fqueue%3Fsearch%3Da&form=approve&requests%5B%5D={one}\
             &requests%5B%5D={other}&reason=no+%5Byet%5D%0D%0A%26"
        );
        let form = read(&sent).unwrap();
        assert_eq!(
            form.requests,
            [one.parse().unwrap(), other.parse().unwrap()]
        );
        assert_eq!(form.reason, "no [yet]\r\n&");
        let form = read(&format!("requests%5B%5D={one}")).unwrap();
        assert_eq!(form.requests, [one.parse().unwrap()]);
        let form = read("csrf=x&reason=").unwrap();
        assert!(form.requests.is_empty());
    }

    #[test]
    fn nothing_ticked_is_said_before_anybody_is_asked() {
        let error = ticked(Vec::new(), String::new()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.message.contains("Tick"));
    }
}
