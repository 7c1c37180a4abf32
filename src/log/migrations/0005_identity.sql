-- What this log is to others: its name on the mails it has claimed, and how long its clock has gone evenly.
CREATE TABLE identity (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id          TEXT    NOT NULL,
    clock_since TEXT,                           -- since when no look at the clock was out of line
    clock_last  TEXT                            -- when it was last looked at
) STRICT;

INSERT INTO identity (one, id) VALUES (1, lower(hex(randomblob(8))));
