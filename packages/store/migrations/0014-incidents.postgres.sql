-- Refunds that WeChat told us of and that we did not ask for: made on the merchant platform.
ALTER TABLE refunds ADD COLUMN source TEXT NOT NULL DEFAULT 'api' CHECK (source IN ('api','console'));
CREATE TRIGGER refunds_source_fixed BEFORE UPDATE ON refunds FOR EACH ROW WHEN (OLD.source IS DISTINCT FROM NEW.source)
  EXECUTE FUNCTION refuse('refunds: a fixed column may not change');

-- An incident has a name and an end. Ids of old ones sort before all new ones.
ALTER TABLE incidents ADD COLUMN id TEXT COLLATE "C";
ALTER TABLE incidents ADD COLUMN resolved_at BIGINT;
ALTER TABLE incidents ADD COLUMN resolved_by TEXT;
ALTER TABLE incidents ADD COLUMN note TEXT;
UPDATE incidents SET id = 'inc_0' || lpad(numbered.n::text, 15, '0')
  FROM (SELECT ctid AS place, row_number() OVER (ORDER BY created_at) AS n FROM incidents) numbered WHERE incidents.ctid = numbered.place;
CREATE UNIQUE INDEX incidents_id ON incidents (id);
CREATE INDEX incidents_of_merchant ON incidents (merchant, id);
CREATE INDEX incidents_of_subject ON incidents (merchant, subject);

-- Events tell of incidents, too; those need not be about an order that is here.
ALTER TABLE events ALTER COLUMN out_trade_no DROP NOT NULL;
ALTER TABLE events ADD COLUMN incident_id TEXT;
ALTER TABLE events ADD CONSTRAINT events_about CHECK ((out_trade_no IS NULL) <> (incident_id IS NULL));
CREATE UNIQUE INDEX events_once_per_incident ON events (incident_id, type) WHERE incident_id IS NOT NULL;
