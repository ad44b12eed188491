-- The books: bills of WeChat as they came, their lines, what each day's comparison found, and what people did about it.

-- One file as it came. `current`: the one whose lines count; a corrected file takes its place.
CREATE TABLE bill_files (
  id BIGINT PRIMARY KEY,
  mchid TEXT NOT NULL,
  date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('trade','fund_flow')),
  state TEXT NOT NULL CHECK (state IN ('loading','current','replaced','broken')),
  source TEXT NOT NULL CHECK (source IN ('wechat','import')),
  -- SHA-1 of the unpacked file, as WeChat announces it.
  sha1 TEXT,
  lines BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL DEFAULT 0,
  -- JSON: the sums of the file.
  summary TEXT,
  problem TEXT,
  created_at BIGINT NOT NULL,
  CHECK (state <> 'current' OR (sha1 IS NOT NULL AND summary IS NOT NULL))
);
CREATE UNIQUE INDEX bill_files_current ON bill_files (mchid, date, kind) WHERE state = 'current';
CREATE INDEX bill_files_of_day ON bill_files (mchid, date);
-- Files whose lines are to be removed.
CREATE INDEX bill_files_stale ON bill_files (state) WHERE state <> 'current';

-- The packed bytes of a file, in pieces, as Base64 so that an export carries them.
CREATE TABLE bill_pieces (
  file BIGINT NOT NULL REFERENCES bill_files (id),
  n BIGINT NOT NULL,
  base64 TEXT NOT NULL,
  PRIMARY KEY (file, n)
);

CREATE TABLE bill_trades (
  file BIGINT NOT NULL REFERENCES bill_files (id),
  line BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('payment','refund','revoked')),
  at BIGINT NOT NULL,
  transaction_id TEXT NOT NULL,
  out_trade_no TEXT NOT NULL,
  refund_id TEXT NOT NULL,
  out_refund_no TEXT NOT NULL,
  appid TEXT NOT NULL,
  sub_mchid TEXT NOT NULL,
  currency TEXT NOT NULL,
  total BIGINT NOT NULL,
  settlement_total BIGINT NOT NULL,
  refund BIGINT NOT NULL,
  refund_status TEXT NOT NULL,
  fee_millifen BIGINT NOT NULL,
  rate_ppm BIGINT NOT NULL,
  PRIMARY KEY (file, line)
);
CREATE INDEX bill_trades_of_payment ON bill_trades (transaction_id);
CREATE INDEX bill_trades_of_order ON bill_trades (out_trade_no) WHERE kind = 'payment';
CREATE INDEX bill_trades_of_refund ON bill_trades (refund_id) WHERE refund_id <> '';

CREATE TABLE bill_funds (
  file BIGINT NOT NULL REFERENCES bill_files (id),
  line BIGINT NOT NULL,
  at BIGINT NOT NULL,
  business_id TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  business_name TEXT NOT NULL,
  business_type TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in','out')),
  amount BIGINT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (file, line)
);
CREATE INDEX bill_funds_of_business ON bill_funds (business_id);

-- One row a merchant number and day.
CREATE TABLE bill_days (
  mchid TEXT NOT NULL,
  date TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','clean','explained','open','empty','unavailable')),
  -- JSON: for each kind of bill `empty`, or why it is not there.
  files TEXT NOT NULL,
  -- JSON: the statement of the day.
  statement TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  -- How often the day was compared.
  runs BIGINT NOT NULL DEFAULT 0,
  next_check_at BIGINT,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (mchid, date)
);
CREATE INDEX bill_days_due ON bill_days (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE differences (
  id TEXT COLLATE "C" PRIMARY KEY,
  mchid TEXT NOT NULL,
  date TEXT NOT NULL,
  class TEXT NOT NULL,
  subject TEXT NOT NULL,
  merchant TEXT,
  amount BIGINT NOT NULL,
  detail TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','explained','assigned','resolved','accepted')),
  reason TEXT,
  evidence TEXT,
  owner TEXT,
  note TEXT,
  -- The key that wants to write it off; a second, unrelated one confirms.
  proposed_by TEXT,
  -- The run of its day that found it last.
  run BIGINT NOT NULL,
  version BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CHECK (state <> 'resolved' OR reason IS NOT NULL),
  CHECK (state <> 'explained' OR evidence IS NOT NULL),
  CHECK (state <> 'assigned' OR owner IS NOT NULL)
);
CREATE UNIQUE INDEX differences_once ON differences (mchid, date, class, subject);
CREATE INDEX differences_unsettled ON differences (mchid, opened_at) WHERE state IN ('open','assigned');

CREATE TABLE difference_history (
  id TEXT NOT NULL REFERENCES differences (id),
  version BIGINT NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  -- The key of the person, or `machine`.
  actor TEXT NOT NULL,
  note TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id, version)
);

CREATE TRIGGER difference_history_fixed BEFORE UPDATE ON difference_history FOR EACH ROW EXECUTE FUNCTION refuse('difference_history: append-only');
CREATE TRIGGER difference_history_stays BEFORE DELETE ON difference_history FOR EACH ROW EXECUTE FUNCTION refuse('difference_history: append-only');
CREATE TRIGGER difference_history_not_truncated BEFORE TRUNCATE ON difference_history FOR EACH STATEMENT EXECUTE FUNCTION refuse('difference_history: append-only');

-- The payments of a day are compared with its bill.
CREATE INDEX ledger_of_day ON ledger (occurred_at) WHERE code = 'payment';
-- So are the refunds that WeChat accepted on that day.
CREATE INDEX refund_history_of_day ON refund_history (created_at) WHERE from_state IN ('none','requested');
