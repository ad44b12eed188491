-- Which servers are at work on this database: each says so every few seconds, and limits are shared among them.
CREATE TABLE processes (
  id TEXT PRIMARY KEY,
  seen_at BIGINT NOT NULL
);
