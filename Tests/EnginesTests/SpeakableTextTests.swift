import Conversation
import TestSupport
import Testing

@testable import Engines

@Suite struct SpeakableTextTests {
    @Test func eachSentenceIsAPiece() throws {
        let pieces = try SpeakableText("Hello, Ann.  How are you? Fine").pieces
        #expect(pieces.map(\.text) == ["Hello, Ann.", "How are you?", "Fine"])
        #expect(pieces.map(\.wordIndices) == [[0, 1], [2, 3, 4], [5]])
    }

    @Test func signsAreTypedAndMarksTakenOff() throws {
        #expect(try SpeakableText("It’s naïve\u{7} — “très” ﬁne").pieces.map(\.text) == ["It's naive tres fine"])
    }

    @Test func endlessSentencesAreCutBetweenWords() throws {
        let pieces = try SpeakableText(String(repeating: "and so on ", count: 60)).pieces
        #expect(pieces.count > 1)
        #expect(pieces.allSatisfy { $0.text.count <= SpeakableText.longestPiece && !$0.text.hasPrefix(" ") })
        #expect(pieces.flatMap(\.wordIndices) == Array(0..<180))
    }

    @Test func tooLongATextEndsAfterAWholeSentence() throws {
        let text = try SpeakableText(String(repeating: "Four words are here. ", count: 300))
        #expect(text.pieces.allSatisfy { $0.text == "Four words are here." })
        #expect((80...100).contains(text.pieces.count))
    }

    @Test func tooLongASentenceEndsAfterAWholeWord() throws {
        let text = try SpeakableText(String(repeating: "word ", count: 3_000))
        #expect(text.pieces.map(\.text.count).reduce(0, +) <= SpeakableText.longestText)
        #expect(text.pieces.flatMap(\.wordIndices).count > 350)
    }

    @Test func endlessWordsAreCutOff() throws {
        #expect(try SpeakableText(String(repeating: "a", count: 5_000)).pieces.map(\.text.count) == [SpeakableText.longestWord])
    }

    @Test(arguments: [
        ("Łódź straße Ærø Þór ıslak Đorđe œuvre", "Lodz strasse AEro THor islak Dorde oeuvre"), ("½ cup", "1/2 cup"),
        ("Room ٤٢", "Room 42"), ("Ｆｕｌｌ width", "Full width"), ("Nguyễn Văn Ş", "Nguyen Van S"),
    ])
    func lettersBeyondASCIIAreWrittenInIt(_ text: String, _ spoken: String) throws {
        #expect(try SpeakableText(text).pieces.map(\.text).joined(separator: " ").lowercased() == spoken.lowercased())
    }

    @Test(arguments: [
        ("Your table is booked for Ирина.", "Your table is booked for Irina."), ("Please ask Mr 王 at the desk", "Please ask Mr wang at the desk"),
        ("My name is 王小明, hello there", "My name is wang-xiao-ming, hello there"), ("Hi, Ирина!", "Hi, Irina!"),
        ("The dish is called 김치 here", "The dish is called gimchi here"), ("Say Γειά to him", "Say Geia to him"),
        ("It is ready 🎉 for Анна", "It is ready for Anna"),
    ])
    func aForeignWordAmongLatinOnesIsTransliterated(_ text: String, _ spoken: String) throws {
        let pieces = try SpeakableText(text).pieces
        #expect(pieces.map(\.text).joined(separator: " ") == spoken)
        let words = text.split(separator: " ").enumerated().filter { SpeakableText.hasWords($1) }.map(\.offset)
        #expect(pieces.flatMap(\.wordIndices) == words)
    }

    @Test(arguments: [
        ("Привет", "Привет"), ("Добрый день, Smith!", "Добрый"), ("请稍等，我帮您查一下。", "请稍等，我帮您查一下。"), ("「はい」", "「はい」"),
        ("Цена: 15", "Цена:"), ("مرحبا", "مرحبا"), ("OK 请稍等我帮您查一下", "请稍等我帮您查一下"), ("สวัสดี", "สวัสดี"), ("שלום 42", "שלום"),
    ])
    func aTextInAnotherScriptCannotBeSaid(_ text: String, _ word: String) {
        let error = #expect(throws: EngineError.self) { try SpeakableText(text) }
        #expect(error?.code == .invalid)
        #expect(error?.message == "the voice flite cannot say \"\(word)\": it knows Latin letters only")
    }

    @Test(arguments: ["", " \n", "…", "?!", "🎉🎉", "🅱️", "— • —", "\u{200B}"])
    func withoutLettersAndDigitsThereIsNothingToSay(_ text: String) throws {
        #expect(!SpeakableText.hasWords(text))
        #expect(try SpeakableText(text).pieces.isEmpty)
    }

    @Test func anyTextIsSaidOrRefused() throws {
        var random = SeededRandom(seed: 3)
        let scalars = (0x20...0x2FFF).compactMap { Unicode.Scalar($0) }
        for _ in 0..<200 {
            var text = ""
            for _ in 0..<8 { text.unicodeScalars.append(scalars.randomElement(using: &random) ?? " ") }
            guard let pieces = try? SpeakableText("Please say \(text) to me now").pieces else { continue }
            #expect(pieces.allSatisfy { $0.text.allSatisfy(\.isASCII) && SpeakableText.hasWords($0.text) })
            #expect(pieces.allSatisfy { $0.text.split(separator: " ").count == $0.wordIndices.count })
        }
    }
}
