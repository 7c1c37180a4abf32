-- "antr": tells this database from those of other programs.
PRAGMA application_id = 0x616E7472;

-- How far each mailbox has been read.
CREATE TABLE mailbox (
    name     TEXT    NOT NULL PRIMARY KEY,
    validity INTEGER NOT NULL,
    next_uid INTEGER NOT NULL,
    since    TEXT    NOT NULL                    -- when the service first saw it
) STRICT, WITHOUT ROWID;

-- One row a mail, kept for ever; columns that hold personal data can be emptied.
-- Times are UTC with milliseconds, so that the order of texts is the order of times.
CREATE TABLE request (
    seq              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    state            TEXT    NOT NULL CHECK (state IN ('received', 'waiting', 'answered', 'failed', 'ignored')),
    received_at      TEXT    NOT NULL,
    size_bytes       INTEGER NOT NULL,
    content_sha256   TEXT    NOT NULL,           -- of the bytes fetched: finds a mail again when UIDVALIDITY has changed
    begun            INTEGER NOT NULL DEFAULT 0, -- how often answering was begun
    claimed_by       TEXT,
    claimed_until    TEXT,
    -- what the mail's header says
    message_id       TEXT,
    sender           TEXT COLLATE NOCASE,
    reply_to         TEXT COLLATE NOCASE,        -- the one address a reply goes to
    subject          TEXT,
    fingerprint      TEXT,                       -- of the content, trace fields apart: finds duplicates
    duplicate_of     INTEGER REFERENCES request (seq),
    -- what was decided
    decided_at       TEXT,
    decision         TEXT,
    reason           TEXT,
    template         TEXT,
    evidence         TEXT,                       -- JSON: a list of sentences
    asked            TEXT,                       -- JSON: the topics of a question
    text             TEXT,                       -- of the mail that raised a question
    error            TEXT,
    -- what became of the reply
    reply_message_id TEXT,
    attempts         INTEGER NOT NULL DEFAULT 0,
    first_attempt_at TEXT,
    next_attempt_at  TEXT,
    answered_at      TEXT,
    forgotten        INTEGER NOT NULL DEFAULT 0  -- 1: personal data was removed
) STRICT;

CREATE INDEX request_undecided ON request (received_at) WHERE state = 'received';
CREATE INDEX request_due       ON request (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX request_received  ON request (received_at);
CREATE INDEX request_counts    ON request (decision, state);
CREATE INDEX request_content   ON request (content_sha256);
CREATE INDEX request_same      ON request (fingerprint) WHERE fingerprint IS NOT NULL;
CREATE INDEX request_reply_to  ON request (reply_to, decided_at) WHERE reply_to IS NOT NULL;
CREATE INDEX request_reply     ON request (reply_message_id) WHERE reply_message_id IS NOT NULL;

-- Where mails were found.
CREATE TABLE place (
    mailbox  TEXT    NOT NULL,
    validity INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    request  INTEGER NOT NULL REFERENCES request (seq),
    settled  INTEGER NOT NULL DEFAULT 0,         -- 1: archived or flagged
    UNIQUE (mailbox, validity, name)
) STRICT;

CREATE INDEX place_request   ON place (request);
CREATE INDEX place_unsettled ON place (mailbox, request) WHERE settled = 0;

-- Bytes live in tables of their own: a change of a request's row does not copy them.
CREATE TABLE mail (
    request INTEGER NOT NULL PRIMARY KEY REFERENCES request (seq),
    bytes   BLOB    NOT NULL
) STRICT;

CREATE TABLE reply (
    request INTEGER NOT NULL PRIMARY KEY REFERENCES request (seq),
    bytes   BLOB    NOT NULL
) STRICT;

CREATE TABLE document (
    request  INTEGER NOT NULL REFERENCES request (seq),
    position INTEGER NOT NULL,
    kommune  TEXT    NOT NULL,
    beirat   TEXT    NOT NULL,
    rat      TEXT    NOT NULL,
    file     TEXT    NOT NULL,
    sha256   TEXT    NOT NULL,
    PRIMARY KEY (request, position)
) STRICT, WITHOUT ROWID;

-- Every delivery that ended.
CREATE TABLE delivery (
    seq      INTEGER NOT NULL PRIMARY KEY,
    request  INTEGER NOT NULL REFERENCES request (seq),
    ended_at TEXT    NOT NULL,
    verdict  TEXT    NOT NULL,
    response TEXT    NOT NULL                    -- the server's words
) STRICT;

CREATE INDEX delivery_request ON delivery (request);
