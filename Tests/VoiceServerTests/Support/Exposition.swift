/// The text of `/metrics`, read as strictly as `promtool check metrics` does.
///
/// Sources: Prometheus, "Exposition formats" (text format 0.0.4) and "Metric and label naming"; the rules of `promlint`.
struct Exposition {
    /// A family: what its `HELP` and `TYPE` say, and its samples.
    struct Family {
        var name: String
        var help: String?
        var type: String?
        var samples: [Sample] = []
    }

    /// A line with a value.
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    private(set) var families: [Family] = []
    /// What is wrong, a line each.
    private(set) var faults: [String] = []

    /// Reads the text.
    init(_ text: String) {
        if !text.hasSuffix("\n") { faults.append("the text does not end with a line end") }
        for line in text.split(separator: "\n") { read(String(line)) }
        for family in families { check(family) }
        let series = families.flatMap(\.samples).map { "\($0.name)\($0.labels.sorted { $0.key < $1.key })" }
        if Set(series).count != series.count { faults.append("a series stands there twice") }
    }

    /// The value of a series; nil where it is missing.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }

    private mutating func read(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 3).map(String.init)
        switch words.first {
        case "#" where words.count == 4 && words[1] == "HELP": begin(words[2]) { $0.help = words[3] }
        case "#" where words.count == 4 && words[1] == "TYPE": begin(words[2]) { $0.type = words[3] }
        case "#": faults.append("a comment that says nothing: \(line)")
        default: readSample(line)
        }
    }

    private mutating func begin(_ name: String, _ note: (inout Family) -> Void) {
        if families.last?.name != name {
            if families.contains(where: { $0.name == name }) { faults.append("\(name) is in two places") }
            families.append(Family(name: name))
        } else if families.last?.samples.isEmpty == false {
            faults.append("\(name) is described after its samples")
        }
        note(&families[families.count - 1])
    }

    private mutating func readSample(_ line: String) {
        guard let match = line.wholeMatch(of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/#), let value = Double(match.3) else {
            return faults.append("no sample: \(line)")
        }
        var labels: [String: String] = [:]
        for label in (match.2 ?? "").matches(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(?:,|$)/#) {
            if labels.updateValue(String(label.2), forKey: String(label.1)) != nil { faults.append("a label twice: \(line)") }
        }
        let written = labels.map { $0.key.count + $0.value.count + 3 }.reduce(0, +) + max(0, labels.count - 1)
        if written != (match.2 ?? "").count { faults.append("labels that cannot be read: \(line)") }
        let name = String(match.1)
        guard let family = families.last, Self.names(of: family).contains(name) else { return faults.append("\(name) has no TYPE before it") }
        families[families.count - 1].samples.append(Sample(name: name, labels: labels, value: value))
    }

    private static func names(of family: Family) -> [String] {
        family.type == "histogram" ? ["_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
    }

    private mutating func check(_ family: Family) {
        let name = family.name
        let parts = name.split(separator: "_").map(String.init)
        let labels = Set(family.samples.flatMap(\.labels.keys))
        let types: [String?] = ["counter", "gauge", "histogram"]
        let (isCounter, isHistogram) = (family.type == "counter", family.type == "histogram")
        rule("\(name) has no help", isBroken: family.help?.isEmpty != false)
        rule("\(name) has no samples", isBroken: family.samples.isEmpty)
        rule("\(name) has no known type", isBroken: !types.contains(family.type))
        rule("\(name) is a counter without _total", isBroken: isCounter && parts.last != "total")
        rule("\(name) is no counter and ends with _total", isBroken: !isCounter && parts.last == "total")
        rule("\(name) ends like a part of a histogram", isBroken: ["_bucket", "_sum", "_count"].contains { name.hasSuffix($0) })
        rule("\(name) has a type in its name", isBroken: !Set(parts).isDisjoint(with: ["counter", "gauge", "histogram", "summary"]))
        rule("\(name) is not in snake case", isBroken: !name.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "_" })
        rule("\(name) has labels that are not in snake case", isBroken: !labels.joined().allSatisfy { $0.isLowercase || $0 == "_" })
        rule("\(name) has a unit that is no base unit", isBroken: !Set(parts).isDisjoint(with: Self.otherUnits))
        rule("\(name) has a histogram's label", isBroken: !isHistogram && !labels.isDisjoint(with: ["le", "quantile"]))
        rule("\(name) counts down", isBroken: isCounter && family.samples.contains { $0.value < 0 })
        if isHistogram { checkBuckets(family) }
    }

    private mutating func rule(_ fault: String, isBroken: Bool) {
        if isBroken { faults.append(fault) }
    }

    private mutating func checkBuckets(_ family: Family) {
        let buckets = family.samples.filter { $0.name.hasSuffix("_bucket") }
        let series = Dictionary(grouping: buckets) { bucket in bucket.labels.filter { $0.key != "le" } }
        for (labels, buckets) in series {
            let bounds = buckets.compactMap { bucket in bucket.labels["le"].flatMap { Double($0) } }
            if bounds.count != buckets.count || bounds != bounds.sorted() || bounds.last != .infinity {
                faults.append("\(family.name) has buckets out of order, or none for all")
            }
            if buckets.map(\.value) != buckets.map(\.value).sorted() { faults.append("\(family.name) has buckets that are not cumulative") }
            let count = family.samples.first { $0.name.hasSuffix("_count") && $0.labels == labels }?.value
            let hasSum = family.samples.contains { $0.name.hasSuffix("_sum") && $0.labels == labels }
            if !hasSum || count != buckets.last?.value { faults.append("\(family.name) has no sum, or another count than its last bucket") }
        }
    }

    private static let otherUnits: Set<String> = [
        "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "m", "h", "d", "milliseconds", "microseconds", "nanoseconds", "minutes", "hours",
        "days", "kilobytes", "megabytes", "bits", "percent",
    ]
}
