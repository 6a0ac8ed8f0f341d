//! The threads of an engine, for a caller that asks for more than its own.
//!
//! Work comes in jobs that may run in any order on any thread; each writes what no other one reads or writes, so results
//! have the same bits whatever the number of threads. Threads take the next job when they are done with one, since a
//! phone's cores are not equally fast. Between two works of a pass they spin, between passes they sleep.

use super::attention;
use super::matmul::Panel;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::JoinHandle;
use std::{hint, io, thread};

/// How often a thread looks for work before it sleeps: some ten microseconds, longer than what a pass does on one thread.
const SPINS: usize = 2000;

/// Threads that help a caller's, and end with the pool.
#[derive(Debug)]
pub(in crate::engine) struct Pool {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
    /// Held while a work runs; who finds it taken runs alone.
    at_work: Mutex<()>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Works begun, so that a spinning helper sees a new one.
    begun: AtomicUsize,
    /// The next job to take.
    next: AtomicUsize,
    /// Helpers that take jobs.
    active: AtomicUsize,
    state: Mutex<State>,
    /// Signalled when a work begins, or the pool ends.
    wake: Condvar,
}

#[derive(Debug, Default)]
struct State {
    work: Option<Work>,
    is_over: bool,
    /// What a helper panicked with.
    panic: Option<Box<dyn Any + Send>>,
}

/// A closure that takes thread and job, without its lifetime.
#[derive(Clone, Copy)]
struct Work {
    run: &'static (dyn Fn(usize, usize) + Sync),
    jobs: usize,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("jobs", &self.jobs).finish_non_exhaustive()
    }
}

impl Pool {
    /// `threads` in all, the caller's included.
    pub(in crate::engine) fn new(threads: usize) -> io::Result<Self> {
        let mut pool = Self { shared: Arc::default(), helpers: Vec::new(), at_work: Mutex::new(()) };
        for number in 1..threads {
            let shared = Arc::clone(&pool.shared);
            let helper = thread::Builder::new().name(format!("spatz-{number}"));
            pool.helpers.push(helper.spawn(move || shared.help(number))?);
        }
        Ok(pool)
    }

    /// Threads, the caller's included.
    fn size(&self) -> usize {
        self.helpers.len() + 1
    }

    /// Runs jobs `0..jobs`, each with the state of the thread that runs it.
    fn run<S: Default + Send>(&self, states: &mut Vec<S>, jobs: usize, job: impl Fn(&mut S, usize) + Sync) {
        if states.len() < self.size() {
            states.resize_with(self.size(), S::default);
        }
        let alone = |states: &mut Vec<S>| (0..jobs).for_each(|number| job(&mut states[0], number));
        if jobs <= 1 || self.helpers.is_empty() {
            return alone(states);
        }
        let at_work = match self.at_work.try_lock() {
            Ok(guard) => guard,
            // a job of the caller's panicked once; there is nothing in here that it could have left half done
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return alone(states),
        };
        let states = Shares::new(states);
        let run = |thread: usize, number: usize| {
            // SAFETY: there are as many states as threads, and each thread takes its own only.
            job(unsafe { &mut *states.at(thread) }, number);
        };
        self.shared.run(&run, jobs);
        drop(at_work);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.begun.fetch_add(1, Ordering::Release);
        self.shared.wake.notify_all();
        for helper in self.helpers.drain(..) {
            // a helper does not panic outside of the work, whose panics were passed on
            let _ = helper.join();
        }
    }
}

/// Values that threads share out among themselves: a pointer, since each takes others of them.
pub(super) struct Shares<S>(*mut S);

// SAFETY: who makes one sees to it that each thread takes others of the values, which may be sent to threads.
unsafe impl<S: Send> Sync for Shares<S> {}

impl<S> Shares<S> {
    pub(super) fn new(values: &mut [S]) -> Self {
        Self(values.as_mut_ptr())
    }

    /// The value at `index`, which is there, as the caller has checked.
    pub(super) fn at(&self, index: usize) -> *mut S {
        self.0.wrapping_add(index)
    }
}

/// A context's use of a [`Pool`]: what its threads need to work with.
#[derive(Debug)]
pub(in crate::engine) struct Team {
    pool: Arc<Pool>,
    scratch: Vec<Scratch>,
}

/// Scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) panel: Panel,
    pub(super) attention: attention::Scratch,
    /// A few rows of a feed-forward layer's two products, of all tokens.
    pub(super) gate: Vec<f32>,
    pub(super) up: Vec<f32>,
    /// Activations of a token, before they are put in their place.
    pub(super) row: Vec<f32>,
}

impl Scratch {
    /// Bytes of heap.
    fn bytes(&self) -> usize {
        let floats = self.gate.capacity() + self.up.capacity() + self.row.capacity();
        self.panel.bytes() + self.attention.bytes() + 4 * floats
    }
}

impl Team {
    pub(in crate::engine) fn new(pool: Arc<Pool>) -> Self {
        Self { pool, scratch: Vec::new() }
    }

    /// The caller's thread alone.
    pub(in crate::engine) fn alone() -> Self {
        Self::new(Arc::new(Pool { shared: Arc::default(), helpers: Vec::new(), at_work: Mutex::new(()) }))
    }

    /// Bytes of heap.
    pub(in crate::engine) fn bytes(&self) -> usize {
        self.scratch.iter().map(Scratch::bytes).sum::<usize>()
            + self.scratch.capacity() * size_of::<Scratch>()
    }

    /// Into how many jobs to cut `parts` parts: one if there is one thread, else more than threads, since these are not
    /// equally fast.
    pub(super) fn jobs(&self, parts: usize) -> usize {
        match self.pool.size() {
            1 => parts.min(1),
            threads => parts.min(4 * threads),
        }
    }

    /// Runs jobs `0..jobs`, each with the scratch memory of its thread.
    pub(super) fn run(&mut self, jobs: usize, job: impl Fn(&mut Scratch, usize) + Sync) {
        self.pool.run(&mut self.scratch, jobs, job);
    }

    /// Hands `rows`, which are `width` long, out in turn; each job gets the number of its first one and some rows.
    pub(in crate::engine) fn rows(
        &mut self,
        rows: &mut [f32],
        width: usize,
        job: impl Fn(usize, &mut [f32]) + Sync,
    ) {
        let count = rows.len() / width.max(1);
        let jobs = self.jobs(count);
        let shares = Shares::new(rows);
        self.run(jobs, |_, number| {
            let (first, end) = (count * number / jobs, count * (number + 1) / jobs);
            // SAFETY: the jobs' ranges of rows lie in `rows` and do not overlap.
            let rows =
                unsafe { std::slice::from_raw_parts_mut(shares.at(first * width), (end - first) * width) };
            job(first, rows);
        });
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `jobs` jobs on the caller's thread and on those helpers that come in time.
    fn run(&self, run: &(dyn Fn(usize, usize) + Sync), jobs: usize) {
        /// Closes the work and waits for the helpers, which use what the caller borrowed, even if a job panics here.
        struct Close<'a>(&'a Shared);
        impl Drop for Close<'_> {
            fn drop(&mut self) {
                self.0.lock().work = None;
                let mut spins = 0;
                while self.0.active.load(Ordering::Acquire) > 0 {
                    spins += 1;
                    if spins < SPINS { hint::spin_loop() } else { thread::yield_now() }
                }
            }
        }

        // SAFETY: only the lifetime changes. A helper becomes active while the work is open and uses it only until it no
        // longer is, and this function does not return, nor unwind, before the work is closed and no helper is active.
        let run = unsafe {
            std::mem::transmute::<&(dyn Fn(usize, usize) + Sync), &'static (dyn Fn(usize, usize) + Sync)>(run)
        };
        let work = Work { run, jobs };
        let mut state = self.lock();
        (state.work, state.panic) = (Some(work), None);
        self.next.store(0, Ordering::Relaxed);
        self.begun.fetch_add(1, Ordering::Release);
        drop(state);
        self.wake.notify_all();
        let close = Close(self);
        self.take_jobs(0, work);
        drop(close);
        let panic = self.lock().panic.take();
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }

    fn take_jobs(&self, thread: usize, work: Work) {
        loop {
            let job = self.next.fetch_add(1, Ordering::Relaxed);
            if job >= work.jobs {
                return;
            }
            (work.run)(thread, job);
        }
    }

    /// What a helper does until the pool ends.
    fn help(&self, thread: usize) {
        let mut seen = 0;
        loop {
            let mut spins = 0;
            while self.begun.load(Ordering::Acquire) == seen && spins < SPINS {
                spins += 1;
                hint::spin_loop();
            }
            let mut state = self.lock();
            while self.begun.load(Ordering::Acquire) == seen {
                state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            seen = self.begun.load(Ordering::Acquire);
            if state.is_over {
                return;
            }
            let Some(work) = state.work else { continue };
            self.active.fetch_add(1, Ordering::Relaxed);
            drop(state);
            let result = catch_unwind(AssertUnwindSafe(|| self.take_jobs(thread, work)));
            if let Err(panic) = result {
                self.lock().panic = Some(panic);
            }
            self.active.fetch_sub(1, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn every_job_runs_once_with_its_threads_state() {
        for threads in 1..5 {
            let pool = Pool::new(threads).unwrap();
            assert_eq!(pool.size(), threads);
            let mut states: Vec<Vec<usize>> = Vec::new();
            for jobs in [0, 1, 2, 100, 7] {
                states.iter_mut().for_each(Vec::clear);
                pool.run(&mut states, jobs, |state, job| state.push(job));
                let mut done: Vec<usize> = states.iter().flatten().copied().collect();
                done.sort_unstable();
                assert_eq!(done, (0..jobs).collect::<Vec<_>>());
            }
            assert_eq!(states.len(), threads);
        }
    }

    #[test]
    fn a_pool_that_is_at_work_is_not_waited_for() {
        let pool = Pool::new(2).unwrap();
        pool.run(&mut vec![0; 2], 2, |_, _| {
            let inner = AtomicUsize::new(0);
            pool.run(&mut vec![0; 2], 5, |count, job| {
                *count += 1;
                inner.fetch_add(job, Ordering::Relaxed);
            });
            assert_eq!(inner.into_inner(), 10);
        });
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_pool_goes_on() {
        let pool = Pool::new(3).unwrap();
        for guilty in 0..8 {
            let all = AtomicUsize::new(0);
            let run = || {
                pool.run(&mut vec![(); 3], 8, |(), job| {
                    all.fetch_add(1, Ordering::Relaxed);
                    assert!(job != guilty, "job {job}");
                });
            };
            assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        }
        let was_run = AtomicBool::new(false);
        pool.run(&mut vec![(); 3], 1, |(), _| was_run.store(true, Ordering::Relaxed));
        assert!(was_run.into_inner());
    }
}
