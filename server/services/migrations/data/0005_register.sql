-- What visitors send (F1, F3 to F6, E15), what the site says of itself (versions of the policy, search, visits).
-- One text for both engines. What each column is for stands in `domain::register`, which a test compares with this.

-- A named, dated event; its pre-registration is open until it is closed or over (F5).
CREATE TABLE event (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    place TEXT NOT NULL,
    description TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX event_by_end ON event (ends_at);

-- What was handed to the regional association: never who.
CREATE TABLE forwarding (
    id UUID PRIMARY KEY,
    event_id UUID NOT NULL REFERENCES event (id),
    at BIGINT NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (account_id),
    -- The public key it was encrypted to.
    recipient TEXT NOT NULL,
    requests BIGINT NOT NULL,
    sha256 BYTEA NOT NULL
);
CREATE INDEX forwarding_by_event ON forwarding (event_id, at);

-- One row whatever the form; NULL where its form does not ask.
CREATE TABLE request (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('contact', 'pre_registration', 'event', 'apprenticeship_tax')),
    -- What the form held when it was shown: posted twice, it is one request.
    submission UUID NOT NULL UNIQUE,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'open', 'closed')),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    birth_date TEXT,
    postal_code TEXT,
    company TEXT,
    by_video BOOLEAN,
    availability TEXT,
    message TEXT,
    event_id UUID REFERENCES event (id),
    -- The Mission Locale that serves the postal code (F5).
    structure TEXT,
    -- What the guard of A9 found: 'nir', 'health' or both, with a comma.
    flags TEXT,
    assigned_to UUID REFERENCES staff (account_id),
    closed_at BIGINT
);
-- The retention engine walks these, oldest first.
CREATE INDEX request_by_age ON request (kind, received_at, id);
CREATE INDEX request_by_event ON request (event_id, received_at);
-- The inbox.
CREATE INDEX request_by_state ON request (state, kind, received_at);
CREATE INDEX request_by_assignee ON request (assigned_to, state, received_at);

CREATE TABLE request_answer (
    id UUID PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    staff_id UUID NOT NULL REFERENCES staff (account_id),
    at BIGINT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX request_answer_by_request ON request_answer (request_id, at);

-- Rights of people over their data (E15), for the data-protection officer.
CREATE TABLE rights_request (
    id UUID PRIMARY KEY,
    submission UUID NOT NULL UNIQUE,
    received_at BIGINT NOT NULL,
    -- One month later, three when it was extended.
    due_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'identity', 'closed')),
    kind TEXT NOT NULL,
    ground TEXT,
    -- Whose data: 'self', 'child' or 'deceased'.
    concerns TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    message TEXT,
    flags TEXT,
    account_id UUID REFERENCES account (id),
    extended_at BIGINT,
    extension_reason TEXT,
    identity_asked_at BIGINT,
    closed_at BIGINT,
    outcome TEXT CHECK (outcome IN ('granted', 'partly', 'refused', 'withdrawn')),
    answer TEXT
);
CREATE INDEX rights_request_by_due ON rights_request (state, due_on);
CREATE INDEX rights_request_by_close ON rights_request (closed_at);
CREATE INDEX rights_request_by_account ON rights_request (account_id);

-- The newsletter (F1, F2).
CREATE TABLE subscription (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    -- Folded: one address subscribes once.
    email_key TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    category TEXT NOT NULL,
    organisation TEXT,
    position TEXT,
    -- Whether opening and clicks may be measured, asked apart from the rest (F2).
    measured BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'confirmed')),
    asked_at BIGINT NOT NULL,
    confirmed_at BIGINT
);
CREATE INDEX subscription_by_state ON subscription (state, asked_at);

-- Each wording of the policy, so that earlier ones stay readable.
CREATE TABLE policy_version (
    number BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    since BIGINT NOT NULL,
    content TEXT NOT NULL
);

-- Search (F7): what can be found, and under which stemmed, folded terms.
CREATE TABLE search_entry (
    id BIGINT PRIMARY KEY,
    -- 'page', 'form', 'event' or 'news'.
    kind TEXT NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    -- Of all that is found here: what did not change is not indexed again.
    hash BYTEA NOT NULL,
    -- When an event is over; it is not found any more.
    until BIGINT
);

CREATE TABLE search_term (
    term TEXT NOT NULL,
    entry_id BIGINT NOT NULL REFERENCES search_entry (id) ON DELETE CASCADE,
    weight BIGINT NOT NULL,
    PRIMARY KEY (term, entry_id)
);
CREATE INDEX search_term_by_entry ON search_term (entry_id);

-- Visits without cookie or identifier (F8), summed up once they are old.
CREATE TABLE visit (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    page TEXT NOT NULL,
    browser TEXT NOT NULL,
    language TEXT NOT NULL,
    system TEXT NOT NULL,
    device TEXT NOT NULL,
    -- The host that led here, if it is not ours.
    referrer TEXT,
    -- Cut: 198.51.0.0 or 2001:db8::.
    address TEXT NOT NULL
);
CREATE INDEX visit_by_time ON visit (at);

CREATE TABLE visit_day (
    day TEXT NOT NULL,
    page TEXT NOT NULL,
    device TEXT NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (day, page, device)
);
