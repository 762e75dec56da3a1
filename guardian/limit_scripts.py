"""What Redis does with budgets as one step: `core/buckets.py` carried over to Lua.

    alice:limit:{tenant}:<holder>        a hash: "turns" and "tokens" are full at (seconds), "day",
                                         "used", and for each turn under way what it reserved
    alice:limit:{tenant}:<holder>:turns  a sorted set: turns under way, and when each lapses

All holders of a turn carry the tenant as their hash tag, so that a turn is one step in a cluster
too. ARGV[1] is a list in MessagePack; answers are as well, for Redis would cut decimals off. Redis
tells the time, unless a test does.
"""

from fibcache.stores.scripts import Script

_RULES = """
local ask = cmsgpack.unpack(ARGV[1])
local now, day, limits = ask[1], ask[2], ask[3]
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local ROUNDING_S, AGAIN_S, KEPT_MS = 0.000001, 2, 90000000  -- a day and an hour
local function exact(number) return string.format('%.17g', number) end
local function bucket_of(at) return KEYS[2 * at - 1] end
local function under_way_of(at) return KEYS[2 * at] end

local function read(at)
  local raw = redis.call('HMGET', bucket_of(at), 'turns', 'tokens', 'day', 'used')
  local it = {turns = tonumber(raw[1] or 0), tokens = tonumber(raw[2] or 0), used = 0}
  if raw[3] == day then it.used = tonumber(raw[4] or 0) end
  return it
end

local function charge(it, limit, tokens, today)
  it.used = math.max(0, it.used + today)
  if limit[3] > 0 then
    if tokens > 0 then it.tokens = math.max(it.tokens, now) end
    it.tokens = it.tokens + tokens * 60 / limit[3]
  end
end

-- Take back what a turn reserved. What was reserved another day is not today's to give back.
local function release(at, it, limit, turn, spent)
  local kept = redis.call('HGET', bucket_of(at), 'r:' .. turn)
  local reserved, today = 0, 0
  if kept then
    local stop = string.find(kept, ' ', 1, true)
    reserved = tonumber(string.sub(kept, 1, stop - 1))
    if string.sub(kept, stop + 1) == day then today = reserved end
    redis.call('HDEL', bucket_of(at), 'r:' .. turn)
  end
  redis.call('ZREM', under_way_of(at), turn)
  charge(it, limit, spent - reserved, spent - today)
end

local function keep(at, it, lapses)
  redis.call('HSET', bucket_of(at), 'turns', exact(it.turns), 'tokens', exact(it.tokens),
    'day', day, 'used', it.used)
  local until_s = math.max(it.turns, it.tokens) - now + 60
  if it.used > 0 then until_s = math.max(until_s, KEPT_MS / 1000) end
  if lapses then until_s = math.max(until_s, lapses + 60) end
  redis.call('PEXPIRE', bucket_of(at), string.format('%.0f', until_s * 1000))
end

-- Turns of processes that were killed lapse, and what they had reserved comes back.
local function lapse(at, it, limit)
  local dead = redis.call('ZRANGEBYSCORE', under_way_of(at), '-inf', exact(now))
  for _, turn in ipairs(dead) do release(at, it, limit, turn, 0) end
  return #dead
end
"""

TAKE = Script(
    _RULES
    + """
-- 4 turns (at most), 5 tokens, 6 turn under way or '', 7 its lease in seconds, 8 turns to give back
local turns, tokens, turn, lease_s, back = ask[4], ask[5], ask[6], ask[7], ask[8]
local all, counts, lack = {}, {}, nil
for at, limit in ipairs(limits) do
  local it = read(at)
  all[at] = it
  if back > 0 and limit[1] > 0 then it.turns = it.turns - back * 60 / limit[1] end
  if turn ~= '' then
    it.lapsed = lapse(at, it, limit)
    counts[at] = redis.call('ZCARD', under_way_of(at))
  end
  if turns > 0 and limit[1] > 0 then
    local one_s, burst = 60 / limit[1], math.max(limit[2], 1)
    it.turns = math.max(it.turns, now)
    local wait = it.turns + (1 - burst) * one_s - now
    if wait > ROUNDING_S then
      lack = lack or {at, 'turns', wait}
    else
      -- More than one at a time only while there is plenty: the last ones are counted singly.
      local left = burst - (it.turns - now) / one_s
      if left < burst / 2 then turns = 1 else turns = math.min(turns, math.floor(left / 2)) end
      turns = math.max(turns, 1)
    end
  end
  if turn ~= '' and not lack then
    if limit[5] > 0 and counts[at] >= limit[5] then
      lack = {at, 'at_once', AGAIN_S}
    elseif tokens > 0 and limit[4] > 0 and it.used >= limit[4] then
      lack = {at, 'day', -1}
    elseif tokens > 0 and limit[3] > 0 then
      local need = math.min(tokens, limit[3])
      local wait = math.max(it.tokens, now) + (need - limit[3]) * 60 / limit[3] - now
      if wait > ROUNDING_S then lack = {at, 'tokens', wait} end
    end
  end
end
local levels = {}
for at, limit in ipairs(limits) do
  local it = all[at]
  if not lack then
    if turns > 0 and limit[1] > 0 then it.turns = it.turns + turns * 60 / limit[1] end
    if turn ~= '' then
      charge(it, limit, tokens, tokens)
      redis.call('HSET', bucket_of(at), 'r:' .. turn, string.format('%d %s', tokens, day))
      redis.call('ZADD', under_way_of(at), exact(now + lease_s), turn)
      redis.call('PEXPIRE', under_way_of(at), KEPT_MS)
      counts[at] = counts[at] + 1
    end
    keep(at, it, turn ~= '' and lease_s)
  elseif back > 0 or (it.lapsed or 0) > 0 then
    keep(at, it)
  end
  levels[at] = {it.turns - now, it.tokens - now, it.used, counts[at] or -1}
end
return cmsgpack.pack({lack or {}, turns, levels})
""",
    rules=False,
)

SETTLE = Script(
    _RULES
    + """
-- 4 turn, 5 tokens that it really spent
local levels = {}
for at, limit in ipairs(limits) do
  local it = read(at)
  release(at, it, limit, ask[4], ask[5])
  keep(at, it)
  levels[at] = {it.turns - now, it.tokens - now, it.used, redis.call('ZCARD', under_way_of(at))}
end
return cmsgpack.pack({{}, 0, levels})
""",
    rules=False,
)

LOOK = Script(
    _RULES
    + """
local levels = {}
for at, limit in ipairs(limits) do
  local it = read(at)
  local count = redis.call('ZCOUNT', under_way_of(at), '(' .. exact(now), '+inf')
  levels[at] = {it.turns - now, it.tokens - now, it.used, count}
end
return cmsgpack.pack({{}, 0, levels})
""",
    rules=False,
)

RENEW = Script(
    """
-- KEYS: buckets and turns under way. ARGV: the turn, its lease in seconds
local time = redis.call('TIME')
local ends = tonumber(time[1]) + tonumber(time[2]) / 1000000 + tonumber(ARGV[2])
for at = 2, #KEYS, 2 do
  redis.call('ZADD', KEYS[at], 'XX', string.format('%.17g', ends), ARGV[1])
end
return redis.status_reply('OK')
""",
    rules=False,
)
