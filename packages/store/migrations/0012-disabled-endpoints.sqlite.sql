-- A disabled endpoint is sent nothing any more: what was staged for it is given up.
UPDATE webhook_deliveries SET state = 'exhausted', next_attempt_at = NULL, last_error = 'the endpoint was disabled'
  WHERE state = 'pending' AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE disabled_at IS NOT NULL);
