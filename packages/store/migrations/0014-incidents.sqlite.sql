-- Refunds that WeChat told us of and that we did not ask for: made on the merchant platform.
ALTER TABLE refunds ADD COLUMN source TEXT NOT NULL DEFAULT 'api' CHECK (source IN ('api','console'));
CREATE TRIGGER refunds_source_fixed BEFORE UPDATE ON refunds WHEN OLD.source IS NOT NEW.source
  BEGIN SELECT RAISE(ABORT, 'refunds: a fixed column may not change'); END;

-- An incident has a name and an end. Ids of old ones sort before all new ones.
ALTER TABLE incidents ADD COLUMN id TEXT;
ALTER TABLE incidents ADD COLUMN resolved_at INTEGER;
ALTER TABLE incidents ADD COLUMN resolved_by TEXT;
ALTER TABLE incidents ADD COLUMN note TEXT;
UPDATE incidents SET id = 'inc_0' || printf('%015d', rowid);
CREATE UNIQUE INDEX incidents_id ON incidents (id);
CREATE INDEX incidents_of_merchant ON incidents (merchant, id);
CREATE INDEX incidents_of_subject ON incidents (merchant, subject);

-- Events tell of incidents, too; those need not be about an order that is here. SQLite cannot drop NOT NULL from a column, so the table is made again;
-- with legacy_alter_table the deliveries go on naming `events`.
PRAGMA legacy_alter_table = ON;
ALTER TABLE events RENAME TO events_before;
CREATE TABLE events (
  id TEXT PRIMARY KEY,
  merchant TEXT NOT NULL,
  type TEXT NOT NULL,
  out_trade_no TEXT,
  version INTEGER NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  out_refund_no TEXT,
  incident_id TEXT,
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no),
  CONSTRAINT events_about CHECK ((out_trade_no IS NULL) <> (incident_id IS NULL))
) STRICT;
INSERT INTO events SELECT id, merchant, type, out_trade_no, version, data, created_at, out_refund_no, NULL FROM events_before;
DROP TABLE events_before;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX events_newest ON events (merchant, created_at, id);
CREATE UNIQUE INDEX events_once_per_order ON events (merchant, out_trade_no, type) WHERE out_refund_no IS NULL;
CREATE UNIQUE INDEX events_once_per_refund ON events (merchant, out_refund_no, type) WHERE out_refund_no IS NOT NULL;
CREATE UNIQUE INDEX events_once_per_incident ON events (incident_id, type) WHERE incident_id IS NOT NULL;
