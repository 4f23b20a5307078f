"""Writes the golden frames and answers of this folder from the tables in core/abi/src/frame/mod.rs and core/abi/src/answer.rs.

An implementation of its own, so that a change of the layout in Rust is seen:  python3 golden.py
"""
import struct

NUMBER, FLAG, TEXT, TEXTS, DATE, TIME, WORD32, WORD64, WORDS32, EVENTS = range(1, 11)


def padded(data):
    return data + b"\0" * (-len(data) % 64)


def offsets(lengths):
    at, out = 0, [0]
    for length in lengths:
        at += length
        out.append(at)
    return struct.pack(f"<{len(out)}I", *out)


def bitmap(cells):
    bits = bytearray((len(cells) + 7) // 8)
    for row, cell in enumerate(cells):
        if cell is not None:
            bits[row // 8] |= 1 << row % 8
    return bytes(bits)


def column(kind, cells):
    """Validity, offsets, inner offsets, values, count of values."""
    validity = None if all(c is not None for c in cells) else bitmap(cells)
    lists = [c if c is not None else [] for c in cells]
    outer = inner = None
    if kind in (NUMBER, FLAG, DATE, TIME, WORD32, WORD64):
        code = {NUMBER: "d", FLAG: "B", DATE: "i", TIME: "q", WORD32: "I", WORD64: "Q"}[kind]
        values, count = struct.pack(f"<{len(cells)}{code}", *[c or 0 for c in cells]), len(cells)
    elif kind == TEXT:
        texts = [c.encode() if c is not None else b"" for c in cells]
        outer, values = offsets(map(len, texts)), b"".join(texts)
        count = len(values)
    elif kind == TEXTS:
        texts = [t.encode() for c in lists for t in c]
        outer, inner, values = offsets(map(len, lists)), offsets(map(len, texts)), b"".join(texts)
        count = len(values)
    elif kind == WORDS32:
        flat = [n for c in lists for n in c]
        outer, values, count = offsets(map(len, lists)), struct.pack(f"<{len(flat)}I", *flat), len(flat)
    else:
        flat = [e for c in lists for e in c]
        outer, values, count = offsets(map(len, lists)), b"".join(struct.pack("<qIIII", *e, 0) for e in flat), len(flat)
    return validity, outer, inner, values, count


def frame(kind, rows, columns):
    body, entries, start = b"", b"", 64 * (1 + len(columns))
    for name, of, cells in columns:
        assert len(cells) == rows
        name_at = start + len(body)
        body += name.encode()
        places = []
        validity, outer, inner, values, count = column(of, cells)
        for buffer in (validity, outer, inner, values):
            if buffer is None:
                places.append(0)
                continue
            body = padded(body)
            places.append(start + len(body))
            body += buffer
        body = padded(body)
        entries += padded(struct.pack("<IIH6x4QQ", name_at, len(name.encode()), of, *places, count))
    length = start + len(body)
    header = padded(struct.pack("<4sHHIIQ", b"JDF1", kind, len(columns), rows, 0, length))
    return header + entries + body


def answer(requests):
    out = struct.pack("<4sI", b"JDA1", len(requests))
    for status, picks in requests:
        out += struct.pack("<II", status, len(picks)) + b"".join(struct.pack("<IId", *p) for p in picks)
    return out


EVERY_TYPE = frame(3, 3, [
    ("limit", WORD32, [10, 4, 1]),
    ("seed", WORD64, [1, 2**64 - 1, 0]),
    ("time", TIME, [1795514400000, -1, None]),
    ("number", NUMBER, [1.5, None, -0.25]),
    ("flag", FLAG, [True, False, None]),
    ("date", DATE, [20777, -1, None]),
    ("text", TEXT, ["héllo", "", None]),
    ("texts", TEXTS, [["a", "", "été"], [], None]),
    ("candidates", WORDS32, [[7, 8, 9], None, [0]]),
    ("session.viewed", EVENTS, [[(1795514400000, 3, 2, 1), (5, 6, 7, 8)], [], None]),
])
EMPTY = frame(5, 0, [("session", WORD64, [])])
ANSWER = answer([(0, [(5, 0, 2.5), (6, 1, -1.0)]), (1, []), (0, [])])

for name, data in (("every_type", EVERY_TYPE), ("empty", EMPTY), ("answer", ANSWER)):
    with open(f"{name}.hex", "w") as file:
        for at in range(0, len(data), 32):
            file.write(data[at:at + 32].hex() + "\n")
