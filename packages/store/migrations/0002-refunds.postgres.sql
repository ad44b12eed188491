-- Refunds: what an order may still give back is kept on its row, so that one guarded statement decides under any concurrency.

ALTER TABLE orders ADD COLUMN refund_reserved BIGINT NOT NULL DEFAULT 0 CHECK (refund_reserved >= 0 AND refund_reserved <= amount_total);
ALTER TABLE orders ADD COLUMN refunded_total BIGINT NOT NULL DEFAULT 0 CHECK (refunded_total >= 0 AND refunded_total <= refund_reserved);
ALTER TABLE orders ADD COLUMN refund_count BIGINT NOT NULL DEFAULT 0 CHECK (refund_count >= 0 AND refund_count <= 50);
CREATE TRIGGER orders_refund_paid BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (NEW.refund_reserved > 0 AND NEW.state <> 'paid')
  EXECUTE FUNCTION refuse('orders: only a paid order is refunded');

CREATE TABLE refunds (
  merchant TEXT COLLATE "C" NOT NULL,
  out_refund_no TEXT COLLATE "C" NOT NULL CHECK (length(out_refund_no) BETWEEN 1 AND 64),
  mchid TEXT NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'CNY'),
  reason TEXT,
  state TEXT NOT NULL CHECK (state IN ('requested','processing','abnormal','rejected','closed','succeeded')),
  version BIGINT NOT NULL CHECK (version >= 1),
  request TEXT NOT NULL,
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  refund_id TEXT,
  succeeded_at BIGINT,
  received_account TEXT,
  failure TEXT,
  next_check_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, out_refund_no),
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no),
  CHECK (state <> 'succeeded' OR (refund_id IS NOT NULL AND succeeded_at IS NOT NULL)),
  CHECK (state IN ('rejected','closed','succeeded') OR next_check_at IS NOT NULL)
);
CREATE UNIQUE INDEX refunds_at_wechat ON refunds (mchid, out_refund_no);
CREATE UNIQUE INDEX refunds_refund_id ON refunds (mchid, refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX refunds_of_order ON refunds (merchant, out_trade_no);
CREATE INDEX refunds_due ON refunds (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE refund_transitions (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);
INSERT INTO refund_transitions VALUES
  ('none','requested'),
  ('requested','processing'),('requested','abnormal'),('requested','rejected'),('requested','closed'),('requested','succeeded'),
  ('processing','abnormal'),('processing','closed'),('processing','succeeded'),
  ('abnormal','processing'),('abnormal','closed'),('abnormal','succeeded'),
  ('rejected','succeeded'),('closed','succeeded');
CREATE TRIGGER refunds_fixed BEFORE UPDATE ON refunds FOR EACH ROW
  WHEN (OLD.amount IS DISTINCT FROM NEW.amount OR OLD.out_trade_no IS DISTINCT FROM NEW.out_trade_no OR OLD.mchid IS DISTINCT FROM NEW.mchid OR OLD.request IS DISTINCT FROM NEW.request
    OR OLD.reason IS DISTINCT FROM NEW.reason OR (OLD.refund_id IS NOT NULL AND OLD.refund_id IS DISTINCT FROM NEW.refund_id))
  EXECUTE FUNCTION refuse('refunds: a fixed column may not change');
CREATE FUNCTION refunds_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM refund_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN RAISE EXCEPTION 'refunds: not a legal move'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refunds_moves BEFORE UPDATE OF state ON refunds FOR EACH ROW EXECUTE FUNCTION refunds_moves();
CREATE TRIGGER refunds_stay BEFORE DELETE ON refunds FOR EACH ROW
  EXECUTE FUNCTION refuse('refunds: never deleted');

-- What happened to a refund, gap-free by version. Append-only.
CREATE TABLE refund_history (
  merchant TEXT COLLATE "C" NOT NULL,
  out_refund_no TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api','notification','query','close','schedule')),
  source_ref TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, out_refund_no, version),
  FOREIGN KEY (merchant, out_refund_no) REFERENCES refunds (merchant, out_refund_no)
);
CREATE TRIGGER refund_history_fixed BEFORE UPDATE ON refund_history FOR EACH ROW
  EXECUTE FUNCTION refuse('refund_history: append-only');
CREATE TRIGGER refund_history_stays BEFORE DELETE ON refund_history FOR EACH ROW
  EXECUTE FUNCTION refuse('refund_history: append-only');

-- The ledger learns refunds.
ALTER TABLE ledger DROP CONSTRAINT ledger_code_check, ADD CONSTRAINT ledger_code_check CHECK (code IN ('payment','refund'));

-- An order has many refunds, each with events of its own.
ALTER TABLE events ADD COLUMN out_refund_no TEXT;
DROP INDEX events_once;
CREATE UNIQUE INDEX events_once_per_order ON events (merchant, out_trade_no, type) WHERE out_refund_no IS NULL;
CREATE UNIQUE INDEX events_once_per_refund ON events (merchant, out_refund_no, type) WHERE out_refund_no IS NOT NULL;
