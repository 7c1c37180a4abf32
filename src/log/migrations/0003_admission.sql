-- How many replies leave to a domain, and in all.
ALTER TABLE request ADD COLUMN reply_domain TEXT AS (
    lower(substr(reply_to, length(rtrim(reply_to, replace(reply_to, '@', ''))) + 1))) VIRTUAL; -- what follows the last @

CREATE INDEX request_replied ON request (decided_at) WHERE reply_message_id IS NOT NULL;
CREATE INDEX request_reply_domain ON request (reply_domain, decided_at, reason) WHERE reply_message_id IS NOT NULL;
