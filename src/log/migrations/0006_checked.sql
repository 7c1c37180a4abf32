-- Motions that `template check` found sound: the service takes them up and removes the row.
CREATE TABLE checked (
    motion  TEXT NOT NULL PRIMARY KEY,  -- its id
    folder  TEXT NOT NULL,              -- the folder of templates it lies in
    at      TEXT NOT NULL,
    refused TEXT                        -- why the service cannot take it up; NULL while it has not looked
) STRICT, WITHOUT ROWID;
