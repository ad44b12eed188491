-- Refunds: what an order may still give back is kept on its row, so that one guarded statement decides under any concurrency.

ALTER TABLE orders ADD COLUMN refund_reserved INTEGER NOT NULL DEFAULT 0 CHECK (refund_reserved >= 0 AND refund_reserved <= amount_total);
ALTER TABLE orders ADD COLUMN refunded_total INTEGER NOT NULL DEFAULT 0 CHECK (refunded_total >= 0 AND refunded_total <= refund_reserved);
ALTER TABLE orders ADD COLUMN refund_count INTEGER NOT NULL DEFAULT 0 CHECK (refund_count >= 0 AND refund_count <= 50);
CREATE TRIGGER orders_refund_paid BEFORE UPDATE ON orders
  WHEN NEW.refund_reserved > 0 AND NEW.state <> 'paid'
  BEGIN SELECT RAISE(ABORT, 'orders: only a paid order is refunded'); END;

CREATE TABLE refunds (
  merchant TEXT NOT NULL,
  out_refund_no TEXT NOT NULL CHECK (length(out_refund_no) BETWEEN 1 AND 64),
  mchid TEXT NOT NULL,
  out_trade_no TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL CHECK (currency = 'CNY'),
  reason TEXT,
  state TEXT NOT NULL CHECK (state IN ('requested','processing','abnormal','rejected','closed','succeeded')),
  version INTEGER NOT NULL CHECK (version >= 1),
  request TEXT NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  refund_id TEXT,
  succeeded_at INTEGER,
  received_account TEXT,
  failure TEXT,
  next_check_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (merchant, out_refund_no),
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no),
  CHECK (state <> 'succeeded' OR (refund_id IS NOT NULL AND succeeded_at IS NOT NULL)),
  CHECK (state IN ('rejected','closed','succeeded') OR next_check_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX refunds_at_wechat ON refunds (mchid, out_refund_no);
CREATE UNIQUE INDEX refunds_refund_id ON refunds (mchid, refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX refunds_of_order ON refunds (merchant, out_trade_no);
CREATE INDEX refunds_due ON refunds (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE refund_transitions (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
) STRICT;
INSERT INTO refund_transitions VALUES
  ('none','requested'),
  ('requested','processing'),('requested','abnormal'),('requested','rejected'),('requested','closed'),('requested','succeeded'),
  ('processing','abnormal'),('processing','closed'),('processing','succeeded'),
  ('abnormal','processing'),('abnormal','closed'),('abnormal','succeeded'),
  ('rejected','succeeded'),('closed','succeeded');
CREATE TRIGGER refunds_fixed BEFORE UPDATE ON refunds
  WHEN OLD.amount IS NOT NEW.amount OR OLD.out_trade_no IS NOT NEW.out_trade_no OR OLD.mchid IS NOT NEW.mchid OR OLD.request IS NOT NEW.request
    OR OLD.reason IS NOT NEW.reason OR (OLD.refund_id IS NOT NULL AND OLD.refund_id IS NOT NEW.refund_id)
  BEGIN SELECT RAISE(ABORT, 'refunds: a fixed column may not change'); END;
CREATE TRIGGER refunds_moves BEFORE UPDATE OF state ON refunds
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM refund_transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'refunds: not a legal move'); END;
CREATE TRIGGER refunds_stay BEFORE DELETE ON refunds BEGIN SELECT RAISE(ABORT, 'refunds: never deleted'); END;

-- What happened to a refund, gap-free by version. Append-only.
CREATE TABLE refund_history (
  merchant TEXT NOT NULL,
  out_refund_no TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api','notification','query','close','schedule')),
  source_ref TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (merchant, out_refund_no, version),
  FOREIGN KEY (merchant, out_refund_no) REFERENCES refunds (merchant, out_refund_no)
) STRICT;
CREATE TRIGGER refund_history_fixed BEFORE UPDATE ON refund_history BEGIN SELECT RAISE(ABORT, 'refund_history: append-only'); END;
CREATE TRIGGER refund_history_stays BEFORE DELETE ON refund_history BEGIN SELECT RAISE(ABORT, 'refund_history: append-only'); END;

-- The ledger learns refunds. Its CHECK on `code` needs a new table; rows are copied, the guards made again.
CREATE TABLE ledger_next (
  merchant TEXT NOT NULL,
  code TEXT NOT NULL CHECK (code IN ('payment','refund')),
  subject TEXT NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  occurred_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (merchant, code, subject),
  CHECK (debit <> credit)
) STRICT;
INSERT INTO ledger_next SELECT * FROM ledger;
DROP TABLE ledger;
ALTER TABLE ledger_next RENAME TO ledger;
CREATE TRIGGER ledger_fixed BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: append-only'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: append-only'); END;

-- An order has many refunds, each with events of its own.
ALTER TABLE events ADD COLUMN out_refund_no TEXT;
DROP INDEX events_once;
CREATE UNIQUE INDEX events_once_per_order ON events (merchant, out_trade_no, type) WHERE out_refund_no IS NULL;
CREATE UNIQUE INDEX events_once_per_refund ON events (merchant, out_refund_no, type) WHERE out_refund_no IS NOT NULL;
