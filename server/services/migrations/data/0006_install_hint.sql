-- Who no longer wants to read how to install the app. It is kept with the account and not in the browser: a computer that many
-- people use must not tell who was there.
CREATE TABLE install_hint_closed (
    account_id UUID PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE
);
