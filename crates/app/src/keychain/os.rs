use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::oneshot;

use super::platform::Platform;
use super::{Entry, Keychain, KeychainError, KeychainState, Secret};

/// How long a question may take. After that the window must say something.
pub const DEADLINE: Duration = Duration::from_secs(5);

/// Threads that may wait for a keychain at the same time, all but one of them given up on. A
/// keychain that swallowed this many questions is not asked again before it answers one.
const MOST_THREADS: usize = 8;

/// The keychain of the operating system.
///
/// Its libraries block, wait for ever for a prompt nobody answers, and panic on an async thread:
/// so one thread of its own asks the questions, a caller waits no longer than the deadline, and a
/// thread that hangs or dies is left behind and replaced. Nobody joins it, so that the program can
/// always end. A prompt that is still open is not opened a second time.
#[derive(Debug)]
pub struct OsKeychain {
    deadline: Duration,
    line: Mutex<Option<Line>>,
    lines_opened: AtomicUsize,
    threads: Arc<AtomicUsize>,
    prompt: OpenPrompt,
}

/// The way to the thread that asks at present.
#[derive(Debug)]
struct Line {
    number: usize,
    questions: Sender<Question>,
}

type Question = Box<dyn FnOnce(&mut Platform) + Send>;

impl Default for OsKeychain {
    fn default() -> Self {
        Self::with_deadline(DEADLINE)
    }
}

impl OsKeychain {
    /// The keychain of the person signed in to this computer; it is first spoken to when asked.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with another deadline.
    pub fn with_deadline(deadline: Duration) -> Self {
        Self {
            deadline,
            line: Mutex::default(),
            lines_opened: AtomicUsize::default(),
            threads: Arc::default(),
            prompt: OpenPrompt::default(),
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Platform) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (reply, answer) = oneshot::channel();
        let number = self.send(Box::new(move |platform| {
            // Whoever stopped waiting was told that nothing was done; so nothing is done.
            if !reply.is_closed() {
                drop(reply.send(question(platform)));
            }
        }))?;
        match tokio::time::timeout(self.deadline, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_the_thread_died)) => {
                self.leave(number);
                Err(KeychainError::NotAnswering)
            }
            Err(_deadline) => {
                self.leave(number);
                Err(if self.prompt.is_open() {
                    KeychainError::PromptUnanswered
                } else {
                    KeychainError::NotAnswering
                })
            }
        }
    }

    fn send(&self, question: Question) -> Result<usize, KeychainError> {
        let mut line = self.line();
        let question = match line.as_ref() {
            Some(open) => match open.questions.send(question) {
                Ok(()) => return Ok(open.number),
                Err(unsent) => unsent.0,
            },
            None => question,
        };
        let opened = self.open_line()?;
        opened
            .questions
            .send(question)
            .map_err(|_| KeychainError::NotAnswering)?;
        Ok(line.insert(opened).number)
    }

    fn open_line(&self) -> Result<Line, KeychainError> {
        let presence = Presence::enter(&self.threads).ok_or(KeychainError::NotAnswering)?;
        let prompt = self.prompt.clone();
        let (questions, asked) = channel::<Question>();
        thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                let _presence = presence;
                let mut platform = Platform::new(prompt);
                for question in asked {
                    question(&mut platform);
                }
            })
            .map_err(|cause| KeychainError::Refused(cause.to_string()))?;
        Ok(Line {
            number: self.lines_opened.fetch_add(1, Ordering::Relaxed),
            questions,
        })
    }

    /// Forgets the line with this number: its thread ends by itself, when and if it can.
    fn leave(&self, number: usize) {
        let mut line = self.line();
        if line.as_ref().is_some_and(|open| open.number == number) {
            *line = None;
        }
    }

    fn line(&self) -> MutexGuard<'_, Option<Line>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Keychain for OsKeychain {
    async fn get(&self, entry: &Entry) -> Result<Option<Secret>, KeychainError> {
        let entry = entry.clone();
        self.ask(move |platform| platform.get(&entry)).await
    }

    async fn set(&self, entry: &Entry, secret: &Secret) -> Result<(), KeychainError> {
        let (entry, secret) = (entry.clone(), secret.clone());
        self.ask(move |platform| platform.set(&entry, &secret)).await
    }

    async fn delete(&self, entry: &Entry) -> Result<(), KeychainError> {
        let entry = entry.clone();
        self.ask(move |platform| platform.delete(&entry)).await
    }

    async fn state(&self) -> KeychainState {
        self.ask(|platform| Ok(platform.state()))
            .await
            .unwrap_or_else(|error| KeychainState::from(&error))
    }
}

/// Counts the threads that are alive.
struct Presence(Arc<AtomicUsize>);

impl Presence {
    fn enter(threads: &Arc<AtomicUsize>) -> Option<Self> {
        let room = |alive: usize| (alive < MOST_THREADS).then_some(alive + 1);
        threads
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, room)
            .ok()?;
        Some(Self(Arc::clone(threads)))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The prompt that may be on the screen right now, with the name of the program that shows it.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenPrompt(Arc<Mutex<Option<String>>>);

#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "only the Secret Service tells that it will ask")
)]
impl OpenPrompt {
    /// `owner` may be asking from now until the guard is dropped.
    pub(super) fn open(&self, owner: &str) -> PromptGuard {
        *self.shown() = Some(owner.to_owned());
        PromptGuard {
            prompt: self.clone(),
            owner: owner.to_owned(),
        }
    }

    pub(super) fn is_of(&self, owner: &str) -> bool {
        self.shown().as_deref() == Some(owner)
    }

    fn is_open(&self) -> bool {
        self.shown().is_some()
    }

    fn shown(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the prompt when the question that opened it was answered.
#[derive(Debug)]
pub(super) struct PromptGuard {
    prompt: OpenPrompt,
    owner: String,
}

impl Drop for PromptGuard {
    fn drop(&mut self) {
        if self.prompt.is_of(&self.owner) {
            *self.prompt.shown() = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[tokio::test]
    async fn a_thread_that_dies_is_replaced() {
        let keychain = OsKeychain::new();
        let died = keychain
            .ask::<()>(|_| panic!("as the library does on an async thread"))
            .await;
        assert_eq!(
            died,
            Err(KeychainError::NotAnswering),
            "the panic stays on its thread"
        );
        assert_eq!(
            keychain.ask(|_| Ok("here")).await,
            Ok("here"),
            "the next question finds another thread"
        );
    }

    #[tokio::test]
    async fn a_question_nobody_waits_for_any_more_is_not_asked() {
        let keychain = OsKeychain::with_deadline(Duration::from_millis(50));
        let (release, held) = channel::<()>();
        let late = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&late);
        let answers = tokio::join!(
            keychain.ask(move |_| Ok(held.recv().is_ok())),
            keychain.ask(move |_| {
                asked.store(true, Ordering::Release);
                Ok(())
            }),
        );
        let given_up = (Err(KeychainError::NotAnswering), Err(KeychainError::NotAnswering));
        assert_eq!(
            answers, given_up,
            "both were told that the keychain does not answer"
        );
        drop(release);
        while keychain.threads.load(Ordering::Acquire) > 0 {
            tokio::task::yield_now().await;
        }
        assert!(
            !late.load(Ordering::Acquire),
            "a write that was given up on must not come later"
        );
    }

    #[tokio::test]
    async fn a_keychain_that_swallows_questions_is_let_alone() {
        let keychain = OsKeychain::with_deadline(Duration::from_millis(20));
        let mut releases = Vec::new();
        for _ in 0..MOST_THREADS + 3 {
            let (release, held) = channel::<()>();
            releases.push(release);
            let answer = keychain.ask(move |_| Ok(held.recv().is_ok())).await;
            assert_eq!(
                answer,
                Err(KeychainError::NotAnswering),
                "nobody waits longer than the deadline"
            );
        }
        assert_eq!(
            keychain.threads.load(Ordering::Acquire),
            MOST_THREADS,
            "threads do not pile up for ever"
        );
        drop(releases);
        while keychain.threads.load(Ordering::Acquire) > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            keychain.ask(|_| Ok("here")).await,
            Ok("here"),
            "once it is back, it is asked again"
        );
    }
}
