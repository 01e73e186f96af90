-- Mails to be sent, and periodic jobs.

-- The outbox. Who it goes to and what it says are sealed, and destroyed once it is sent or given up.
CREATE TABLE mail (
    id UUID PRIMARY KEY,
    -- The same at every attempt: whoever gets it twice sees it once.
    message_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    sealed BYTEA,
    created_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    lease UUID,
    -- 0 when nobody holds it.
    lease_until BIGINT NOT NULL,
    ended_at BIGINT,
    -- Why the last attempt failed, in a word.
    reason TEXT,
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((state = 'waiting') = (sealed IS NOT NULL))
);
CREATE INDEX mail_by_turn ON mail (state, next_attempt_at, id);
CREATE INDEX mail_by_end ON mail (state, ended_at, id);

-- One row while the mail server does not answer: the whole queue waits, no mail's attempts are spent.
CREATE TABLE mail_pause (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    since BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    until BIGINT NOT NULL,
    reason TEXT NOT NULL
);

-- Periodic jobs: who runs one, and when it last began.
CREATE TABLE job (
    name TEXT PRIMARY KEY,
    last_started_at BIGINT NOT NULL,
    -- When somebody asked for a run that has not begun.
    asked_at BIGINT,
    lease UUID,
    lease_until BIGINT NOT NULL
);

CREATE TABLE job_run (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('schedule', 'person', 'command')),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    -- NULL while it runs.
    outcome TEXT CHECK (outcome IN ('done', 'failed', 'interrupted')),
    -- JSON: what was done, in numbers.
    counts TEXT NOT NULL
);
CREATE INDEX job_run_by_time ON job_run (started_at, id);
CREATE INDEX job_run_by_end ON job_run (ended_at);
CREATE INDEX job_run_by_name ON job_run (name, started_at, id);
