-- API keys. The key itself is not here, only its SHA-256: it has 256 random bits, so no slow hash is needed. `prefix` names it to people.

CREATE TABLE api_keys (
  prefix TEXT COLLATE "C" PRIMARY KEY,
  key_hash TEXT COLLATE "C" NOT NULL UNIQUE CHECK (length(key_hash) = 64),
  name TEXT NOT NULL,
  -- JSON arrays.
  merchants TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT
);
CREATE TRIGGER api_keys_fixed BEFORE UPDATE ON api_keys FOR EACH ROW
  WHEN (OLD.key_hash IS DISTINCT FROM NEW.key_hash OR OLD.merchants IS DISTINCT FROM NEW.merchants OR OLD.scopes IS DISTINCT FROM NEW.scopes
    OR (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS DISTINCT FROM NEW.revoked_at))
  EXECUTE FUNCTION refuse('api_keys: what a key may do is fixed, and a revoked one stays revoked');
CREATE TRIGGER api_keys_stay BEFORE DELETE ON api_keys FOR EACH ROW
  EXECUTE FUNCTION refuse('api_keys: never deleted');
