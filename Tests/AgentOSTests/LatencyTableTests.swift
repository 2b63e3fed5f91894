import Foundation
import Testing

@testable import agentos

/// The table at the end of a simulated call.
@Suite struct LatencyTableTests {
    /// The table after these turns, given by end of turn, recognition, first token, first audio and (where known) wire.
    private func table(_ turns: [[Int]]) -> LatencyTable {
        var table = LatencyTable()
        for (index, times) in turns.enumerated() {
            let sum = times.reduce(0, +)
            let wire = times.count > 4 ? #","wire":\#(times[4]),"at_ear":\#(sum)"# : ""
            table.take(
                #"{"type":"voice.turn.metrics","turn":\#(index + 1),"endpoint":\#(times[0]),"stt":\#(times[1]),"response":\#(sum),"#
                    + #""chat_first_token":\#(times[2]),"tts_first_audio":\#(times[3])\#(wire)}"#
            )
        }
        return table
    }

    @Test func eachTurnHasARowInTheOrderInWhichTheTimePasses() {
        #expect(
            table([[412, 61, 0, 23, 41], [1550, 0, 7, 120]]).lines == [
                "  turn  end of turn  recognition  first token  first audio    wire  at the ear",
                "     1          412           61            0           23      41         537",
                "     2         1550            0            7          120       -           -",
            ]
        )
    }

    @Test func fromThreeTurnsOnThereAreAMedianAndAPercentile() throws {
        #expect(table([[1, 1, 1, 1], [2, 2, 2, 2]]).lines.count == 3)
        let times = (1...20).map { [$0 * 100, 10 * $0, 0, $0] + ($0 == 1 ? [] : [40]) }
        let table = table(times.reversed())
        #expect(table.lines.count == 23)
        #expect(table.median == LatencyTable.Row(endpoint: 1050, stt: 105, chatFirstToken: 0, ttsFirstAudio: 10, wire: 40, atEar: 1261))
        #expect(table.p95 == LatencyTable.Row(endpoint: 1900, stt: 190, chatFirstToken: 0, ttsFirstAudio: 19, wire: 40, atEar: 2260))
        #expect(table.lines.suffix(2).map { $0.prefix(6) } == ["median", "   p95"])
    }

    @Test func aLineWithoutMarksHasNoTimesAtTheEar() {
        let table = table([[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3]])
        #expect(table.median?.endpoint == 2 && table.median?.wire == nil && table.median?.atEar == nil)
        #expect(table.lines.last?.hasSuffix("   -           -") == true)
    }

    @Test(arguments: ["", "{}", #"{"type":"voice.stt.final","turn":1,"text":"x"}"#, #"{"type":"voice.turn.metrics","turn":1}"#])
    func whatIsNoMeasurementLeavesNoTable(json: String) {
        var table = LatencyTable()
        table.take(json)
        #expect(table.lines.isEmpty)
    }

    @Test func asJSONItHasTheEventsNames() throws {
        let data = try JSONEncoder().encode(table([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4]]))
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let turns = try #require(object["turns"] as? [[String: Int]])
        #expect(turns.first == ["turn": 1, "endpoint": 1, "stt": 2, "chat_first_token": 3, "tts_first_audio": 4, "wire": 5, "at_ear": 15])
        #expect(turns.last == ["turn": 3, "endpoint": 1, "stt": 2, "chat_first_token": 3, "tts_first_audio": 4])
        #expect((object["median"] as? [String: Int])?["at_ear"] == 15 && object["p95"] != nil)
    }
}
