//! The signal that asks every worker to stop.

use tokio::sync::watch;

/// The side that asks the workers to stop.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// The side of a worker, which waits for the signal. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// Makes both sides of a signal.
    #[must_use]
    pub fn new() -> (Stopper, Self) {
        let (ask, asked) = watch::channel(false);
        (Stopper(ask), Self(Some(asked)))
    }

    /// A signal that nobody sends.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| *asked.borrow())
    }

    /// Returns when it is time to stop. When the side that asks was dropped, it is also time to stop.
    pub async fn asked(&self) {
        match &self.0 {
            Some(asked) => {
                let _ = asked.clone().wait_for(|asked| *asked).await;
            }
            None => std::future::pending().await,
        }
    }
}

impl Stopper {
    /// Asks all workers to stop.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }
}
