#!/usr/bin/env python3
"""What recording decisions costs: the CPU time of a list with `[audit]` in the policy beside one without, in one run.

    proofs/audit_cost.py [--program target/release/jardin] [--turns 12] [--lists 1500]

Two servers of the same program run over the same demo shop; every list of its placements is asked for by people who agreed, have a history and a basket,
in turns, first of the one, then of the other. CPU is that of the server and its workers (/proc/PID/task/*/schedstat), the audit's
own thread and its writing included. Prints the median of the turns' ratios, and what the audit's own threads took, which is nearly all of it and
says more where the machine has other work.
"""

import argparse, datetime, http.client, json, os, re, shutil, statistics, subprocess, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AUDIT = '\n[audit]\nbasis = "legitimate interests"\nbalance = "LIA-1"\nrecord = "every decision"\nkeep = "30 days"\n'
PEOPLE = 200


class Server:
    def __init__(self, program, root, name, audit):
        self.folder = Path(root) / name
        shutil.copytree(ROOT / "examples" / "shop", self.folder, ignore=shutil.ignore_patterns("data"))
        if audit:
            with open(self.folder / "policy.toml", "a") as policy:
                policy.write(AUDIT)
        for command in (["policy", "pin", self.folder], ["import", self.folder, self.folder / "items.jsonl"]):
            subprocess.run([program, *command], check=True, capture_output=True)
        self.process = subprocess.Popen([program, "serve", self.folder, "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if found := re.match(r"listening on http://(\S+)", line):
                self.connection = http.client.HTTPConnection(found[1], timeout=60)
                break

    def ask(self, verb, path, body):
        self.connection.request(verb, path, json.dumps(body), {"content-type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 202), (answer.status, text)
        return json.loads(text)

    def fill(self, items):
        consent = {"status": "granted", "text_version": "2026-10", "source": "banner"}
        for n in range(PEOPLE):
            for name in self.consents():
                self.ask("PUT", f"/v1/subjects/p{n}/consents/{name}", consent)
            now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")
            events = [{"event_id": f"p{n}-{at}", "type": "view_item", "occurred_at": now, "subject_id": f"p{n}",
                       "session_id": f"s{n}", "items": [{"item_id": items[(n * 7 + at) % len(items)]}]} for at in range(5)]
            self.ask("POST", "/v1/events", {"events": events})

    def consents(self):
        text = (self.folder / "policy.toml").read_text()
        return re.findall(r"^\[consents\.(\w+)\]", text, re.M)

    def audit_cpu(self):
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        own = [task for task in tasks if (task / "comm").read_text().strip() == "jardin-audit"]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in own)

    def cpu(self):
        pids, total = [self.process.pid], 0
        pids += [int(p) for p in subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()]
        for pid in pids:
            try:
                for task in Path(f"/proc/{pid}/task").iterdir():
                    total += int((task / "schedstat").read_text().split()[0])
            except FileNotFoundError:
                continue  # a worker that was replaced, or a thread that ended
        return total

    def lists(self, count, items, places, offset):
        self.connection.close()  # one that was idle may be closed by now; it opens again by itself
        before = self.cpu()
        read = 0
        for n in range(count):
            who = (n + offset) % PEOPLE
            question = {"placement": places[n % len(places)], "subject_id": f"p{who}", "session_id": f"s{who}",
                        "session": {"basket": [items[n % len(items)]]}, "context": {"page_item": items[(n * 3) % len(items)]}}
            read += self.ask("POST", "/v1/recommendations", question)["personalised"]
        time.sleep(0.2)  # what waits to be written is written
        return (self.cpu() - before) / count / 1000, read / count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "jardin"))
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--lists", type=int, default=1500)
    args = parser.parse_args()
    lines = (ROOT / "examples" / "shop" / "items.jsonl").read_text().splitlines()
    items = [json.loads(line)["item_id"] for line in lines if line.strip()]
    config = (ROOT / "examples" / "shop" / "jardin.toml").read_text()
    places = re.findall(r"^\[placements\.(\w+)\]", config, re.M)
    with tempfile.TemporaryDirectory() as root:
        servers = [Server(args.program, root, "without", False), Server(args.program, root, "with", True)]
        for server in servers:
            server.fill(items)
            server.lists(args.lists, items, places, 0)
        ratios, costs, shares = [], [[], []], []
        begun = servers[1].audit_cpu()
        for turn in range(args.turns):
            pair = [0, 1] if turn % 2 else [1, 0]
            of = {}
            for at in pair:
                of[at], share = servers[at].lists(args.lists, items, places, turn)
                costs[at].append(of[at])
                shares.append(share)
            ratios.append(of[1] / of[0])
        own = (servers[1].audit_cpu() - begun) / (args.turns * args.lists) / 1000
        for server in servers:
            server.process.terminate()
            server.process.wait()
        decisions = sum(len(p.read_text().splitlines()) for p in (servers[1].folder / "data/audit/decisions").glob("*.jsonl"))
    without, with_ = (statistics.median(cost) for cost in costs)
    print(f"{len(places)} placements, {args.turns} turns of {args.lists} lists; {statistics.mean(shares):.0%} of them personal; {decisions} lines")
    print(f"CPU of a list without {without:.1f} µs, with {with_:.1f} µs; with ÷ without: median {statistics.median(ratios):.3f}, "
          f"{min(ratios):.3f} to {max(ratios):.3f}")
    print(f"the audit's own threads: {own:.2f} µs a list, {own / without:.1%} of one without")


main()
