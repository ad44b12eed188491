-- A disabled endpoint is sent nothing any more: what was staged for it is given up.
UPDATE webhook_deliveries SET state = 'exhausted', next_attempt_at = NULL, last_error = 'the endpoint was disabled'
  WHERE state = 'pending' AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE disabled_at IS NOT NULL);

-- TRUNCATE fires no trigger of rows, so what may not be deleted gets one of its own. Orders and refunds are referred to: without CASCADE PostgreSQL refuses
-- by itself, and with it their histories do.
CREATE TRIGGER order_history_not_truncated BEFORE TRUNCATE ON order_history FOR EACH STATEMENT EXECUTE FUNCTION refuse('order_history: never truncated');
CREATE TRIGGER refund_history_not_truncated BEFORE TRUNCATE ON refund_history FOR EACH STATEMENT EXECUTE FUNCTION refuse('refund_history: never truncated');
CREATE TRIGGER ledger_not_truncated BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse('ledger: never truncated');
CREATE TRIGGER audit_log_not_truncated BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse('audit_log: never truncated');
CREATE TRIGGER api_keys_not_truncated BEFORE TRUNCATE ON api_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse('api_keys: never truncated');
