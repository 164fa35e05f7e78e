"""A service of prices that fails half of the time: python3 conf/flows/samples/prices.py"""
import http.server
import json
import random


class Prices(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        works = random.random() < 0.5
        body = json.dumps({"price": round(random.uniform(1, 99), 2)} if works else {"error": "busy"}).encode()
        self.send_response(200 if works else 503)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Prices).serve_forever()
