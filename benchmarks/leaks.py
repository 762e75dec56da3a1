"""What it costs an answer to be watched on its way out.

    python -m benchmarks.leaks [--rounds 21] [--json]

An answer of 300 words with two links and a piece of code, token by token (4 characters), watched
and merely copied in turns; medians in microseconds a token, and the ratio.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

from chat.core.policy import Routing
from guardian.core.leaks import Leaks, Watch

TOKEN_CHARS = 4
PROMPT = Routing().system_prompt
QUESTION = "Hur bygger jag en liten webbplats med Django, och var kan jag läsa mer om det?"
ANSWER = (
    "Börja med att installera Django och skapa ett projekt. Du kan läsa mer på "
    "[Djangos sidor](https://docs.djangoproject.com/sv/5.2/intro/tutorial01/), som är på "
    "engelska men lätta att följa. När du har ett projekt skapar du en app och en modell:\n\n"
    "```python\nclass Post(models.Model):\n    title = models.CharField(max_length=100)\n"
    "    body = models.TextField(blank=True)\n```\n\n"
    "Sedan kör du `python manage.py migrate`, och därefter kan du logga in i administrationen. "
    "Säg till om du vill veta hur man lägger upp den på en server, se "
    "https://docs.djangoproject.com/en/5.2/howto/deployment/ för en översikt. "
) * 3


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    tokens = [ANSWER[at : at + TOKEN_CHARS] for at in range(0, len(ANSWER), TOKEN_CHARS)]
    watched, copied = [], []
    for _ in range(args.rounds):
        watch = Watch(Leaks(), instructions=[PROMPT], conversation=[PROMPT, QUESTION])
        watched.append(_us(watch.feed, tokens))
        copied.append(_us(str, tokens))
    told = {
        "tokens": len(tokens),
        "watched_us": round(statistics.median(watched), 2),
        "copied_us": round(statistics.median(copied), 2),
    }
    if args.json:
        print(json.dumps(told))
        return
    print(
        f"{told['tokens']} tokens: {told['watched_us']} µs a token, copied {told['copied_us']} µs"
    )


def _us(feed: Callable[[str], str], tokens: list[str]) -> float:
    began = time.perf_counter()
    for token in tokens:
        feed(token)
    return (time.perf_counter() - began) / len(tokens) * 1e6


if __name__ == "__main__":
    main()
