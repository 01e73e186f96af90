-- Staff accounts: proposed by one person, confirmed by another (A8). Activation codes. What happened to accounts.

-- When somebody last came in, second factor included.
ALTER TABLE account ADD COLUMN last_sign_in_at BIGINT;
-- Who looks after the accounts, and whether anybody else does.
CREATE INDEX account_by_role ON account (role, state);

-- The folded name, for sorting and searching. Rows from before are folded at the next start.
ALTER TABLE staff ADD COLUMN sort_key TEXT;
CREATE INDEX staff_by_name ON staff (sort_key, account_id);

-- One row, taken by whoever changes the rights of an account: two administrators who suspend each other at
-- the same moment come one after the other, so that the second one finds nobody else left.
CREATE TABLE staff_turn (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    turns BIGINT NOT NULL
);
INSERT INTO staff_turn (id, turns) VALUES (1, 0);

CREATE TABLE account_proposal (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('create', 'role', 'reactivate', 'invite')),
    -- The account, or the id of the one it becomes: no row of account before the confirmation.
    account_id UUID NOT NULL,
    -- For a new account, until it is decided.
    identifier TEXT,
    name TEXT,
    email TEXT,
    phone TEXT,
    role TEXT,
    proposed_by UUID NOT NULL REFERENCES account (id),
    proposed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed', 'declined', 'withdrawn', 'expired')),
    decided_by UUID REFERENCES account (id),
    decided_at BIGINT,
    -- Two people, whatever the program says.
    CHECK (state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> proposed_by))
);
CREATE UNIQUE INDEX account_proposal_one_change ON account_proposal (account_id) WHERE state = 'pending';
CREATE UNIQUE INDEX account_proposal_one_identifier ON account_proposal (identifier) WHERE state = 'pending';
CREATE INDEX account_proposal_by_time ON account_proposal (state, proposed_at, id);

-- One code an account, gone once it is used.
CREATE TABLE activation_code (
    account_id UUID PRIMARY KEY REFERENCES account (id),
    code_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX activation_code_by_end ON activation_code (expires_at);

-- Append-only: who did what to which account. No words of anybody's own.
CREATE TABLE journal (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    action TEXT NOT NULL,
    subject_id UUID NOT NULL
);
CREATE INDEX journal_by_subject ON journal (subject_id, at, id);
