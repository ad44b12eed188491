-- Where a merchant's backend hears of events, and each event's way there.

CREATE TABLE webhook_endpoints (
  id TEXT COLLATE "C" PRIMARY KEY,
  merchant TEXT COLLATE "C" NOT NULL,
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  -- While a secret is being changed, both sign.
  secret_before TEXT,
  secret_before_until BIGINT,
  disabled_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_of ON webhook_endpoints (merchant) WHERE disabled_at IS NULL;

-- One row per event and endpoint, written with the event. A pending row always knows when it is tried next.
CREATE TABLE webhook_deliveries (
  event_id TEXT COLLATE "C" NOT NULL REFERENCES events (id),
  endpoint_id TEXT COLLATE "C" NOT NULL REFERENCES webhook_endpoints (id),
  merchant TEXT COLLATE "C" NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','succeeded','exhausted')),
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  next_attempt_at BIGINT,
  last_status BIGINT,
  last_error TEXT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (event_id, endpoint_id),
  CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
