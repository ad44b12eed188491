-- How often a row was taken up since it last got anywhere. Counted when it is taken, so that a row which kills its process is seen to.

ALTER TABLE orders ADD COLUMN claims INTEGER NOT NULL DEFAULT 0 CHECK (claims >= 0);
ALTER TABLE refunds ADD COLUMN claims INTEGER NOT NULL DEFAULT 0 CHECK (claims >= 0);
