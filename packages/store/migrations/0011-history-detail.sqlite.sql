-- What the history says beside a move, as a JSON object of texts: fields that could not be taken as WeChat told them.
ALTER TABLE order_history ADD COLUMN detail TEXT;
ALTER TABLE refund_history ADD COLUMN detail TEXT;
