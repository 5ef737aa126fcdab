-- What is kept for a while under a key: limits, links, letters, tokens. The body is sealed: nobody's to
-- read but whoever wrote it.
CREATE TABLE entry (
    kind text COLLATE "C" NOT NULL,
    key bytea NOT NULL CHECK (length(key) = 32),
    revision bigint NOT NULL,
    account uuid REFERENCES account (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    expires_at bigint,
    body bytea NOT NULL, -- sealed
    PRIMARY KEY (kind, key)
);

CREATE INDEX entry_by_time ON entry (kind, at, key);
CREATE INDEX entry_of_account ON entry (account, kind) WHERE account IS NOT NULL;
CREATE INDEX entry_by_end ON entry (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE session ADD COLUMN user_agent text;
ALTER TABLE session ADD COLUMN device_key bytea CHECK (length(device_key) = 32);

ALTER TABLE credential ADD COLUMN passkeys text NOT NULL DEFAULT '{}';
