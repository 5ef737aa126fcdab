-- Times are microseconds since 1970, UTC. "Never" is the least number, so that it sorts before every time.
-- Text that is compared, sorted or searched stands in its UTF-8 bytes: every locale orders those alike, and
-- they may hold the NUL that a text of PostgreSQL may not. Pieces are hashes of a text's parts of up to
-- three characters, for searches without an extension.

CREATE TABLE store (
    id smallint PRIMARY KEY CHECK (id = 1),
    version integer NOT NULL,
    -- Opens only with the key that seals this store's secrets.
    key_check bytea NOT NULL
);

CREATE TABLE shop (
    id smallint PRIMARY KEY CHECK (id = 1),
    revision bigint NOT NULL,
    name text NOT NULL,
    policy text NOT NULL,
    created_at bigint NOT NULL,
    recovery_key_confirmed_at bigint
);

-- An address in the recycle bin stays taken: the account can be restored.
CREATE TABLE account (
    id uuid PRIMARY KEY,
    revision bigint NOT NULL,
    email text NOT NULL,
    email_key bytea NOT NULL CONSTRAINT account_email_taken UNIQUE,
    name text NOT NULL,
    name_key bytea NOT NULL,
    -- Parts of one, two and three characters of both keys.
    pieces integer[] NOT NULL,
    -- 0 owner, 1 support, 2 auditor, 3 staff, 4 customer
    role smallint NOT NULL CHECK (role BETWEEN 0 AND 4),
    disabled text,
    locked text,
    deleted text,
    deleted_at bigint,
    -- What the shop has closed, by what matters first: 3 deleted, 2 disabled, 1 locked, 0 nothing.
    gate smallint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN deleted IS NOT NULL THEN 3 WHEN disabled IS NOT NULL THEN 2 WHEN locked IS NOT NULL THEN 1 ELSE 0 END
    ) STORED,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    -- Of the credential, so that lists need not read it.
    enrolled boolean NOT NULL DEFAULT false,
    second_factor boolean NOT NULL DEFAULT false,
    last_sign_in_at bigint NOT NULL DEFAULT (-9223372036854775808),
    closed_until bigint NOT NULL DEFAULT (-9223372036854775808)
);

-- One index for each order; the one of addresses is the constraint's.
CREATE INDEX account_by_name ON account (name_key, id);
CREATE INDEX account_by_role ON account (role, id);
CREATE INDEX account_by_created ON account (created_at, id);
CREATE INDEX account_by_sign_in ON account (last_sign_in_at, id);
-- For what is rare.
CREATE INDEX account_by_gate ON account (gate) WHERE gate > 0;
CREATE INDEX account_by_closed ON account (closed_until) WHERE closed_until > -9223372036854775808;
CREATE INDEX account_deleted ON account (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX account_by_pieces ON account USING gin (pieces);
-- Enough of the most frequent pieces for the planner to know a rare search from one that finds thousands.
ALTER TABLE account ALTER COLUMN pieces SET STATISTICS 1000;

-- "Sealed" is encrypted for this very row and column by whoever writes it; the server never has the key.
CREATE TABLE credential (
    account uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    revision bigint NOT NULL,
    password text,
    password_set_at bigint,
    must_change boolean NOT NULL,
    breached bigint,
    breached_at bigint,
    totp bytea, -- sealed
    totp_progress text,
    totp_since bigint,
    totp_begun bytea, -- sealed
    recovery text,
    put_off_until bigint,
    enrolment bytea,
    enrolment_expires_at bigint,
    enrolment_used_at bigint,
    budgets text NOT NULL,
    known_devices text NOT NULL,
    last_sign_in_at bigint
);

CREATE TABLE session (
    id uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token bytea NOT NULL UNIQUE CHECK (length(token) = 32),
    stage text NOT NULL,
    program text NOT NULL,
    address bytea,
    device uuid,
    created_at bigint NOT NULL,
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    locked_at bigint,
    ended_at bigint
);

CREATE INDEX session_of_account ON session (account, created_at);

-- The payload is the event; the columns before it are for searching and are checked against it.
CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at bigint NOT NULL,
    actor_id uuid,
    subject_id uuid,
    action text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    address bytea,
    text bytea NOT NULL,
    -- Parts of three characters of the text.
    pieces integer[] NOT NULL,
    payload bytea NOT NULL,
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    mac bytea NOT NULL
);

CREATE INDEX audit_by_actor ON audit (actor_id, seq) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject_id, seq) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_by_action_outcome ON audit (action, outcome, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE INDEX audit_by_outcome ON audit (outcome, seq);
CREATE INDEX audit_by_address ON audit (address, seq) WHERE address IS NOT NULL;
CREATE INDEX audit_by_pieces ON audit USING gin (pieces);

-- The last transaction of each node: when the answer to a commit is lost, this says whether it was done.
-- The number of a transaction would not: after a crash the server may give it to another one.
CREATE TABLE node (
    id uuid PRIMARY KEY,
    last_commit uuid NOT NULL,
    at timestamptz NOT NULL
);

-- The earliest and the latest time in each 1,024 rows. Rows are in the order of recording, and a
-- clock may have been set back in between: this finds a time without reading every row.
CREATE TABLE audit_span (
    block bigint PRIMARY KEY,
    earliest bigint NOT NULL,
    latest bigint NOT NULL
);

CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;

CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_append_only();

CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

CREATE FUNCTION audit_added() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    lowest bigint;
    highest bigint;
    number bigint;
BEGIN
    SELECT min(seq), max(seq), count(*) INTO lowest, highest, number FROM added;
    IF number = 0 THEN
        RETURN NULL;
    END IF;
    IF highest - lowest + 1 <> number
       OR lowest <> (SELECT coalesce(max(seq), 0) + 1 FROM audit WHERE seq < lowest) THEN
        RAISE EXCEPTION 'the audit trail is written without gaps';
    END IF;
    INSERT INTO audit_span AS span (block, earliest, latest)
    SELECT seq >> 10, min(at), max(at) FROM added GROUP BY seq >> 10
    ON CONFLICT (block) DO UPDATE
    SET earliest = least(span.earliest, excluded.earliest), latest = greatest(span.latest, excluded.latest);
    RETURN NULL;
END
$$;

CREATE TRIGGER audit_without_gaps AFTER INSERT ON audit
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_added();
