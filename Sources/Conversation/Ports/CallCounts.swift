/// What is to be counted of the calls there were and are; what is nil is not asked for.
package struct CallCountQuery: Sendable, Equatable {
    /// The caller whose calls are counted, by their key.
    package var caller: String?
    /// From when on the caller's calls count; all moments are microseconds since 1970.
    package var callerSince: Int
    /// All calls since a moment.
    package var since: Int?
    /// Calls that have not ended; those whose stream has not come count if they were made since this moment.
    package var openSince: Int?
    /// Sessions that do not count.
    package var except: Set<String>

    /// Makes a query.
    package init(caller: String? = nil, callerSince: Int = 0, since: Int? = nil, openSince: Int? = nil, except: Set<String> = []) {
        self.caller = caller
        self.callerSince = callerSince
        self.since = since
        self.openSince = openSince
        self.except = except
    }
}

/// How many calls there were and are.
package struct CallCounts: Sendable, Equatable {
    /// Calls of one caller.
    package var ofCaller: Int
    /// Calls of everybody.
    package var recent: Int
    /// Calls that have not ended.
    package var open: Int

    /// Makes counts, of nothing unless told.
    package init(ofCaller: Int = 0, recent: Int = 0, open: Int = 0) {
        self.ofCaller = ofCaller
        self.recent = recent
        self.open = open
    }
}
