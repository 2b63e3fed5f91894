extension AgentDefinition.Silence {
    private static let known = ["filler_after_ms", "filler", "give_up_after_ms", "apology", "failures", "then", "transfer", "goodbye"]
    private static let fillerWaits = 500...30_000

    /// Reads it; `transfers` are the names that the agent has for them.
    init(_ value: YAMLValue, transfers: [String]) {
        self.init()
        let fields = value.fields(Self.known, of: "key of silence")
        if let value = fields["filler_after_ms"].flatMap(Self.fillerAfterMs) { fillerAfterMs = value }
        if let value = fields["filler"] { fillers = value.itemsOrOne().compactMap { $0.words() } }
        if let value = fields["give_up_after_ms"]?.number(in: 1000...120_000) { giveUpAfterMs = value }
        if let value = fields["apology"]?.words() { apology = value }
        if let value = fields["failures"]?.number(in: 1...10) { failures = value }
        if let value: Then = fields["then"]?.choice() { then = value }
        if let value = fields["goodbye"]?.words() { goodbye = value }
        let target = then == .transfer ? fields.required("transfer") : fields["transfer"]
        if let target, let name = target.words() {
            if !transfers.contains(name) { target.note(DeclaredName.unknown(name, "transfer of this agent", transfers)) }
            transfer = name
        }
    }

    /// 0, or a time that leaves the assistant a chance.
    private static func fillerAfterMs(_ value: YAMLValue) -> Int? {
        if value.single == "0" { return 0 }
        guard let ms = value.single.flatMap({ Int($0) }), fillerWaits.contains(ms) else {
            value.note("is not 0 or a whole number from \(fillerWaits.lowerBound) to \(fillerWaits.upperBound)")
            return nil
        }
        return ms
    }
}
