-- Where the consent ledger begins since its oldest receipts went by age: written before they go, sealed (C8).
CREATE TABLE ledger_checkpoint (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    -- How many went: the number of the last one.
    receipts BIGINT NOT NULL,
    -- The link of the last one: the next receipt goes on from it.
    mac BYTEA NOT NULL,
    at BIGINT NOT NULL,
    -- Made with the ledger's key from the columns above.
    seal BYTEA NOT NULL
);
