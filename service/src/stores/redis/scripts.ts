/** The operations that must be atomic, as Lua. Each touches one key, so they run on a cluster too. */

/** Adds ARGV[1] to a window that starts, for ARGV[2] milliseconds, with its first addition. */
export const count = `
local count = redis.call('INCRBYFLOAT', KEYS[1], ARGV[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[2])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}`;

/** Records ARGV[2], a unique name, now; forgets what is older than ARGV[1] milliseconds. The server's clock is everybody's. */
export const slide = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('ZCARD', KEYS[1])`;
