-- One text for both engines: SQLite takes the type names as they are.
-- Instants are milliseconds UTC, civil dates ISO text, folded keys come from Rust.

CREATE TABLE account (
    id UUID PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    -- NULL for a young person.
    role TEXT,
    state TEXT NOT NULL CHECK (state IN ('awaiting', 'active', 'suspended')),
    password_hash TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE staff (
    account_id UUID PRIMARY KEY REFERENCES account (id),
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT
);

CREATE TABLE second_factor (
    account_id UUID PRIMARY KEY REFERENCES account (id),
    sealed_key BYTEA NOT NULL,
    confirmed BOOLEAN NOT NULL,
    -- The last time step whose code was accepted: each code counts once.
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_code (
    account_id UUID NOT NULL REFERENCES account (id),
    code_hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    stage TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    -- Recovery codes, sealed, until they are acknowledged.
    sealed_codes BYTEA
);
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (ends_at);

CREATE TABLE throttle (
    bucket BYTEA PRIMARY KEY,
    attempts BIGINT NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX throttle_by_age ON throttle (since);

CREATE TABLE youth (
    id UUID PRIMARY KEY,
    account_id UUID NOT NULL UNIQUE REFERENCES account (id),
    imilo_id TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    birth_name TEXT NOT NULL,
    usual_name TEXT,
    birth_date TEXT NOT NULL,
    address TEXT,
    postal_code TEXT,
    city TEXT,
    phone TEXT,
    email TEXT,
    school_level TEXT,
    target_job TEXT,
    prepared_job TEXT,
    held_job TEXT,
    registered_on TEXT,
    guarantee_entry_on TEXT,
    cej_entry_on TEXT,
    cohort_number TEXT,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL
);

-- Who follows whom, from when to when and why (E3).
CREATE TABLE attachment (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES youth (id),
    staff_id UUID NOT NULL REFERENCES staff (account_id),
    referent BOOLEAN NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    reason TEXT NOT NULL
);
CREATE INDEX attachment_by_staff ON attachment (staff_id, youth_id);
CREATE INDEX attachment_by_youth ON attachment (youth_id, staff_id);

CREATE TABLE situation (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES youth (id),
    category TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'current', 'ended')),
    started_on TEXT,
    ended_on TEXT,
    label TEXT
);
CREATE INDEX situation_by_youth ON situation (youth_id, started_on);

CREATE TABLE appointment (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES youth (id),
    starts_at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('appointment', 'workshop')),
    title TEXT NOT NULL,
    place TEXT NOT NULL
);
CREATE INDEX appointment_by_youth ON appointment (youth_id, starts_at);

CREATE TABLE correction (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES youth (id),
    asked_at BIGINT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX correction_by_youth ON correction (youth_id, asked_at);

CREATE TABLE vault (
    youth_id UUID PRIMARY KEY REFERENCES youth (id),
    shared BOOLEAN NOT NULL,
    -- Committed and reserved bytes, and documents, pending ones included: only changed by conditional updates.
    bytes BIGINT NOT NULL,
    documents BIGINT NOT NULL
);

CREATE TABLE document (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES vault (youth_id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'committed', 'deleted')),
    category TEXT NOT NULL,
    depositor_id UUID REFERENCES account (id),
    -- Bytes reserved while pending, the length once committed.
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Name, kind, SHA-256 and parts under the person's key; NULL while pending and once deleted.
    sealed_record BYTEA,
    wrapped_key BYTEA
);
CREATE INDEX document_by_youth ON document (youth_id, state, created_at);
CREATE INDEX document_unfinished ON document (state, created_at);

-- Every reading, deposit, deletion, consent change and refused attempt (V11, E16).
CREATE TABLE access_log (
    id UUID PRIMARY KEY,
    youth_id UUID NOT NULL REFERENCES youth (id),
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    action TEXT NOT NULL,
    document_id UUID,
    refused BOOLEAN NOT NULL
);
CREATE INDEX access_log_by_youth ON access_log (youth_id, at);

-- The exact texts shown when a choice was made (C8).
CREATE TABLE consent_text (
    hash BYTEA PRIMARY KEY,
    content TEXT NOT NULL
);

-- Append-only, each row chained to the one before by a keyed hash (C8).
CREATE TABLE consent_receipt (
    number BIGINT PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    decisions TEXT NOT NULL,
    list_hash BYTEA NOT NULL REFERENCES consent_text (hash),
    text_hash BYTEA NOT NULL REFERENCES consent_text (hash),
    place TEXT NOT NULL,
    previous BYTEA NOT NULL UNIQUE,
    mac BYTEA NOT NULL
);
