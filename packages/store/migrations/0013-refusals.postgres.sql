-- What WeChat said no with, beside the order or refund that it was about: one row for each call and code, however often it was said.
CREATE TABLE refusals (
  merchant TEXT COLLATE "C" NOT NULL,
  out_trade_no TEXT COLLATE "C" NOT NULL,
  -- '' for what is about the order itself.
  out_refund_no TEXT COLLATE "C" NOT NULL,
  op TEXT COLLATE "C" NOT NULL CHECK (op IN ('place','query','close','refund','query_refund')),
  status BIGINT NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  message TEXT NOT NULL,
  field TEXT,
  request_id TEXT,
  signed BIGINT NOT NULL CHECK (signed IN (0,1)),
  -- What the buyer was told to quote, the last time.
  support_id TEXT COLLATE "C",
  times BIGINT NOT NULL CHECK (times >= 1),
  first_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (merchant, out_trade_no, out_refund_no, op, code),
  FOREIGN KEY (merchant, out_trade_no) REFERENCES orders (merchant, out_trade_no)
);
CREATE INDEX refusals_support ON refusals (support_id) WHERE support_id IS NOT NULL;

-- The story of one order is read by its number.
CREATE INDEX notifications_of_order ON notifications (merchant, out_trade_no) WHERE out_trade_no IS NOT NULL;
