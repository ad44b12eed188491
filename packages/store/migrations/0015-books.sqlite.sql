-- The books: bills of WeChat as they came, their lines, what each day's comparison found, and what people did about it.

-- One file as it came. `current`: the one whose lines count; a corrected file takes its place.
CREATE TABLE bill_files (
  id INTEGER PRIMARY KEY,
  mchid TEXT NOT NULL,
  date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('trade','fund_flow')),
  state TEXT NOT NULL CHECK (state IN ('loading','current','replaced','broken')),
  source TEXT NOT NULL CHECK (source IN ('wechat','import')),
  -- SHA-1 of the unpacked file, as WeChat announces it.
  sha1 TEXT,
  lines INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  -- JSON: the sums of the file.
  summary TEXT,
  problem TEXT,
  created_at INTEGER NOT NULL,
  CHECK (state <> 'current' OR (sha1 IS NOT NULL AND summary IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX bill_files_current ON bill_files (mchid, date, kind) WHERE state = 'current';
CREATE INDEX bill_files_of_day ON bill_files (mchid, date);
-- Files whose lines are to be removed.
CREATE INDEX bill_files_stale ON bill_files (state) WHERE state <> 'current';

-- The packed bytes of a file, in pieces, as Base64 so that an export carries them.
CREATE TABLE bill_pieces (
  file INTEGER NOT NULL REFERENCES bill_files (id),
  n INTEGER NOT NULL,
  base64 TEXT NOT NULL,
  PRIMARY KEY (file, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE bill_trades (
  file INTEGER NOT NULL REFERENCES bill_files (id),
  line INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('payment','refund','revoked')),
  at INTEGER NOT NULL,
  transaction_id TEXT NOT NULL,
  out_trade_no TEXT NOT NULL,
  refund_id TEXT NOT NULL,
  out_refund_no TEXT NOT NULL,
  appid TEXT NOT NULL,
  sub_mchid TEXT NOT NULL,
  currency TEXT NOT NULL,
  total INTEGER NOT NULL,
  settlement_total INTEGER NOT NULL,
  refund INTEGER NOT NULL,
  refund_status TEXT NOT NULL,
  fee_millifen INTEGER NOT NULL,
  rate_ppm INTEGER NOT NULL,
  PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_trades_of_payment ON bill_trades (transaction_id);
CREATE INDEX bill_trades_of_order ON bill_trades (out_trade_no) WHERE kind = 'payment';
CREATE INDEX bill_trades_of_refund ON bill_trades (refund_id) WHERE refund_id <> '';

CREATE TABLE bill_funds (
  file INTEGER NOT NULL REFERENCES bill_files (id),
  line INTEGER NOT NULL,
  at INTEGER NOT NULL,
  business_id TEXT NOT NULL,
  flow_id TEXT NOT NULL,
  business_name TEXT NOT NULL,
  business_type TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('in','out')),
  amount INTEGER NOT NULL,
  balance INTEGER NOT NULL,
  PRIMARY KEY (file, line)
) STRICT, WITHOUT ROWID;
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
  attempts INTEGER NOT NULL DEFAULT 0,
  -- How often the day was compared.
  runs INTEGER NOT NULL DEFAULT 0,
  next_check_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (mchid, date)
) STRICT, WITHOUT ROWID;
CREATE INDEX bill_days_due ON bill_days (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE differences (
  id TEXT PRIMARY KEY,
  mchid TEXT NOT NULL,
  date TEXT NOT NULL,
  class TEXT NOT NULL,
  subject TEXT NOT NULL,
  merchant TEXT,
  amount INTEGER NOT NULL,
  detail TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','explained','assigned','resolved','accepted')),
  reason TEXT,
  evidence TEXT,
  owner TEXT,
  note TEXT,
  -- The key that wants to write it off; a second, unrelated one confirms.
  proposed_by TEXT,
  -- The run of its day that found it last.
  run INTEGER NOT NULL,
  version INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (state <> 'resolved' OR reason IS NOT NULL),
  CHECK (state <> 'explained' OR evidence IS NOT NULL),
  CHECK (state <> 'assigned' OR owner IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX differences_once ON differences (mchid, date, class, subject);
CREATE INDEX differences_unsettled ON differences (mchid, opened_at) WHERE state IN ('open','assigned');

CREATE TABLE difference_history (
  id TEXT NOT NULL REFERENCES differences (id),
  version INTEGER NOT NULL,
  from_state TEXT NOT NULL,
  to_state TEXT NOT NULL,
  -- The key of the person, or `machine`.
  actor TEXT NOT NULL,
  note TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER difference_history_fixed BEFORE UPDATE ON difference_history BEGIN SELECT RAISE(ABORT, 'difference_history: append-only'); END;
CREATE TRIGGER difference_history_stays BEFORE DELETE ON difference_history BEGIN SELECT RAISE(ABORT, 'difference_history: append-only'); END;

-- The payments of a day are compared with its bill.
CREATE INDEX ledger_of_day ON ledger (occurred_at) WHERE code = 'payment';
-- So are the refunds that WeChat accepted on that day.
CREATE INDEX refund_history_of_day ON refund_history (created_at) WHERE from_state IN ('none','requested');
