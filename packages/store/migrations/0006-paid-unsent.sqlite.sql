-- What we sent, and to whom it was shown, is there wherever we sent it. WeChat may also tell of an order that we do not know as sent: a restored
-- backup has it as `created`, and it is paid all the same. Then there is no request here, and the payer is whom WeChat names.

-- A CHECK needs a new table; rows are copied, indexes and guards made again.
CREATE TABLE orders_next (
  merchant TEXT NOT NULL,
  out_trade_no TEXT NOT NULL CHECK (length(out_trade_no) BETWEEN 6 AND 32),
  idempotency_key TEXT,
  mchid TEXT NOT NULL,
  sub_mchid TEXT,
  reference TEXT,
  description TEXT NOT NULL,
  amount_total INTEGER NOT NULL CHECK (amount_total BETWEEN 1 AND 1000000000),
  amount_currency TEXT NOT NULL CHECK (amount_currency = 'CNY'),
  attach TEXT,
  metadata TEXT,
  state TEXT NOT NULL CHECK (state IN ('created','ordering','pending','closing','failed','closed','review','paid')),
  version INTEGER NOT NULL CHECK (version >= 1),
  appid TEXT,
  openid TEXT,
  request TEXT,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  prepay_id TEXT,
  prepay_expires_at INTEGER,
  expires_at INTEGER NOT NULL,
  transaction_id TEXT,
  paid_at INTEGER,
  payer_total INTEGER,
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  failure TEXT,
  next_check_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  refund_reserved INTEGER NOT NULL DEFAULT 0 CHECK (refund_reserved >= 0 AND refund_reserved <= amount_total),
  refunded_total INTEGER NOT NULL DEFAULT 0 CHECK (refunded_total >= 0 AND refunded_total <= refund_reserved),
  refund_count INTEGER NOT NULL DEFAULT 0 CHECK (refund_count >= 0 AND refund_count <= 50),
  claims INTEGER NOT NULL DEFAULT 0 CHECK (claims >= 0),
  PRIMARY KEY (merchant, out_trade_no),
  CHECK (state <> 'paid' OR (transaction_id IS NOT NULL AND paid_at IS NOT NULL)),
  CHECK (state NOT IN ('ordering','pending','closing','failed') OR (appid IS NOT NULL AND openid IS NOT NULL AND request IS NOT NULL)),
  CHECK (state <> 'pending' OR (prepay_id IS NOT NULL AND prepay_expires_at IS NOT NULL)),
  CHECK (state IN ('paid','closed','failed') OR next_check_at IS NOT NULL)
) STRICT;
INSERT INTO orders_next SELECT * FROM orders;
DROP TABLE orders;
ALTER TABLE orders_next RENAME TO orders;
CREATE UNIQUE INDEX orders_at_wechat ON orders (mchid, out_trade_no);
CREATE UNIQUE INDEX orders_transaction ON orders (mchid, transaction_id) WHERE transaction_id IS NOT NULL;
CREATE UNIQUE INDEX orders_idempotency ON orders (merchant, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Only open orders: a second payment for one reference must stay recordable.
CREATE UNIQUE INDEX orders_one_open ON orders (merchant, reference) WHERE reference IS NOT NULL AND state IN ('created','ordering','pending','closing');
CREATE INDEX orders_due ON orders (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX orders_newest ON orders (merchant, created_at DESC, out_trade_no DESC);
CREATE TRIGGER orders_fixed BEFORE UPDATE ON orders
  WHEN OLD.amount_total IS NOT NEW.amount_total OR OLD.amount_currency IS NOT NEW.amount_currency OR OLD.mchid IS NOT NEW.mchid
    OR OLD.sub_mchid IS NOT NEW.sub_mchid OR OLD.reference IS NOT NEW.reference OR OLD.description IS NOT NEW.description
    OR (OLD.appid IS NOT NULL AND OLD.appid IS NOT NEW.appid) OR (OLD.openid IS NOT NULL AND OLD.openid IS NOT NEW.openid)
    OR (OLD.request IS NOT NULL AND OLD.request IS NOT NEW.request)
    OR (OLD.transaction_id IS NOT NULL AND OLD.transaction_id IS NOT NEW.transaction_id)
  BEGIN SELECT RAISE(ABORT, 'orders: a fixed column may not change'); END;
CREATE TRIGGER orders_moves BEFORE UPDATE OF state ON orders
  WHEN OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
  BEGIN SELECT RAISE(ABORT, 'orders: not a legal move'); END;
CREATE TRIGGER orders_stay BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'orders: never deleted'); END;
CREATE TRIGGER orders_refund_paid BEFORE UPDATE ON orders
  WHEN NEW.refund_reserved > 0 AND NEW.state <> 'paid'
  BEGIN SELECT RAISE(ABORT, 'orders: only a paid order is refunded'); END;
