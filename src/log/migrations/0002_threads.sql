-- A mail that answers one of our replies, or one of the sender's own mails, goes on with its thread.
ALTER TABLE request ADD COLUMN thread INTEGER REFERENCES request (seq); -- the first request of its thread, if it is a later one
ALTER TABLE request ADD COLUMN leaves TEXT;                             -- JSON: what was understood and asked

-- What an open question needs stands in `leaves`.
ALTER TABLE request DROP COLUMN asked;
ALTER TABLE request DROP COLUMN text;

CREATE INDEX request_thread ON request (thread) WHERE thread IS NOT NULL;
CREATE INDEX request_message ON request (message_id) WHERE message_id IS NOT NULL;
