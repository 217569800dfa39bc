"""Check an export of a Greenlane record: python3 verify_export.py EXPORT KEYS [RECEIPT ...]

KEYS: public keys (JWKS) as YOU keep them, or - to believe the export's own. Exits with 0 and says
what was checked; with 1 and the first fault; or with 2 where a file is none of these.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

P = 2**256 - 2**224 + 2**192 + 2**96 - 1  # the curve P-256: prime, order, base point, b
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GX = 0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296
GY = 0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5
B = (GY**2 - GX**3 + 3 * GX) % P


def check(is_so, otherwise):
    return is_so or sys.exit(f"FAULT: {otherwise}")


def add(a, b):
    if a is None or b is None or (a[0] == b[0] and (a[1] + b[1]) % P == 0):
        return (a or b) if a is None or b is None else None
    up, down = (3 * a[0] ** 2 - 3, 2 * a[1]) if a == b else (b[1] - a[1], b[0] - a[0])
    slope = up * pow(down, -1, P) % P
    x = (slope**2 - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    return add(times(k // 2, add(point, point)), point if k % 2 else None) if k else None


def read_receipt(token, keys):
    head, said, signature = (base64.urlsafe_b64decode(p + "==") for p in token.split("."))
    digest = int(hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest(), 16)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    is_es256 = json.loads(head)["alg"] == "ES256" and len(signature) == 64
    for key in keys if is_es256 and 0 < r < N and 0 < s < N else []:
        x, y = (int(base64.urlsafe_b64decode(key[c] + "==").hex(), 16) for c in "xy")
        if (y**2 - x**3 + 3 * x - B) % P == 0:
            u, v = digest * pow(s, -1, N) % N, r * pow(s, -1, N) % N
            point = add(times(u, (GX, GY)), times(v, (x, y)))
            if point and point[0] % N == r:
                return json.loads(said)
    return sys.exit("FAULT: a receipt is signed by none of the keys")


def main(path, keys, receipts):
    streams, links, rows = {}, [], {"head": [], "receipt": [], "erasure": []}
    for before, row in enumerate(map(json.loads, path.open(encoding="utf-8"))):
        is_end = row == {"type": "end", "lines": before}
        kind, name = row["type"], f"{row.get('stream', 'link')}:{row.get('seq', row.get('number'))}"
        if kind in ("event", "anchor"):
            digest = hashlib.sha256(f"greenlane {kind} 1\n{row['body']}".encode()).hexdigest()
            body = json.loads(row["body"])
            chain = streams.setdefault(body["stream"], []) if kind == "event" else links
            prev, place = chain[-1][0] if chain else "0" * 64, body.get("seq", body.get("number"))
            check(digest == row["hash"], f"{name} was changed")
            check(place == len(chain) + 1 and body["prev"] == prev, f"{name} is not in its place")
            chain.append((digest, body.get("kind"), body.get("payload", body.get("heads"))))
        rows.setdefault(kind, []).append(row)
    check(is_end, "the export is cut short")
    heads = {row["stream"]: (row["seq"], row["hash"]) for row in rows["head"]}
    receipts, erased = receipts + [row["receipt"] for row in rows["receipt"]], rows["erasure"]
    check(heads == {s: (len(c), c[-1][0]) for s, c in streams.items()}, "a head is another")
    promised = [(f"link {i + 1}", head) for i, link in enumerate(links) for head in link[2]]
    for said in (read_receipt(one.strip(), keys or rows["keys"][0]["keys"]) for one in receipts):
        for number, digest in ((1, said["installation"]), (said["anchor"], said["anchor_hash"])):
            there = links[number - 1][0] if 0 < number <= len(links) else "0" * 64
            check(digest in ("", there), f"a receipt testifies to another link {number}")
        if said["seq"]:
            promised.append(("a receipt", (said["stream"], said["seq"], said["hash"])))
    for who, (stream, seq, digest) in promised:
        chain = streams.get(stream, [])[seq - 1 : seq]
        check(chain and chain[0][0] == digest, f"{who} testifies to another event {stream}:{seq}")
    for row in erased:
        _, kind, said = streams[row["stream"]][int(row["by"].rpartition(":")[2]) - 1]
        told = kind == "erasure" and row["seq"] in said["seqs"] and row["rule"] == said["rule"]
        check(told, f"no event tells of the erasure of {row['stream']}:{row['seq']}")
    counts = len(streams), sum(map(len, streams.values())), len(links), len(receipts), len(erased)
    print("Whole: {} streams, {} events, {} links, {} receipts, {} erasures.".format(*counts))


if __name__ == "__main__":
    try:
        export, known, *given = map(Path, sys.argv[1:])
        format_of_export = json.loads(export.open(encoding="utf-8").readline())["format"]
        trusted = None if str(known) == "-" else json.loads(known.read_text())["keys"]
        receipts_given = [path.read_text() for path in given]
    except (OSError, LookupError, TypeError, ValueError) as error:
        sys.exit(print(__doc__, f"CANNOT READ: {error!r}", sep="\n", file=sys.stderr) or 2)
    try:
        main(export, trusted, receipts_given)
    except (OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        sys.exit(f"FAULT: cut short or damaged: {error!r}")
