"""What the citizens of the measurements ask: real questions, each different, so that no cache flatters us."""

import json
import random
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def questions(count: int) -> list[str]:
    """So many questions of the development set and of the phrasings, in an order that is the same each time."""
    lines = (ROOT / "tests" / "questions" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    found = dict.fromkeys(json.loads(line)["q"] for line in lines)
    for file in sorted((ROOT / "content").rglob("*.toml")):
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("entry", []):
            found.update(dict.fromkeys(entry["phrasings"]))
    mixed = random.Random(14).sample(list(found), len(found))
    return mixed[:count]
