//! What is about nobody: columns and fields of forms that no processing has to claim, and why.

/// Tables that hold nothing about anybody, and why.
pub const TECHNICAL_TABLES: &[(&str, &str)] = &[
    ("_sqlx_migrations", "which migrations were applied"),
    ("key_check", "fingerprint of the master key"),
    ("ledger_head", "end of the chain of receipts"),
    ("ledger_checkpoint", "where the chain of receipts was pruned"),
    ("staff_turn", "lets changes to the team happen one after the other"),
    ("mail_pause", "since when the mail server is silent"),
    ("job", "when each job last ran"),
    ("job_run", "what each job counted: numbers alone"),
    ("consent_text", "the texts that were shown"),
    ("consent_day", "how many choices a day had"),
    ("consent_violation", "what pages tried: kinds, hosts and route patterns, counted"),
    ("policy_version", "what the policy said, and from when on"),
    ("search_entry", "public pages that can be found"),
    ("search_term", "the words they are found by"),
    ("event", "dated events of the organisation"),
    ("visit_day", "sums of visits, which name no one"),
];

/// Columns about nobody, in tables that hold something about somebody, and why.
pub const TECHNICAL_COLUMNS: &[(&str, &[&str], &str)] = &[
    ("account", &["id"], "a number made here"),
    ("staff", &["account_id"], "the same number"),
    ("youth", &["id"], "a number made here"),
    ("attachment", &["id"], "a number made here"),
    ("situation", &["id"], "a number made here"),
    ("appointment", &["id"], "a number made here"),
    ("correction", &["id"], "a number made here"),
    ("document", &["id"], "a number made here"),
    ("access_log", &["id"], "a number made here"),
    ("journal", &["id"], "a number made here"),
    ("account_proposal", &["id"], "a number made here"),
    ("consent_receipt", &["number", "list_hash", "text_hash", "previous", "mac"], "the chain that proves it"),
    (
        "mail",
        &["id", "message_id", "attempts", "next_attempt_at", "lease", "lease_until", "reason"],
        "how its delivery goes",
    ),
    ("request", &["id", "kind", "submission"], "numbers made here, and which form"),
    ("request_answer", &["id"], "a number made here"),
    ("rights_request", &["id", "submission"], "numbers made here"),
    ("subscription", &["id"], "a number made here"),
    ("forwarding", &["id", "event_id", "recipient", "requests", "sha256"], "which file was handed over, to which key"),
    ("visit", &["id"], "a number made here"),
];

/// Fields that say nothing about anybody in whatever form they are, and why.
pub const TECHNICAL_FIELDS: &[(&str, &str)] = &[
    ("confirmed", "« Envoyer quand même »"),
    ("token", "which form it was, and when it was shown"),
    ("website", "nobody sees it: who fills it in is a program"),
];

/// Fields of forms that say nothing about anybody, and why: `Form.field`.
pub const TECHNICAL_INPUTS: &[(&str, &str)] = &[
    ("ConsentForm.back", "the page to go back to"),
    ("ActivationForm.step", "which step of the form"),
    ("ChangeForm.what", "which change is proposed"),
    ("DecisionForm.decision", "which button"),
    ("SignOutForm.device", "which session to end"),
    ("EventAdminForm.name", "what an event is called"),
    ("EventAdminForm.place", "where an event is"),
    ("EventAdminForm.description", "what an event is for"),
    ("EventAdminForm.start_date", "when an event begins"),
    ("EventAdminForm.start_time", "when an event begins"),
    ("EventAdminForm.end_date", "when an event ends"),
    ("EventAdminForm.end_time", "when an event ends"),
    ("EventStateForm.action", "which button"),
    ("RightsStepForm.step", "which button"),
    ("HandlingForm.action", "which button"),
    ("HandlingForm.close", "whether it is closed with the answer"),
    ("HandlingForm.list", "which list the button was pressed in"),
    ("HandlingForm.submission", "posted twice, it is one answer"),
];
