//! Being asked to stop: one word to every worker.

use tokio::sync::watch;

/// Asks.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

/// Is asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// Somebody who can ask, and what they ask.
    #[must_use]
    pub fn new() -> (Stopper, Self) {
        let (ask, asked) = watch::channel(false);
        (Stopper(ask), Self(Some(asked)))
    }

    /// Nobody ever asks.
    #[must_use]
    pub const fn never() -> Self {
        Self(None)
    }

    /// Whether it is time to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| *asked.borrow())
    }

    /// Over when it is time to stop. Whoever could ask being gone counts as asking.
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
    /// Asks everybody.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }
}
