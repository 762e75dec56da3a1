"""Time what `understand` reads from a message, and what holding it takes.

    python -m benchmarks.nlu FILE [--json]

FILE is JSON Lines with `utt`, gzipped or not, as MASSIVE's. Each message is read twice: in the
first round most words are met for the first time, in the second they were met lately.
"""

import argparse
import gzip
import json
import resource
import time
from pathlib import Path

from nlu.core.encoder import SwedishEncoder
from nlu.core.understanding import Understanding


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    opened = gzip.open if options.file.suffix == ".gz" else open
    with opened(options.file, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["utt"] for line in lines]
    before_kb = _peak_kb()
    encoder, encoder_s = _timed(SwedishEncoder.load)
    understanding, intents_s = _timed(lambda: Understanding.load(encoder))
    figures = {
        "messages": len(texts),
        "load_encoder_ms": round(encoder_s * 1000),
        "load_intents_ms": round(intents_s * 1000),
    }
    for name in ("first", "again"):
        taken_ms = sorted(
            _timed(lambda text=text: understanding.read(text))[1] * 1000 for text in texts
        )
        for percent in (50, 99):
            place = min(len(taken_ms) - 1, len(taken_ms) * percent // 100)
            figures[f"{name}_ms_p{percent}"] = round(taken_ms[place], 3)
    figures["grown_mb"] = round((_peak_kb() - before_kb) / 1024, 1)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<18}{value:>10}")


def _timed(call):
    started = time.perf_counter()
    result = call()
    return result, time.perf_counter() - started


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
