/// What must happen in Redis in one go, as Lua.
enum FleetScript {
    /// Appends events to a session of ours; what is there already is skipped, and a hole is not made.
    ///
    /// KEYS: session, its events, stream, position. ARGV: prefix, node, id, record (empty where it is still to come), state, moment made,
    /// number up to which events have been told before, number of the first event, milliseconds to keep a stopped session, length of the stream,
    /// then the events. Gives `ok`, `gap` or `fenced`, and the number of the last event that is there, or the owner.
    static let append = """
        local session, list, stream, position = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
        local prefix, node, id, record, state, made = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
        local told, seq, keep, length = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], ARGV[10]
        local owner = redis.call('HGET', session, 'owner')
        if owner and owner ~= node then return {'fenced', owner} end
        local last = redis.call('LLEN', list)
        if seq > last + 1 then return {'gap', last} end
        for i = 11, #ARGV do
            if seq > last then
                redis.call('RPUSH', list, ARGV[i])
                last = seq
                if seq > told then
                    local now = redis.call('TIME')
                    local before = tonumber(redis.call('GET', position) or '0')
                    local at = string.format('%.0f', math.max(now[1] * 1000000 + now[2], before + 1))
                    redis.call('SET', position, at)
                    redis.call('XADD', stream, 'MAXLEN', '~', length, at .. '-0', 'json', ARGV[i])
                end
            end
            seq = seq + 1
        end
        redis.call('HSET', session, 'owner', node)
        if record == '' then return {'ok', last} end
        redis.call('HSET', session, 'record', record, 'state', state)
        for _, other in ipairs({'created', 'active', 'stopped'}) do
            if other ~= state then redis.call('ZREM', prefix .. 'sessions:' .. other, id) end
        end
        redis.call('ZADD', prefix .. 'sessions:' .. state, made, id)
        if state == 'stopped' then
            redis.call('SREM', prefix .. 'owned:' .. node, id)
            redis.call('PEXPIRE', session, keep)
            redis.call('PEXPIRE', list, keep)
        else
            redis.call('SADD', prefix .. 'owned:' .. node, id)
        end
        return {'ok', last}
        """

    /// Makes a session ours unless a server that lives holds it.
    ///
    /// KEYS: session. ARGV: prefix, node, id. Gives `unknown`, `stopped`, `mine`, `held` or `claimed`, and the owner before.
    static let claim = """
        local prefix, node, id = ARGV[1], ARGV[2], ARGV[3]
        local found = redis.call('HMGET', KEYS[1], 'record', 'state', 'owner')
        local owner = found[3] or ''
        if not found[1] then return {'unknown', owner} end
        if found[2] == 'stopped' then return {'stopped', owner} end
        if owner == node then return {'mine', owner} end
        if owner ~= '' and redis.call('EXISTS', prefix .. 'node:' .. owner) == 1 then return {'held', owner} end
        redis.call('HSET', KEYS[1], 'owner', node)
        redis.call('SREM', prefix .. 'owned:' .. owner, id)
        redis.call('SADD', prefix .. 'owned:' .. node, id)
        return {'claimed', owner}
        """

    /// Gives a session of ours to another server; one that asks twice has it already.
    ///
    /// KEYS: session. ARGV: prefix, node, id, receiver. Gives 1, or 0 if a third server has it.
    static let transfer = """
        local prefix, node, id, receiver = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
        local owner = redis.call('HGET', KEYS[1], 'owner')
        if owner == receiver then return 1 end
        if owner ~= node then return 0 end
        redis.call('HSET', KEYS[1], 'owner', receiver)
        redis.call('SREM', prefix .. 'owned:' .. node, id)
        redis.call('SADD', prefix .. 'owned:' .. receiver, id)
        return 1
        """
}
