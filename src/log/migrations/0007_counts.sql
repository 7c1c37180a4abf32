-- The reasons of decisions are counted on the index as well.
DROP INDEX request_counts;
CREATE INDEX request_counts ON request (decision, state, reason);
