package import Conversation
package import GRDB

// The columns of the tables in SQLiteCallStore. Conforming a type of ours in another target of ours is no clash.

extension SessionRecord: FetchableRecord, PersistableRecord {
    package static var databaseTableName: String { "session" }

    package init(row: Row) throws {
        self.init(
            id: row["id"],
            callID: row["call_id"],
            from: row["from_number"],
            to: row["to_number"],
            sttProvider: row["stt_provider"],
            createdAt: row["created_at"]
        )
        projectID = row["project_id"]
        agent = row["agent"]
        provider = row["provider"]
        transport = row["transport"]
        streamID = row["stream_id"]
        state = State(rawValue: row["state"]) ?? .stopped
        lastActivityAt = row["last_activity_at"]
        stoppedAt = row["stopped_at"]
        stopReason = row["stop_reason"]
        interruption = row["interruption"]
        interruptedAt = row["interrupted_at"]
        streamCount = row["stream_count"]
        lastSeq = row["last_seq"]
    }

    package func encode(to container: inout PersistenceContainer) {
        container["id"] = id
        container["project_id"] = projectID
        container["agent"] = agent
        container["provider"] = provider
        container["stt_provider"] = sttProvider
        container["transport"] = transport
        container["call_id"] = callID
        container["stream_id"] = streamID
        container["from_number"] = from
        container["caller"] = CallerKey.key(of: from)
        container["to_number"] = to
        container["state"] = state.rawValue
        container["created_at"] = createdAt
        container["last_activity_at"] = lastActivityAt
        container["stopped_at"] = stoppedAt
        container["stop_reason"] = stopReason
        container["interruption"] = interruption
        container["interrupted_at"] = interruptedAt
        container["stream_count"] = streamCount
        container["last_seq"] = lastSeq
    }
}

extension StoredEvent: FetchableRecord, TableRecord {
    package static var databaseTableName: String { "event" }

    package init(row: Row) throws {
        self.init(position: row["position"], session: row["session_id"], seq: row["seq"], type: row["type"], json: row["json"])
    }
}
