/**
 * The operations that must be atomic, as Lua. Each touches one key, so they run on a cluster too. The time is the
 * server's, which is everybody's, unless the last argument hands another one in (epoch milliseconds).
 */
const readTime = (argument: number) => `
local now = tonumber(ARGV[${argument}])
if now == nil then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end`;

/** Milliseconds a key outlives its window: windows end by the time above, keys by the server's own. */
const LINGER_MS = 60_000;

/** Adds ARGV[1] to a window that starts, for ARGV[2] milliseconds, with its first addition. */
export const countScript = `${readTime(3)}
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends'))
if ends == nil or ends <= now then
  ends = now + tonumber(ARGV[2])
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'ends', string.format('%.0f', ends))
  redis.call('PEXPIRE', KEYS[1], ARGV[2] + ${LINGER_MS})
end
return {redis.call('HINCRBYFLOAT', KEYS[1], 'count', ARGV[1]), ends - now}`;

/** Records ARGV[2], a unique name, now; forgets what is older than ARGV[1] milliseconds. */
export const slide = `${readTime(3)}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1] + ${LINGER_MS})
return redis.call('ZCARD', KEYS[1])`;
