-- Kept apart from the data, with a backup of its own: a key destroyed here makes a person's documents
-- unreadable in every backup of the data (V8).

CREATE TABLE person_key (
    youth_id UUID PRIMARY KEY,
    wrapped_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- Proves that the master key is the one this keyring was made with.
CREATE TABLE key_check (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    fingerprint BYTEA NOT NULL
);

-- The newest link of the consent ledger, out of reach of whoever can write the data (C8).
CREATE TABLE ledger_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    receipts BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
