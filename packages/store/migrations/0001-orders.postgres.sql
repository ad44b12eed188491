-- The same tables as for SQLite, with the same promises.
-- Times are epoch milliseconds UTC; amounts are integer fen. Every key starts with the merchant.

-- Values made once per database: the key of client secrets.
CREATE TABLE settings (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT NOT NULL
);

-- One row per out_trade_no. The CHECKs carry promises: a paid row names its payment, an open row names its next look.
CREATE TABLE orders (
  merchant TEXT COLLATE "C" NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL CHECK (length(out_trade_no) BETWEEN 6 AND 32),
  idempotency_key TEXT,
  mchid TEXT NOT NULL,
  sub_mchid TEXT,
  reference TEXT,
  description TEXT NOT NULL,
  amount_total BIGINT NOT NULL CHECK (amount_total BETWEEN 1 AND 1000000000),
  amount_currency TEXT NOT NULL CHECK (amount_currency = 'CNY'),
  attach TEXT,
  metadata TEXT,
  state TEXT NOT NULL CHECK (state IN ('created','ordering','pending','closing','failed','closed','review','paid')),
  version BIGINT NOT NULL CHECK (version >= 1),
  appid TEXT,
  openid TEXT,
  request TEXT,
  attempts BIGINT NOT NULL CHECK (attempts >= 0),
  prepay_id TEXT,
  prepay_expires_at BIGINT,
  expires_at BIGINT NOT NULL,
  transaction_id TEXT,
  paid_at BIGINT,
  payer_total BIGINT,
  late BIGINT NOT NULL CHECK (late IN (0, 1)),
  failure TEXT,
  next_check_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, out_trade_no),
  CHECK (state <> 'paid' OR (transaction_id IS NOT NULL AND paid_at IS NOT NULL)),
  CHECK (state = 'created' OR state = 'closed' OR (appid IS NOT NULL AND openid IS NOT NULL AND request IS NOT NULL)),
  CHECK (state <> 'pending' OR (prepay_id IS NOT NULL AND prepay_expires_at IS NOT NULL)),
  CHECK (state IN ('paid','closed','failed') OR next_check_at IS NOT NULL)
);
CREATE UNIQUE INDEX orders_at_wechat ON orders (mchid, out_trade_no);
CREATE UNIQUE INDEX orders_transaction ON orders (mchid, transaction_id) WHERE transaction_id IS NOT NULL;
CREATE UNIQUE INDEX orders_idempotency ON orders (merchant, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- Only open orders: a second payment for one reference must stay recordable.
CREATE UNIQUE INDEX orders_one_open ON orders (merchant, reference) WHERE reference IS NOT NULL AND state IN ('created','ordering','pending','closing');
CREATE INDEX orders_due ON orders (next_check_at) WHERE next_check_at IS NOT NULL;
CREATE INDEX orders_newest ON orders (merchant, created_at DESC, out_trade_no DESC);

-- The legal moves, as data: the trigger, the code and the audit read one table.
CREATE TABLE transitions (
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
);
INSERT INTO transitions VALUES
  ('none','created'),
  ('created','ordering'),('created','closed'),('created','paid'),('created','review'),
  ('ordering','pending'),('ordering','closing'),('ordering','failed'),('ordering','closed'),('ordering','review'),('ordering','paid'),
  ('pending','closing'),('pending','closed'),('pending','review'),('pending','paid'),
  ('closing','closed'),('closing','review'),('closing','paid'),
  ('failed','review'),('failed','paid'),
  ('closed','review'),('closed','paid'),
  ('review','paid'),('review','closed');

-- What a guard does: it refuses, in its own words.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TRIGGER orders_fixed BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (OLD.amount_total IS DISTINCT FROM NEW.amount_total OR OLD.amount_currency IS DISTINCT FROM NEW.amount_currency OR OLD.mchid IS DISTINCT FROM NEW.mchid
    OR OLD.sub_mchid IS DISTINCT FROM NEW.sub_mchid OR OLD.reference IS DISTINCT FROM NEW.reference OR OLD.description IS DISTINCT FROM NEW.description
    OR (OLD.appid IS NOT NULL AND OLD.appid IS DISTINCT FROM NEW.appid) OR (OLD.openid IS NOT NULL AND OLD.openid IS DISTINCT FROM NEW.openid)
    OR (OLD.request IS NOT NULL AND OLD.request IS DISTINCT FROM NEW.request)
    OR (OLD.transaction_id IS NOT NULL AND OLD.transaction_id IS DISTINCT FROM NEW.transaction_id))
  EXECUTE FUNCTION refuse('orders: a fixed column may not change');
CREATE FUNCTION orders_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.state <> NEW.state AND NOT EXISTS (SELECT 1 FROM transitions t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN RAISE EXCEPTION 'orders: not a legal move'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER orders_moves BEFORE UPDATE OF state ON orders FOR EACH ROW EXECUTE FUNCTION orders_moves();
CREATE TRIGGER orders_stay BEFORE DELETE ON orders FOR EACH ROW
  EXECUTE FUNCTION refuse('orders: never deleted');

-- What happened to an order, gap-free by version. Append-only.
CREATE TABLE order_history (
  merchant TEXT COLLATE "C" NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api','notification','query','close','schedule')),
  source_ref TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, out_trade_no, version),
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no)
);
CREATE TRIGGER order_history_fixed BEFORE UPDATE ON order_history FOR EACH ROW
  EXECUTE FUNCTION refuse('order_history: append-only');
CREATE TRIGGER order_history_stays BEFORE DELETE ON order_history FOR EACH ROW
  EXECUTE FUNCTION refuse('order_history: append-only');

-- One row is a debit and a credit, so it cannot be unbalanced; unique by what it is about. Append-only.
CREATE TABLE ledger (
  merchant TEXT COLLATE "C" NOT NULL,
  code TEXT NOT NULL CHECK (code IN ('payment')),
  subject TEXT COLLATE "C" NOT NULL,
  debit TEXT NOT NULL,
  credit TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  occurred_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, code, subject),
  CHECK (debit <> credit)
);
CREATE TRIGGER ledger_fixed BEFORE UPDATE ON ledger FOR EACH ROW
  EXECUTE FUNCTION refuse('ledger: append-only');
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger FOR EACH ROW
  EXECUTE FUNCTION refuse('ledger: append-only');

-- Notifications that WeChat signed, kept for ever: the same id never counts twice.
CREATE TABLE notifications (
  merchant TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  event_type TEXT NOT NULL,
  original_type TEXT NOT NULL,
  out_trade_no TEXT COLLATE "C",
  outcome TEXT NOT NULL CHECK (outcome IN ('observed','not ours','ignored')),
  received_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, id)
);

-- Facts for the merchant's backend, at most one of a type per order.
CREATE TABLE events (
  id TEXT COLLATE "C" PRIMARY KEY,
  merchant TEXT COLLATE "C" NOT NULL,
  type TEXT NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no)
);
CREATE UNIQUE INDEX events_once ON events (merchant, out_trade_no, type);
CREATE INDEX events_newest ON events (merchant, created_at, id);

-- What a person must look at; one open row per kind and subject.
CREATE TABLE incidents (
  merchant TEXT COLLATE "C" NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  detail TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','resolved')),
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX incidents_once ON incidents (merchant, kind, subject) WHERE state = 'open';

-- A phone that logged in. The token itself is not here, only its hash; nor is WeChat's session_key.
CREATE TABLE sessions (
  token_hash TEXT COLLATE "C" PRIMARY KEY,
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
