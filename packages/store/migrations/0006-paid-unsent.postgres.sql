-- What we sent, and to whom it was shown, is there wherever we sent it. WeChat may also tell of an order that we do not know as sent: a restored
-- backup has it as `created`, and it is paid all the same. Then there is no request here, and the payer is whom WeChat names.

ALTER TABLE orders DROP CONSTRAINT orders_check1, ADD CONSTRAINT orders_check1
  CHECK (state NOT IN ('ordering','pending','closing','failed') OR (appid IS NOT NULL AND openid IS NOT NULL AND request IS NOT NULL));
