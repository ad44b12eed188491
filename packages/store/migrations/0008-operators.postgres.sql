-- Operators: what two people decide about money that is not what was ordered, and a log of what operators did, in which nothing can be changed unseen.

-- Set when a review was decided. `paid_total`: what WeChat says was paid, where a person accepted that it is not what was asked.
ALTER TABLE orders ADD COLUMN decision TEXT CHECK (decision IN ('accepted','rejected'));
ALTER TABLE orders ADD COLUMN paid_total BIGINT CHECK (paid_total > 0);
CREATE TRIGGER orders_decided BEFORE UPDATE ON orders FOR EACH ROW
  WHEN ((OLD.decision IS NOT NULL AND OLD.decision IS DISTINCT FROM NEW.decision) OR (OLD.paid_total IS NOT NULL AND OLD.paid_total IS DISTINCT FROM NEW.paid_total))
  EXECUTE FUNCTION refuse('orders: what was decided stays');
CREATE TRIGGER orders_refund_of_paid BEFORE UPDATE ON orders FOR EACH ROW
  WHEN (NEW.paid_total IS NOT NULL AND NEW.refund_reserved > NEW.paid_total)
  EXECUTE FUNCTION refuse('orders: no more is refunded than was paid');

-- The newest proposal about an order in review, and who confirmed it. Two keys, never one.
CREATE TABLE reviews (
  merchant TEXT COLLATE "C" NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accepted','rejected')),
  reason TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at BIGINT NOT NULL,
  confirmed_by TEXT,
  confirmed_at BIGINT,
  PRIMARY KEY (merchant, out_trade_no),
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no),
  CONSTRAINT reviews_four_eyes CHECK (confirmed_by <> proposed_by),
  CONSTRAINT reviews_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);

-- Who did what, by hand. Each row carries the hash of the one before, so that an edited or missing row shows (audit A21). Append-only.
CREATE TABLE audit_log (
  seq BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  act TEXT NOT NULL,
  merchant TEXT COLLATE "C" NOT NULL,
  subject TEXT NOT NULL,
  -- JSON.
  detail TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE INDEX audit_log_of ON audit_log (merchant, seq);
CREATE TRIGGER audit_log_fixed BEFORE UPDATE ON audit_log FOR EACH ROW
  EXECUTE FUNCTION refuse('audit_log: append-only');
CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log FOR EACH ROW
  EXECUTE FUNCTION refuse('audit_log: append-only');
