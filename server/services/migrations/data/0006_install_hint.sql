-- Whether somebody no longer wants to read how to install the app. It is kept with the account and not in the browser: a
-- computer that many people use must not tell who was there.
ALTER TABLE account ADD COLUMN install_hint_closed BOOLEAN NOT NULL DEFAULT FALSE;
