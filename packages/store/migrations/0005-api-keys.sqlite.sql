-- API keys. The key itself is not here, only its SHA-256: it has 256 random bits, so no slow hash is needed. `prefix` names it to people.

CREATE TABLE api_keys (
  prefix TEXT PRIMARY KEY,
  key_hash TEXT NOT NULL UNIQUE CHECK (length(key_hash) = 64),
  name TEXT NOT NULL,
  -- JSON arrays.
  merchants TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE TRIGGER api_keys_fixed BEFORE UPDATE ON api_keys
  WHEN OLD.key_hash IS NOT NEW.key_hash OR OLD.merchants IS NOT NEW.merchants OR OLD.scopes IS NOT NEW.scopes
    OR (OLD.revoked_at IS NOT NULL AND OLD.revoked_at IS NOT NEW.revoked_at)
  BEGIN SELECT RAISE(ABORT, 'api_keys: what a key may do is fixed, and a revoked one stays revoked'); END;
CREATE TRIGGER api_keys_stay BEFORE DELETE ON api_keys BEGIN SELECT RAISE(ABORT, 'api_keys: never deleted'); END;
