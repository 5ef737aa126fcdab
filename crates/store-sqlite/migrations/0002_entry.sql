-- What is kept for a while under a key: limits, links, letters, tokens. The body is nobody's to read but
-- whoever wrote it.
CREATE TABLE entry (
    kind TEXT NOT NULL,
    key BLOB NOT NULL CHECK (length(key) = 32),
    revision INTEGER NOT NULL,
    account BLOB REFERENCES account (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    expires_at INTEGER,
    body BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_by_time ON entry (kind, at, key);
CREATE INDEX entry_of_account ON entry (account, kind) WHERE account IS NOT NULL;
CREATE INDEX entry_by_end ON entry (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE session ADD COLUMN user_agent TEXT;
ALTER TABLE session ADD COLUMN device_key BLOB;

ALTER TABLE credential ADD COLUMN passkeys TEXT NOT NULL DEFAULT '{}';
