-- What the administrator has been told, one row a cause: a restart neither tells it again nor forgets it.
CREATE TABLE alarm (
    cause     TEXT    NOT NULL PRIMARY KEY,
    since     TEXT    NOT NULL,                  -- when the trouble began
    state     TEXT    NOT NULL CHECK (state IN ('well', 'untold', 'told', 'recovered')),
    known     INTEGER NOT NULL,                  -- 1: of this trouble an earlier mail has told
    mailed_at TEXT,                              -- when a mail last told of trouble
    details   TEXT    NOT NULL,                  -- JSON: what the next mail is to list
    more      INTEGER NOT NULL                   -- how many further ones were left out
) STRICT, WITHOUT ROWID;
