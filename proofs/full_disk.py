#!/usr/bin/env python3
"""Fills the disk under a shop that serves, and checks that refusals act, lists are answered, and nothing acknowledged is lost.

    proofs/full_disk.py [--program target/release/jardin]

The data folder lies on a tmpfs of 48 MiB, for which it must be run as root. Prints a line for each thing that is tried, and
"N tried, N held" last.
"""

import argparse, datetime, http.client, json, os, re, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANSWER = {"text_version": "2026-10", "source": "banner"}
TRIED = {"tried": 0, "held": 0}


def look(what, holds, said=""):
    TRIED["tried"] += 1
    TRIED["held"] += bool(holds)
    print(f"{'held' if holds else 'FAILED'}: {what} {'' if holds else said}", flush=True)


class Server:
    def __init__(self, program, shop, data):
        self.process = subprocess.Popen([program, "serve", str(shop), "--data", str(data), "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if found := re.match(r"listening on http://(\S+)", line):
                self.address = found[1]
                break

    def ask(self, verb, path, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"content-type": "application/json"} if body is not None else {}
        connection.request(verb, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else {}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def event(who, n):
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
    one = {"event_id": f"{who}-{n}", "type": "view_item", "occurred_at": now, "subject_id": who,
           "items": [{"item_id": "TEN-103"}]}
    return {"events": [one]}


def fill(folder):
    with open(folder / "filler", "ab", buffering=0) as filler:
        for size in (1 << 20, 4096, 512, 1):
            try:
                while True:
                    filler.write(b"x" * size)
            except OSError:
                continue


def try_all(program, shop, data):
    server = Server(program, shop, data)
    consent = "/v1/subjects/{}/consents/personalisation"
    for who in ("ada", "bob", "eve"):
        server.ask("PUT", consent.format(who), {"status": "granted", **ANSWER})
    acknowledged = sum(server.ask("POST", "/v1/events", event("ada", n))[0] == 202 for n in range(20))
    fill(data)
    refused = [server.ask("POST", "/v1/events", event("ada", n))[0] for n in range(20, 200)]
    late = refused.count(202)
    look("events are refused in the end, and none is acknowledged behind a refusal",
         refused[-1] == 503 and 202 not in refused[refused.index(503):], refused)
    fill(data)
    status, said = server.ask("PUT", consent.format("bob"), {"status": "withdrawn", **ANSWER})
    look("a withdrawal acts", status in (200, 503) and (status == 200 or "in-force" in said["type"]), (status, said))
    look("and counts at once", not server.ask("GET", consent.format("bob"))[1].get("counts"))
    status, said = server.ask("DELETE", "/v1/subjects/eve")
    look("an erasure acts", status in (200, 503), (status, said))
    look("and is obeyed at once", server.ask("GET", "/v1/subjects/eve")[0] == 404)
    status, said = server.ask("PUT", "/v1/policy/stop", {"everything": False, "strategies": ["for-you"]})
    look("the stop switch acts", status in (200, 503), (status, said))
    status, said = server.ask("POST", "/v1/recommendations", {"placement": "home", "subject_id": "ada"})
    look("a list is answered", status == 200 and said["items"], (status, said))
    warnings = json.dumps(server.ask("GET", "/health/ready")[1])
    look("health says that the disk is full", "disk is full" in warnings, warnings[:300])
    server.kill()
    (data / "filler").unlink()
    server = Server(program, shop, data)
    stored = server.ask("GET", "/v1/subjects/ada")[1]
    look("nothing that was acknowledged is lost", len(stored["events"]) >= acknowledged + late,
         (len(stored["events"]), acknowledged + late))
    look("the withdrawal holds", not server.ask("GET", consent.format("bob"))[1].get("counts"))
    look("the erasure holds", server.ask("GET", "/v1/subjects/eve")[0] == 404)
    look("events are taken again", server.ask("POST", "/v1/events", event("ada", 999))[0] == 202)
    server.process.terminate()
    server.process.wait()
    verified = subprocess.run([program, "audit", "verify", str(shop), "--data", str(data)], capture_output=True, text=True)
    look("the audit agrees with itself", verified.returncode == 0, verified.stdout + verified.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "jardin"))
    program = parser.parse_args().program
    if os.geteuid() != 0:
        sys.exit("a tmpfs is mounted for this: run it as root")
    with tempfile.TemporaryDirectory() as root:
        shop, data = Path(root) / "shop", Path(root) / "data"
        shutil.copytree(ROOT / "examples" / "shop", shop, ignore=shutil.ignore_patterns("data"))
        subprocess.run([program, "policy", "pin", str(shop)], check=True, stdout=subprocess.DEVNULL)
        data.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(data)], check=True)
        try:
            subprocess.run([program, "import", str(shop), str(shop / "items.jsonl"), "--data", str(data)],
                           check=True, stdout=subprocess.DEVNULL)
            try_all(program, shop, data)
        finally:
            subprocess.run(["umount", "-l", str(data)], check=True)
    print(f"{TRIED['tried']} tried, {TRIED['held']} held")
    sys.exit(TRIED["tried"] != TRIED["held"])


main()
