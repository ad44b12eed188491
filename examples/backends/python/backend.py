"""A shop's backend in plain Python, no packages: it places orders at Cashdesk over HTTP and hears its signed events.

CASHDESK_URL, CASHDESK_API_KEY, CASHDESK_MERCHANT (optional), PORT (3000). Sells to the mini program in ../../native-shop.
"""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CASHDESK = os.environ["CASHDESK_URL"].rstrip("/")
API_KEY = os.environ["CASHDESK_API_KEY"]
MERCHANT = os.environ.get("CASHDESK_MERCHANT")
PORT = int(os.environ.get("PORT", "3000"))

# Prices in fen, defined here and nowhere else.
PRODUCTS = [
    {"id": "latte", "name": "拿铁", "detail": "浓缩咖啡与热牛奶", "price": 2800},
    {"id": "croissant", "name": "黄油可颂", "detail": "每日现烤", "price": 1200},
]
BODY_BYTES_MAX = 64 * 1024
EVENT_AGE_SECONDS_MAX = 300

# The states from events. A real shop stores them in its database.
paid = set()
secret = None


class Refused(Exception):
    """Cashdesk said no, or the phone sent nonsense."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status = status


def cashdesk(method, path, body=None, headers=None):
    """One call of the merchant API. Raises Refused with Cashdesk's status; OSError when it cannot be reached."""
    request = urllib.request.Request(f"{CASHDESK}/v1{path}", method=method)
    request.add_header("Authorization", f"Bearer {API_KEY}")
    request.add_header("Content-Type", "application/json")
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(error.code, json.load(error).get("detail", "")) from error


def query():
    return f"?merchant={urllib.parse.quote(MERCHANT)}" if MERCHANT else ""


def checkout(body, idempotency_key):
    """A cart with our prices becomes an order. The phone never names a price."""
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise Refused(422, "购物车为空 / The cart is empty.")
    total, names = 0, []
    for item in items:
        if not isinstance(item, dict):
            raise Refused(422, "购物车格式有误 / Not a cart.")
        product = next((one for one in PRODUCTS if one["id"] == item.get("product_id")), None)
        quantity = item.get("quantity")
        if product is None or type(quantity) is not int or not 1 <= quantity <= 99 or set(item) - {"product_id", "quantity"}:
            raise Refused(422, "商品、数量有误，或含有不接受的字段 / Unknown product, bad quantity, or a field we do not accept.")
        total += product["price"] * quantity
        names.append(f"{product['name']}×{quantity}")
    order = {"description": "、".join(names)[:127], "amount": {"total": total, "currency": "CNY"}}
    if MERCHANT:
        order["merchant"] = MERCHANT
    # A call with the same key gives the same order, so it can be repeated.
    placed = cashdesk("POST", "/orders", order, {"Idempotency-Key": idempotency_key or str(uuid.uuid4())})
    return {"out_trade_no": placed["out_trade_no"], "client_secret": placed["client_secret"], "amount": placed["amount"]}


def order(out_trade_no):
    found = cashdesk("GET", f"/orders/{urllib.parse.quote(out_trade_no, safe='')}{query()}")
    return {name: found[name] for name in ("out_trade_no", "state", "description", "amount", "paid_at")}


def verify(headers, body):
    """Standard Webhooks: HMAC-SHA256 over id, timestamp and the raw body; any of the signatures may be ours."""
    event_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if secret is None or not timestamp.isdigit() or abs(time.time() - int(timestamp)) > EVENT_AGE_SECONDS_MAX:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    given = [part.split(",", 1)[-1] for part in headers.get("webhook-signature", "").split(" ")]
    return any(hmac.compare_digest(expected, one) for one in given)


def hear(body):
    """At least once, under one id: a set makes the second time nothing new."""
    event = json.loads(body)
    if event["type"] == "order.paid":
        paid.add(event["data"]["out_trade_no"])


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/products":
            return self.answer(200, {"products": PRODUCTS})
        if self.path == "/fulfilled":
            return self.answer(200, {"orders": sorted(paid)})
        if self.path.startswith("/orders/"):
            return self.careful(lambda: (200, order(urllib.parse.unquote(self.path.removeprefix("/orders/")))))
        return self.answer(404, {"detail": "没有这个地址 / No such address."})

    def do_POST(self):
        length = int(self.headers.get("content-length", "0"))
        if length > BODY_BYTES_MAX:
            return self.answer(413, {"detail": "too large"})
        body = self.rfile.read(length)
        if self.path == "/events":
            # The signature is checked before anything is read.
            if not verify(self.headers, body):
                return self.answer(401, {"detail": "not signed by our Cashdesk"})
            hear(body)
            return self.answer(200, {})
        if self.path == "/checkout":
            return self.careful(lambda: (201, checkout(parsed(body), self.headers.get("idempotency-key"))))
        return self.answer(404, {"detail": "没有这个地址 / No such address."})

    def careful(self, act):
        try:
            status, data = act()
        except Refused as refused:
            status, data = refused.status if refused.status in (404, 409, 422) else 502, {"detail": str(refused)}
        except OSError:
            status, data = 502, {"detail": "暂时无法下单或查单 / Cashdesk cannot be reached."}
        self.answer(status, data)

    def answer(self, status, data):
        body = json.dumps(data, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def parsed(body):
    try:
        return json.loads(body)
    except ValueError:
        return None


def subscribe(url):
    """The secret is shown once; a shop that was started again asks for a new one."""
    endpoints = cashdesk("GET", f"/webhook_endpoints{query()}")["data"]
    known = next((one for one in endpoints if one["url"] == url and one["enabled"]), None)
    if known:
        return cashdesk("POST", f"/webhook_endpoints/{known['id']}/rotate{query()}")["secret"]
    return cashdesk("POST", f"/webhook_endpoints{query()}", {"url": url})["secret"]


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Shop)
    address = f"http://127.0.0.1:{server.server_port}"
    secret = subscribe(f"{address}/events")
    print(f"ready {address}", flush=True)
    server.serve_forever()
