//! Counters against guessing.

use crate::samples::{after, now};
use store::Throttle;
use time::Duration;

const WINDOW: Duration = Duration::minutes(10);
const BASE: Duration = Duration::seconds(5);

on_both! {
    async fn failures_beyond_the_free_ones_wait_longer_and_longer(db) {
        for _ in 0..3 {
            let failure = db.throttle_failure("a", now(), 3, WINDOW, BASE).await.unwrap();
            assert_eq!(failure, Throttle::Allowed);
        }
        assert_eq!(db.throttle_check("a", now()).await.unwrap(), Throttle::Allowed);
        let mut now = now();
        for wait in [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900] {
            let until = now + Duration::seconds(wait);
            let blocked = Throttle::Blocked { until };
            assert_eq!(db.throttle_failure("a", now, 3, WINDOW, BASE).await.unwrap(), blocked);
            assert_eq!(db.throttle_check("a", now).await.unwrap(), blocked);
            assert_eq!(db.throttle_check("b", now).await.unwrap(), Throttle::Allowed);
            assert_eq!(db.throttle_check("a", until).await.unwrap(), Throttle::Allowed);
            now = until - Duration::microseconds(1);
        }
        db.throttle_clear("a").await.unwrap();
        assert_eq!(db.throttle_check("a", now).await.unwrap(), Throttle::Allowed);
        assert_eq!(db.throttle_failure("a", now, 3, WINDOW, BASE).await.unwrap(), Throttle::Allowed);
    }

    async fn failures_are_forgotten_after_the_window(db) {
        db.throttle_failure("a", now(), 1, WINDOW, BASE).await.unwrap();
        let late = db.throttle_failure("a", after(600), 1, WINDOW, BASE).await.unwrap();
        assert_eq!(late, Throttle::Allowed);
        let soon = db.throttle_failure("a", after(601), 1, WINDOW, BASE).await.unwrap();
        assert_eq!(soon, Throttle::Blocked { until: after(606) });
    }

    async fn parallel_failures_are_all_counted(db) {
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move { db.throttle_failure("a", now(), 10, WINDOW, BASE).await.unwrap() })
            })
            .collect();
        let mut allowed = 0;
        for one in tries {
            allowed += u32::from(one.await.unwrap() == Throttle::Allowed);
        }
        assert_eq!(allowed, 10);
    }

    async fn uses_are_limited_in_a_fixed_window(db) {
        for second in 0..3 {
            let used = db.throttle_count("a", after(second), 3, WINDOW).await.unwrap();
            assert_eq!(used, Throttle::Allowed);
        }
        let blocked = Throttle::Blocked { until: after(600) };
        assert_eq!(db.throttle_count("a", after(3), 3, WINDOW).await.unwrap(), blocked);
        assert_eq!(db.throttle_count("a", after(599), 3, WINDOW).await.unwrap(), blocked);
        assert_eq!(db.throttle_count("a", after(600), 3, WINDOW).await.unwrap(), Throttle::Allowed);
    }

    async fn old_counters_are_deleted(db) {
        db.throttle_failure("old", now(), 0, BASE, WINDOW).await.unwrap();
        db.throttle_count("new", after(1), 3, WINDOW).await.unwrap();
        assert_eq!(db.delete_old_throttles(after(10)).await.unwrap(), 0, "still blocked");
        assert_eq!(db.delete_old_throttles(after(600)).await.unwrap(), 1);
        assert_eq!(db.delete_old_throttles(after(601)).await.unwrap(), 1);
    }
}
