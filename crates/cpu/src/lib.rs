//! A bounded pool for work that keeps a processor busy: making keys, signing, bundling.
//!
//! The threads that answer people must never wait for such work, so it runs here: on as many
//! threads as there are cores, at a lower priority, so that a page is rendered at once even while
//! every core makes RSA keys.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Why a piece of work gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The pool's threads could not be started.
    #[error("the pool for processor work could not start")]
    Start(#[from] rayon::ThreadPoolBuildError),
    /// The work panicked, or the pool is shutting down.
    #[error("a piece of processor work ended without an answer")]
    Lost,
}

/// The pool. Cloning gives another handle to the same threads.
#[derive(Debug, Clone)]
pub struct CpuPool {
    threads: Arc<ThreadPool>,
}

/// How much lower than normal the threads of a pool rank (`nice(2)` units).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Niceness(i32);

impl Niceness {
    /// Below the threads that answer people.
    pub const LOW: Self = Self(10);
    /// Below all other work: beside a thread of [`Niceness::LOW`] such a thread gets an eighth of a
    /// core.
    pub const LOWEST: Self = Self(19);
}

impl CpuPool {
    /// Starts a pool of `workers` threads, at least one.
    pub fn start(workers: usize) -> Result<Self, Error> {
        Self::start_at(workers, Niceness::LOW)
    }

    /// Starts a pool of `workers` threads, at least one, that rank as low as is said.
    pub fn start_at(workers: usize, niceness: Niceness) -> Result<Self, Error> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(workers.max(1))
            .thread_name(|index| format!("cpu-{index}"))
            .start_handler(move |_| lower_priority(niceness))
            .build()?;
        Ok(Self {
            threads: Arc::new(threads),
        })
    }

    /// Number of threads.
    pub fn workers(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Runs `work` on the pool and waits for its answer without blocking the caller's thread.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            // A panic must not take the pool's thread, or the process, with it.
            if let Ok(answer) = catch_unwind(AssertUnwindSafe(work)) {
                // Nobody is waiting any more: the answer is not wanted.
                drop(sender.send(answer));
            }
        });
        receiver.await.map_err(|_| Error::Lost)
    }
}

/// On Linux this affects the calling thread only. Failing to is no reason not to work.
fn lower_priority(Niceness(by): Niceness) {
    let _unchanged = rustix::process::nice(by);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_gives_its_answer() {
        let pool = CpuPool::start(2).unwrap();
        assert_eq!(pool.run(|| 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_pool_goes_on() {
        let pool = CpuPool::start(1).unwrap();
        let lost = pool.run(|| -> u8 { panic!("on purpose") }).await;
        assert!(matches!(lost, Err(Error::Lost)));
        assert_eq!(pool.run(|| 1).await.unwrap(), 1);
    }
}
