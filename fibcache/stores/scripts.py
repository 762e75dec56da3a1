"""What Redis does as one step: `core/tiers.py` carried over to Lua, word for word.

An entry is a hash; its shard's sorted set "ends" tells which entries there are and when each ends.
Both carry the shard as their hash tag, so that a script never leaves its slot in a cluster. Times
are seconds as Python writes them, 17 digits, and come back as they were.

KEYS: the entry, its shard's ends. ARGV: the rules (tiers and freshness classes, MessagePack), the
time now, and what each script says beside it.
"""

from collections.abc import Sequence
from hashlib import sha1
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

_RULES = """
local rules = cmsgpack.unpack(ARGV[1])
local tiers, longest = rules[1], rules[2]
local now = tonumber(ARGV[2])
local entry, ends = KEYS[1], KEYS[2]
local function exact(number) return string.format('%.17g', number) end

local function rank_of(verified)
  local earned = 1
  for rank = 1, #tiers do
    if verified >= tiers[rank][1] then earned = rank end
  end
  return earned
end

local function end_of(it)
  return math.min(it.rose + tiers[rank_of(it.verified)][2], it.made + longest[it.freshness])
end

local function member() return string.sub(entry, string.find(entry, '}', 1, true) + 2) end

local function take_away()
  redis.call('DEL', entry)
  redis.call('ZREM', ends, member())
end

local function read()
  local raw = redis.call('HMGET', entry, 'written', 'freshness', 'made', 'rose', 'hits',
    'verified', 'thumbs', 'used', 'ends')
  if not raw[1] then return nil end
  local it = {written = raw[1], freshness = raw[2], made = tonumber(raw[3]),
    rose = tonumber(raw[4]), hits = tonumber(raw[5]), verified = tonumber(raw[6]),
    thumbs = tonumber(raw[7]), used = tonumber(raw[8]), ends = tonumber(raw[9]),
    made_text = raw[3], rose_text = raw[4], used_text = raw[8]}
  if not (it.made and it.rose and it.hits and it.verified and it.thumbs and it.used
      and longest[it.freshness]) then
    return it, 'damaged'
  end
  if now >= end_of(it) then return it, 'expired' end
  return it
end

local function keep_end(it)
  local at = end_of(it)
  if at ~= it.ends then
    redis.call('HSET', entry, 'ends', exact(at))
    redis.call('ZADD', ends, exact(at), member())
    redis.call('PEXPIREAT', entry, string.format('%.0f', math.ceil(at * 1000)))
  end
end

local function verified_again(it)
  local rank = rank_of(it.verified)
  it.verified = it.verified + 1
  if rank_of(it.verified) ~= rank then it.rose, it.rose_text = now, exact(now) end
end

-- Redis refuses a script whose first write needs room when it is full. These write over what is
-- there, and a thumb down must be heard above all: so the first write is one that takes nothing.
local function write_even_when_full() redis.call('HDEL', entry, 'nothing') end

local function told(it)
  return {it.written, it.made_text, it.rose_text, it.hits, it.verified, it.thumbs, it.used_text}
end
"""


class Script:
    """A script that Redis knows by its digest, once it has been told."""

    def __init__(self, text: str, *, rules: bool = True) -> None:
        self.text = (_RULES if rules else "") + text
        self._sha = sha1(self.text.encode(), usedforsecurity=False).hexdigest()

    async def run(self, redis: Redis, keys: Sequence[str], *args: Any) -> Any:
        """Run it: one round trip, but for the first time."""
        command: Any = redis.execute_command  # which the library leaves untyped
        try:
            return await command("EVALSHA", self._sha, len(keys), *keys, *args)
        except NoScriptError:
            return await command("EVAL", self.text, len(keys), *keys, *args)

    async def run_each(
        self, redis: Redis, each: Sequence[tuple[Sequence[str], Sequence[Any]]]
    ) -> list[Any]:
        """Run it for each of some (keys, args): one round trip, and another for the script."""
        if not each:
            return []
        await redis.script_load(self.text)
        pipeline = redis.pipeline(transaction=False)
        for keys, args in each:
            pipeline.execute_command("EVALSHA", self._sha, len(keys), *keys, *args)
        found: list[Any] = await pipeline.execute()
        return found


HIT = Script("""
-- ARGV: 3 hits to count, (time, verified, others) in MessagePack; 4 time of the last. None: a look
local groups, real_now = cmsgpack.unpack(ARGV[3]), now
if #groups > 0 then now = groups[1][1] end
local it, wrong = read()
if not it then return nil end
if wrong then take_away() return {wrong, it.written} end
if #groups == 0 then return told(it) end
write_even_when_full()
for _, group in ipairs(groups) do
  now = group[1]
  it.hits = it.hits + group[2] + group[3]
  for _ = 1, group[2] do verified_again(it) end
end
now, it.used_text = real_now, ARGV[4]
if now >= end_of(it) then take_away() return {'expired', it.written} end
redis.call('HSET', entry, 'hits', it.hits, 'used', it.used_text, 'verified', it.verified,
  'rose', it.rose_text)
keep_end(it)
return told(it)
""")

THUMB = Script("""
-- ARGV: 3 is 1 for a thumb up and 0 for one down
local it, wrong = read()
if not it then return nil end
if wrong then take_away() return {wrong, it.written} end
write_even_when_full()
if ARGV[3] == '1' then
  it.thumbs = it.thumbs + 1
  verified_again(it)
else
  local rank = rank_of(it.verified)
  if rank == 1 then take_away() return {'forgotten', it.written} end
  it.thumbs, it.verified = it.thumbs - 1, tiers[rank - 1][1]
end
redis.call('HSET', entry, 'thumbs', it.thumbs, 'verified', it.verified, 'rose', it.rose_text)
keep_end(it)
return told(it)
""")

PUT = Script("""
-- ARGV: 3 the entry in writing, 4 its freshness class, 5 entries that a shard may hold
local time = exact(now)
redis.call('HSET', entry, 'written', ARGV[3], 'freshness', ARGV[4], 'made', time, 'rose', time,
  'hits', 0, 'verified', 0, 'thumbs', 0, 'used', time, 'ends', '')
redis.call('ZREM', ends, member())
local shard = string.sub(entry, 1, string.find(entry, '}', 1, true) + 1)
local expired = redis.call('ZRANGEBYSCORE', ends, '-inf', time, 'LIMIT', 0, 89)
for _, key in ipairs(expired) do
  redis.call('DEL', shard .. key)
  redis.call('ZREM', ends, key)
end
-- Those that end soonest make room, before the new one is among them: it ends sooner than most.
local evicted = {}
local over = math.min(redis.call('ZCARD', ends) + 1 - tonumber(ARGV[5]), 89)
if over > 0 then
  local popped = redis.call('ZPOPMIN', ends, over)
  for at = 1, #popped, 2 do
    local written = redis.call('HGET', shard .. popped[at], 'written')
    if written then evicted[#evicted + 1] = written end
    redis.call('DEL', shard .. popped[at])
  end
end
keep_end({freshness = ARGV[4], made = now, rose = now, verified = 0})
return {#expired, evicted}
""")

DROP = Script(
    """
local written = redis.call('HGET', KEYS[1], 'written')
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return written
""",
    rules=False,
)

CLEAR = Script(
    """
-- KEYS: the shard's ends. ARGV: what its entries' keys begin with, how many to take now
local popped = redis.call('ZPOPMIN', KEYS[1], ARGV[2])
for at = 1, #popped, 2 do redis.call('DEL', ARGV[1] .. popped[at]) end
return #popped / 2
""",
    rules=False,
)

SIZES = Script("""
-- KEYS: some entry of the shard, the shard's ends. ARGV: 3 and 4 first and last of those to count
local shard = string.sub(entry, 1, string.find(entry, '}', 1, true) + 1)
local bytes, count, by_rank = 0, 0, {}
for rank = 1, #tiers do by_rank[rank] = 0 end
local keys = redis.call('ZRANGE', ends, ARGV[3], ARGV[4])
for _, key in ipairs(keys) do
  entry = shard .. key
  local it, wrong = read()
  if it and not wrong then
    count = count + 1
    bytes = bytes + redis.call('MEMORY', 'USAGE', entry)
    local rank = rank_of(it.verified)
    by_rank[rank] = by_rank[rank] + 1
  end
end
return {#keys, count, bytes, by_rank}
""")

CHECK = Script("""
-- ARGV: 3 is 1 to put right what is wrong
local it, wrong = read()
if not it then
  if redis.call('ZSCORE', ends, member()) and ARGV[3] == '1' then
    redis.call('ZREM', ends, member())
  end
  return nil
end
if wrong then return {it.written, wrong} end
local at = end_of(it)
local expires = redis.call('PEXPIRETIME', entry)
local score = redis.call('ZSCORE', ends, member())
local right = score and tonumber(score) == at and math.abs(expires - at * 1000) <= 1
if not right and ARGV[3] == '1' then
  write_even_when_full()
  it.ends = nil
  keep_end(it)
end
return {it.written, right and 'right' or 'ends'}
""")
