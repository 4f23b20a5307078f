#!/usr/bin/env python3
"""Kills a shop with SIGKILL in the midst of what it does, over and over, and checks what is left.

    proofs/kills.py [--program target/release/jardin] [--rounds 100] [--seed 1]

Each round does one of six things in turn and is killed at a random moment of it: taking events, erasing people, recording
refusals (into the journal and its copy, which are merged at the next start), making a backup, putting one back, and looking at
people (which the audit records). Then the shop starts again, and nothing that it acknowledged may be missing: events, answers,
objections; nobody who was erased or withdrew may be back; a backup is whole or not there; a restore took place or did not; the
audit verifies against the checkpoints outside. Prints the seed first and "N tried, N held" last.
"""

import argparse, datetime, http.client, json, os, random, re, shutil, signal, subprocess, sys, tempfile, threading, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KINDS = ["ingest", "erasure", "refusals", "backup", "restore", "audit"]
THREADS = 4


class Shop:
    """A shop folder, and the process that serves it."""

    def __init__(self, program, root):
        self.program, self.folder, self.data = program, root / "shop", root / "shop" / "data"
        self.copies, self.outside = root / "refusals-copy", root / "checkpoints"
        shutil.copytree(ROOT / "examples" / "shop", self.folder, ignore=shutil.ignore_patterns("data"))
        (self.folder / "server.toml").write_text(
            f'[store]\nrefusals_copy = "{self.copies}"\n[audit]\ncheckpoints = "{self.outside}"\n')
        self.command("policy", "pin", str(self.folder))
        self.command("import", str(self.folder), str(self.folder / "items.jsonl"))

    def command(self, *args):
        done = subprocess.run([self.program, *args], capture_output=True, text=True)
        assert done.returncode == 0, f"{args}: {done.stdout}{done.stderr}"
        return done.stdout

    def serve(self):
        self.process = subprocess.Popen(
            [self.program, "serve", str(self.folder), "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if found := re.match(r"listening on http://(\S+)", line):
                self.address = found[1]
                return
        raise AssertionError("the shop does not start after a kill")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def ask(self, verb, path, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=20)
        headers = {"content-type": "application/json"} if body is not None else {}
        connection.request(verb, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None


class Person:
    """What was acknowledged of somebody, in its order; `asked` is what was sent last and may have been done or not."""

    def __init__(self, name):
        self.name, self.events, self.withdrew, self.objects, self.erased, self.asked = name, 0, False, False, False, None


ANSWER = {"text_version": "2026-10", "source": "banner"}


def now_text():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


def live(shop, person, kind):
    """One life, step by step, until the shop is gone."""

    def step(what, verb, path, body, expected):
        person.asked = what
        status, said = shop.ask(verb, path, body)
        assert status == expected, f"{verb} {path}: {status}"
        assert what != "event" or said["accepted"] == 1, said
        person.asked = None

    path = f"/v1/subjects/{person.name}"
    consent = f"{path}/consents/personalisation"
    step("granted", "PUT", consent, {"status": "granted", **ANSWER}, 200)
    for n in range(3):
        event = {"event_id": f"{person.name}-{n}", "type": "view_item", "occurred_at": now_text(), "subject_id": person.name,
                 "items": [{"item_id": "TEN-103"}]}
        step("event", "POST", "/v1/events", {"events": [event]}, 202)
        person.events += 1
    if kind == "erasure":
        step("erased", "DELETE", path, None, 200)
        person.erased = True
    if kind == "refusals":
        step("withdrew", "PUT", consent, {"status": "withdrawn", **ANSWER}, 200)
        person.withdrew = True
        step("objects", "PUT", f"{path}/objection", {"active": True}, 200)
        person.objects = True
    if kind == "audit":
        for _ in range(3):
            step("looked", "GET", path, None, 200)


def crowd(shop, kind, round_, people, stop):
    def work(thread):
        for n in range(10**9):
            person = Person(f"r{round_}t{thread}n{n}")
            people.append(person)
            try:
                live(shop, person, kind)
            except (OSError, http.client.HTTPException):
                return
            if stop.is_set():
                return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    return threads


def check(shop, person, may_be_gone=False):
    """Why what is stored contradicts what was acknowledged; None where it does not."""
    path = f"/v1/subjects/{person.name}"
    status, stored = shop.ask("GET", path)
    if person.erased:
        return None if status == 404 else f"{person.name} was erased and is there"
    if status == 404:
        gone = may_be_gone or person.asked in ("granted", "erased")
        return None if gone else f"{person.name} is gone"
    events = len(stored["events"])
    # a withdrawal lets what rested on the answer go
    if not (person.withdrew or person.asked == "withdrew" or may_be_gone) and events < person.events:
        return f"{person.name} has {events} of {person.events} events"
    _, consent = shop.ask("GET", f"{path}/consents/personalisation")
    if person.withdrew and (consent is None or consent.get("counts")):
        return f"{person.name} withdrew, and it counts"
    if person.objects and not stored["objection"]["active"]:
        return f"{person.name} objected, and it is not stored"
    return None


def run_round(shop, round_, rng, world):
    kind = KINDS[round_ % len(KINDS)]
    people, stop, faults = [], threading.Event(), []
    backup = shop.folder.parent / f"backup-{round_}"
    if kind == "restore" and world["backup"]:
        process = subprocess.Popen([shop.program, "restore", str(shop.folder), "--from", str(world["backup"])],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        process.wait()
        shop.serve()
    else:
        shop.serve()
        threads = crowd(shop, kind, round_, people, stop)
        time.sleep(rng.uniform(0.05, 0.5))
        maker = None
        if kind == "backup":
            maker = subprocess.Popen([shop.program, "backup", str(shop.folder), "--to", str(backup)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0, 0.08))
        shop.kill()
        stop.set()
        for thread in threads:
            thread.join()
        if maker:
            maker.wait()
            if backup.exists():
                sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=backup, capture_output=True)
                if sums.returncode:
                    faults.append("a backup that is there is not whole")
                # of those who came meanwhile the backup holds some
                world["backup"], world["before"] = backup, len(world["people"]) + len(people)
        shop.serve()
    if kind == "restore" and world["backup"]:
        # it took place, or it did not: of those who came since all are gone, or none
        since = [p for p in world["people"][world["before"] :] if not p.erased and p.events]
        is_there = [shop.ask("GET", f"/v1/subjects/{p.name}")[0] == 200 for p in rng.sample(since, min(20, len(since)))]
        if is_there and any(is_there) and not all(is_there):
            faults.append("a restore took place by half")
        if is_there and not any(is_there):
            for person in since:
                person.gone = True
    world["people"] += people
    chosen = people + rng.sample(world["people"], min(30, len(world["people"])))
    # who was restored from before some of their events keeps their refusals
    in_backup = kind == "restore"
    for person in chosen:
        fault = check(shop, person, may_be_gone=in_backup or getattr(person, "gone", False) or world["restored"])
        if fault:
            faults.append(fault)
    world["restored"] |= in_backup
    shop.process.terminate()
    shop.process.wait()
    shop.process.stdout.close()
    verified = subprocess.run([shop.program, "audit", "verify", str(shop.folder), "--checkpoints",
                               str(shop.outside / "jardin-audit-checkpoints")], capture_output=True, text=True)
    if verified.returncode or "proved up to entry" not in verified.stdout:
        faults.append(f"the audit: {verified.stdout}{verified.stderr}")
    return kind, faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "jardin"))
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    tried, held = 0, 0
    with tempfile.TemporaryDirectory() as root:
        shop = Shop(args.program, Path(root))
        world = {"people": [], "backup": None, "before": 0, "restored": False}
        for round_ in range(args.rounds):
            rng = random.Random(args.seed * 1_000 + round_)
            kind, faults = run_round(shop, round_, rng, world)
            tried, held = tried + 1, held + (not faults)
            for fault in faults:
                print(f"round {round_} ({kind}): {fault}", flush=True)
        kept = sum(p.events for p in world["people"])
        print(f"{len(world['people'])} people, {kept} events acknowledged, {sum(p.erased for p in world['people'])} erased")
    print(f"{tried} tried, {held} held")
    sys.exit(tried != held)


main()
