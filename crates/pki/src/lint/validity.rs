//! L06, L07, L08, L27: when a certificate is valid.

use super::Context;
use crate::profile::LONGEST_DAYS;
use crate::tbs;
use time::{Duration, OffsetDateTime};
use x509_cert::time::Time;

pub(super) fn check(context: &mut Context<'_>) {
    let validity = context.tbs.validity();
    let (start, end) = (
        tbs::from_x509(validity.not_before),
        tbs::from_x509(validity.not_after),
    );
    let report = &mut context.report;
    report.check("L06", start <= end, "validity ends before it starts");
    report.check(
        "L06",
        end - start + Duration::SECOND <= Duration::days(LONGEST_DAYS.into()),
        format!("validity is longer than {LONGEST_DAYS} days, counting its last second"),
    );
    for time in [validity.not_before, validity.not_after] {
        let is_utc_time = matches!(time, Time::UtcTime(_));
        report.check(
            "L08",
            is_utc_time == (tbs::from_x509(time).year() < 2050),
            "a time is of the wrong type for its year: UTCTime to 2049, then GeneralizedTime",
        );
    }
    report.check(
        "L27",
        context.issuer.not_before() <= start && end <= context.issuer.not_after(),
        "validity is not within the issuer's",
    );
    if let Some(now) = context.facts.now {
        check_start(context, start, now);
    }
}

fn check_start(context: &mut Context<'_>, start: OffsetDateTime, now: OffsetDateTime) {
    context.report.check(
        "L07",
        start <= now,
        "validity would start in the future; check the machine's clock",
    );
    context.report.check(
        "L07",
        now - start <= Duration::HOUR,
        "validity would start over an hour ago; plan the certificate again",
    );
}
