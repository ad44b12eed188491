-- What metrics ask at every scrape. Each index holds only rows that are open, or that a person must see to, so it stays small beside any number of closed ones.

CREATE INDEX orders_unclear ON orders (state, updated_at) WHERE state IN ('ordering','closing','review');
CREATE INDEX refunds_open ON refunds (state, updated_at, amount) WHERE state IN ('requested','processing','abnormal');
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (event_id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_deliveries_exhausted ON webhook_deliveries (merchant) WHERE state = 'exhausted';
-- Nine times taken up for nothing: the tenth shows it to a person (sql/claims.ts).
CREATE INDEX orders_stuck ON orders (claims) WHERE claims >= 9;
CREATE INDEX refunds_stuck ON refunds (claims) WHERE claims >= 9;
CREATE INDEX incidents_open ON incidents (kind) WHERE state = 'open';
