"""The memory store keeps what is alive, within its bytes, and lets the least used go first."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chat.core.events import Token
from fibcache.core.entry import Entry
from fibcache.core.store import Flaws
from fibcache.core.tiers import HOUR_S, TIERS, Standing, Tier, after_hit, expires_s, newcomer
from fibcache.stores.memory import MemoryStore


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def an_entry(key: str, text: str = "Svar.", scope: str = "s") -> Entry:
    return Entry(key, scope, f"Fråga {key}?", (Token(text),), "planner", len(text))


def a_store(**named):
    seconds = Seconds()
    return MemoryStore(seconds, **named), seconds


async def test_an_entry_comes_back_and_rises_with_use():
    store, _ = a_store()
    await store.put(an_entry("a"), tiers=TIERS)

    hits = [(await store.hit("a", tiers=TIERS)).standing.hits for _ in range(3)]

    assert hits == [1, 2, 3]
    assert (await store.sizes(tiers=TIERS)).by_tier["L4"] == 1


async def test_looking_is_not_using():
    store, _ = a_store()
    await store.put(an_entry("a"), tiers=TIERS)
    await store.get("a", tiers=TIERS)

    assert (await store.get("a", tiers=TIERS)).standing.hits == 0


async def test_an_idle_entry_expires_from_where_it_is():
    store, seconds = a_store()
    await store.put(an_entry("a"), tiers=TIERS)
    await store.put(an_entry("b"), tiers=TIERS)
    await store.hit("b", tiers=TIERS)  # L2, two hours

    seconds.now += HOUR_S

    assert await store.hit("a", tiers=TIERS) is None
    assert await store.get("b", tiers=TIERS) is not None
    assert (await store.sizes(tiers=TIERS)).expired == 1


async def test_what_expired_unseen_gives_back_its_room():
    store, seconds = a_store()
    for number in range(50):
        await store.put(an_entry(str(number)), tiers=TIERS)
    seconds.now += 2 * HOUR_S

    sizes = await store.sizes(tiers=TIERS)

    assert (sizes.entries, sizes.bytes, sizes.expired) == (0, 0, 50)


async def test_a_longer_life_set_by_an_operator_is_given_to_old_entries_too():
    store, seconds = a_store()
    await store.put(an_entry("a"), tiers=TIERS)
    seconds.now += 2 * HOUR_S
    longer = (Tier("L1", 5, 0),)

    await store.put(an_entry("b"), tiers=longer)

    assert await store.get("a", tiers=longer) is not None
    seconds.now += 3 * HOUR_S
    assert (await store.sizes(tiers=longer)).entries == 1


async def test_a_check_finds_ends_that_the_tiers_no_longer_say_and_puts_them_right():
    store, seconds = a_store()
    shorter = tuple(replace(tier, ttl_h=tier.ttl_h / 2) for tier in TIERS)
    await store.put(an_entry("a"), tiers=TIERS)
    assert await store.check(tiers=TIERS) == Flaws()

    assert (await store.check(tiers=shorter)).wrong_ends == ("a",)
    assert (await store.check(tiers=shorter, repair=True)).wrong_ends == ("a",)
    assert await store.check(tiers=shorter) == Flaws()

    seconds.now += HOUR_S / 2
    assert (await store.sizes(tiers=shorter)).entries == 0


async def test_the_least_recently_used_makes_room():
    store, _ = a_store(max_bytes=6500)
    gone = []
    store.tell_gone(lambda entry: gone.append(entry.key))
    for key in "abc":
        await store.put(an_entry(key), tiers=TIERS)
    await store.hit("a", tiers=TIERS)

    await store.put(an_entry("d", "x" * 1500), tiers=TIERS)

    assert gone == ["b"]
    assert await store.get("a", tiers=TIERS) is not None


async def test_an_answer_larger_than_the_store_is_not_kept():
    store, _ = a_store(max_bytes=5000)
    await store.put(an_entry("a"), tiers=TIERS)

    assert await store.put(an_entry("b", "x" * 9000), tiers=TIERS) is None
    assert (await store.sizes(tiers=TIERS)).entries == 1


async def test_a_flood_of_questions_leaves_the_tables_small():
    store, _ = a_store(max_bytes=20_000)
    for number in range(5000):
        await store.put(an_entry(str(number)), tiers=TIERS)

    assert (await store.sizes(tiers=TIERS)).bytes <= 20_000
    assert len(store._ends) < 200


async def test_scanning_bears_changes_under_way():
    store, _ = a_store()
    for key in "abcd":
        await store.put(an_entry(key), tiers=TIERS)
    seen = []
    async for kept in store.scan(tiers=TIERS):
        seen.append(kept.entry.key)
        await store.drop(["c"])
        await store.put(an_entry("e"), tiers=TIERS)

    assert seen == ["a", "b", "d"]


async def test_clear_tells_of_every_entry():
    store, _ = a_store()
    gone = []
    store.tell_gone(lambda entry: gone.append(entry.key))
    for key in "ab":
        await store.put(an_entry(key), tiers=TIERS)
    await store.clear()

    assert gone == ["a", "b"]
    assert (await store.sizes(tiers=TIERS)).bytes == 0


def of(tenant: str, key: str, text: str = "Svar.") -> Entry:
    return replace(an_entry(f"{tenant}/{key}", text), tenant=tenant)


async def test_a_flood_of_one_tenant_takes_nothing_from_another():
    store, _ = a_store(max_bytes=50_000)
    for number in range(10):
        await store.put(of("calm", str(number)), tiers=TIERS)
    for number in range(1000):
        await store.put(of("flood", str(number)), tiers=TIERS)

    for number in range(10):
        assert await store.get(f"calm/{number}", tiers=TIERS) is not None
    sizes = await store.sizes(tiers=TIERS)
    assert sizes.bytes <= 50_000 and sizes.entries > 20


async def test_who_comes_late_gets_a_fair_part():
    store, _ = a_store(max_bytes=50_000)
    for tenant in ("first", "second", "third"):
        for number in range(1000):
            await store.put(of(tenant, str(number)), tiers=TIERS)

    kept = [kept.entry.tenant async for kept in store.scan(tiers=TIERS)]
    parts = [kept.count(tenant) for tenant in ("first", "second", "third")]
    assert max(parts) - min(parts) <= 1


async def test_an_answer_larger_than_all_that_others_hold_is_not_kept_at_their_cost():
    store, _ = a_store(max_bytes=50_000)
    for number in range(1000):
        await store.put(of("small", str(number)), tiers=TIERS)

    assert await store.put(of("large", "x", "x" * 40_000), tiers=TIERS) is None
    assert await store.get("small/999", tiers=TIERS) is not None


@given(
    puts=st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.integers(0, 3000)), max_size=60
    )
)
def test_nobody_within_an_equal_part_loses_to_another(puts):
    store, _ = a_store(max_bytes=20_000)
    gone: list[Entry] = []
    store.tell_gone(gone.append)
    for tenant, number, chars in puts:
        held = {name: share.bytes for name, share in store._shares.items()}
        gone.clear()
        entry = of(tenant, str(number), "x" * chars)
        now(store.put(entry, tiers=TIERS))
        for loser in {left.tenant for left in gone if left.key != entry.key} - {tenant}:
            assert held[loser] > 20_000 / len({*held, tenant})
        assert store._bytes == sum(place.bytes for place in store._places.values()) <= 20_000
        assert store._bytes == sum(share.bytes for share in store._shares.values())
        assert sum(len(share.places) for share in store._shares.values()) == len(store._places)


async def test_what_an_entry_takes_elsewhere_counts():
    plain, _ = a_store(max_bytes=100_000)
    beside, _ = a_store(max_bytes=100_000, beside_bytes=5000)
    for number in range(200):
        for store in (plain, beside):
            await store.put(an_entry(str(number)), tiers=TIERS)

    few, many = [(await store.sizes(tiers=TIERS)).entries for store in (beside, plain)]
    assert few < 100_000 / 5000 < many


def now(awaitable):
    """Run what never really waits."""
    try:
        awaitable.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("a memory store does not wait")


class Life(RuleBasedStateMachine):
    """Against a plain dictionary: nothing dead comes back, nothing alive is lost."""

    keys = st.sampled_from("abcdef")

    def __init__(self) -> None:
        super().__init__()
        self.store, self.seconds = a_store()
        self.model: dict[str, tuple[str, Standing]] = {}

    @rule(key=keys, text=st.text("abcåäö 🍎", max_size=20))
    def put(self, key, text):
        now(self.store.put(an_entry(key, text), tiers=TIERS))
        self.model[key] = text, newcomer(self.seconds.now)

    @rule(key=keys)
    def hit(self, key):
        kept = now(self.store.hit(key, tiers=TIERS))
        text, standing = self.model.get(key, ("", None))
        if standing is None or self.seconds.now >= expires_s(standing, TIERS):
            assert kept is None
            return
        standing = after_hit(standing, TIERS, self.seconds.now)
        assert (kept.entry.events[0].text, kept.standing) == (text, standing)
        self.model[key] = text, standing

    @rule(key=keys)
    def drop(self, key):
        now(self.store.drop([key]))
        self.model.pop(key, None)

    @rule(hours=st.floats(0, 4))
    def wait(self, hours):
        self.seconds.now += hours * HOUR_S

    @invariant()
    def holds_what_is_alive(self):
        alive = [
            standing
            for _, standing in self.model.values()
            if self.seconds.now < expires_s(standing, TIERS)
        ]
        sizes = now(self.store.sizes(tiers=TIERS))
        assert sizes.entries == len(alive) == sum(sizes.by_tier.values())


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=50, stateful_step_count=30)
