-- Receipts that go by age, and what is counted beside them (C8).

-- Whether a receipt still refers to a text: asked before the text is deleted.
CREATE INDEX consent_receipt_by_list ON consent_receipt (list_hash, number);
CREATE INDEX consent_receipt_by_text ON consent_receipt (text_hash, number);

-- When a text was first shown.
ALTER TABLE consent_text ADD COLUMN first_at BIGINT NOT NULL DEFAULT 0;
UPDATE consent_text SET first_at = COALESCE(
    (SELECT MIN(at) FROM consent_receipt WHERE list_hash = consent_text.hash OR text_hash = consent_text.hash), 0
);
CREATE INDEX consent_text_by_time ON consent_text (first_at, hash);

-- One row a day: how many, never who.
CREATE TABLE consent_day (
    -- The organisation's day, 2026-03-29.
    day TEXT PRIMARY KEY,
    -- Visits that began with the banner.
    shown BIGINT NOT NULL DEFAULT 0,
    accepted BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    custom BIGINT NOT NULL DEFAULT 0,
    -- Rows of consent_violation that the day began, so that a flood of them ends somewhere.
    kinds BIGINT NOT NULL DEFAULT 0,
    -- Reports beyond.
    other_reports BIGINT NOT NULL DEFAULT 0
);

-- What pages tried that their Content-Security-Policy forbids: no address of a page, no visitor.
CREATE TABLE consent_violation (
    day TEXT NOT NULL,
    directive TEXT NOT NULL,
    blocked TEXT NOT NULL,
    route TEXT NOT NULL,
    reports BIGINT NOT NULL,
    PRIMARY KEY (day, directive, blocked, route)
);
