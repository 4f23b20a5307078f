"""Jardin from a shop's own server in Python, by the standard library alone: a token for a page, a list while the page is made, an order
when it is paid. The key stays here."""

import json
import urllib.error
import urllib.request

CHANGE_SECONDS = 5.0


class NotTaken(Exception):
    """What was told and not taken, in words; the caller can tell it again."""


class JardinServer:
    """`url` is where Jardin answers, `key` a key with the roles `serve` and `ingest`, `list_seconds` how long a list is waited for."""

    def __init__(self, url, key=None, list_seconds=0.15):
        self._url, self._key, self._list_seconds = url, key, list_seconds

    def list(self, placement, **request):
        """The list of a place, or none where it cannot be had in time: a page is never held up by it."""
        try:
            return self._call("/v1/recommendations", {"placement": placement, **request}, self._list_seconds)["items"]
        except NotTaken:
            return []

    def token(self, **claims):
        """A token that the page's own calls carry. The claims say for whom, for what and how long."""
        return self._call("/v1/tokens", claims, CHANGE_SECONDS)["token"]

    def record_order(self, order_id, at, lines, **whom):
        """Records an order; told twice it counts once. Raises `NotTaken` where it was not taken."""
        items = [{"item_id": line["item_id"], "quantity": line["quantity"], "price": line["price"]} for line in lines]
        event = {"event_id": f"purchase-{order_id}", "type": "purchase", "occurred_at": at, **whom, "items": items}
        rejected = self._call("/v1/events", {"events": [event]}, CHANGE_SECONDS)["rejected"]
        if rejected:
            raise NotTaken(rejected[0].get("detail", rejected[0]["problem"]))

    def _call(self, path, body, seconds):
        headers = {"content-type": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            raise NotTaken(f"Jardin answered with {refused.code}") from refused
        except (OSError, ValueError) as failed:
            raise NotTaken("Jardin did not answer") from failed
