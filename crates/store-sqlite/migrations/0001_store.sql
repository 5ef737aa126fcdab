-- Times are microseconds since 1970, UTC. Ids are the 16 bytes of a UUID. "Never" is the least
-- number, so that it sorts before every time.

CREATE TABLE shop (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    name TEXT NOT NULL,
    policy TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    recovery_key_confirmed_at INTEGER
) STRICT;

-- An address in the recycle bin stays taken: the account can be restored.
CREATE TABLE account (
    num INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    revision INTEGER NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    -- 0 owner, 1 support, 2 auditor, 3 staff, 4 customer
    role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 4),
    disabled TEXT,
    locked TEXT,
    deleted TEXT,
    deleted_at INTEGER,
    -- What the shop has closed, by what matters first: 3 deleted, 2 disabled, 1 locked, 0 nothing.
    gate INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE WHEN deleted IS NOT NULL THEN 3 WHEN disabled IS NOT NULL THEN 2 WHEN locked IS NOT NULL THEN 1 ELSE 0 END
    ) STORED,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Of the credential, so that lists need not read it.
    enrolled INTEGER NOT NULL DEFAULT 0,
    second_factor INTEGER NOT NULL DEFAULT 0,
    last_sign_in_at INTEGER NOT NULL DEFAULT (-9223372036854775808),
    closed_until INTEGER NOT NULL DEFAULT (-9223372036854775808)
) STRICT;

-- One index for each order, with everything a filter asks: a page never reads a row it does not show.
CREATE INDEX account_by_email ON account (email_key, id, gate, closed_until, enrolled, second_factor, role);
CREATE INDEX account_by_name ON account (name_key, id, gate, closed_until, enrolled, second_factor, role);
CREATE INDEX account_by_role ON account (role, id, gate, closed_until, enrolled, second_factor);
CREATE INDEX account_by_created ON account (created_at, id, gate, closed_until, enrolled, second_factor, role);
CREATE INDEX account_by_sign_in ON account (last_sign_in_at, id, gate, closed_until, enrolled, second_factor, role);
-- For what is rare: a handful of rows is found here and then sorted.
CREATE INDEX account_by_gate ON account (gate);
CREATE INDEX account_by_closed ON account (closed_until);
CREATE INDEX account_deleted ON account (deleted_at) WHERE deleted_at IS NOT NULL;

-- Pieces of three characters, for searches. Two line ends behind each text let its last characters
-- begin a piece as well: a shorter search looks for the pieces that begin with it.
CREATE VIRTUAL TABLE account_text USING fts5(text, content = '', detail = none, tokenize = 'trigram case_sensitive 1');

CREATE VIRTUAL TABLE account_piece USING fts5vocab(account_text, row);

CREATE TRIGGER account_text_insert AFTER INSERT ON account BEGIN
    INSERT INTO account_text (rowid, text) VALUES (new.num, new.email_key || char(10) || new.name_key || char(10, 10));
END;

CREATE TRIGGER account_text_update AFTER UPDATE OF email_key, name_key ON account
WHEN old.email_key <> new.email_key OR old.name_key <> new.name_key BEGIN
    INSERT INTO account_text (account_text, rowid, text) VALUES ('delete', old.num, old.email_key || char(10) || old.name_key || char(10, 10));
    INSERT INTO account_text (rowid, text) VALUES (new.num, new.email_key || char(10) || new.name_key || char(10, 10));
END;

CREATE TRIGGER account_text_delete AFTER DELETE ON account BEGIN
    INSERT INTO account_text (account_text, rowid, text) VALUES ('delete', old.num, old.email_key || char(10) || old.name_key || char(10, 10));
END;

CREATE TABLE credential (
    account BLOB PRIMARY KEY NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    password TEXT,
    password_set_at INTEGER,
    must_change INTEGER NOT NULL,
    breached INTEGER,
    breached_at INTEGER,
    totp BLOB,
    totp_progress TEXT,
    totp_since INTEGER,
    totp_begun BLOB,
    recovery TEXT,
    put_off_until INTEGER,
    enrolment BLOB,
    enrolment_expires_at INTEGER,
    enrolment_used_at INTEGER,
    budgets TEXT NOT NULL,
    known_devices TEXT NOT NULL,
    last_sign_in_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id BLOB PRIMARY KEY NOT NULL CHECK (length(id) = 16),
    account BLOB NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token BLOB NOT NULL UNIQUE CHECK (length(token) = 32),
    stage TEXT NOT NULL,
    program TEXT NOT NULL,
    address TEXT,
    device BLOB,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    locked_at INTEGER,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX session_of_account ON session (account, created_at);

-- The payload is the event; the columns before it are for searching and are checked against it.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_id BLOB,
    subject_id BLOB,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    address TEXT,
    text TEXT NOT NULL,
    payload BLOB NOT NULL,
    salt BLOB NOT NULL,
    commitment BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;

CREATE INDEX audit_by_actor ON audit (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_by_action ON audit (action);
CREATE INDEX audit_by_action_outcome ON audit (action, outcome);
CREATE INDEX audit_by_outcome ON audit (outcome);
CREATE INDEX audit_by_address ON audit (address) WHERE address IS NOT NULL;

CREATE VIRTUAL TABLE audit_text USING fts5(text, content = '', detail = none, tokenize = 'trigram case_sensitive 1');

-- The earliest and the latest time in each 1,024 rows. Rows are in the order of recording, and a
-- clock may have been set back in between: this finds a time without reading every row.
CREATE TABLE audit_span (
    block INTEGER PRIMARY KEY,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
) STRICT;

CREATE TRIGGER audit_without_gaps BEFORE INSERT ON audit
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit) BEGIN
    SELECT raise(ABORT, 'the audit trail is written without gaps');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_searchable AFTER INSERT ON audit BEGIN
    INSERT INTO audit_text (rowid, text) VALUES (new.seq, new.text);
    INSERT INTO audit_span (block, earliest, latest) VALUES (new.seq >> 10, new.at, new.at)
    ON CONFLICT (block) DO UPDATE SET earliest = min(earliest, new.at), latest = max(latest, new.at);
END;
