import Testing

@testable import Engines

@Suite struct PhraseBookTests {
    private static let phrase = Phrase(samples: [Int16](repeating: 0, count: 50), words: [])

    /// Holds a book.
    private final class Bench {
        private var book: PhraseBook

        init(phraseLimit: Int, byteLimit: Int) { book = PhraseBook(phraseLimit: phraseLimit, byteLimit: byteLimit) }

        func request(_ text: String) -> Bool { book.request(text) }
        func begin(_ text: String) -> Bool { book.begin(text) }
        func finish(_ text: String, _ phrase: Phrase?) -> Int { book.finish(text, phrase).count }

        func keep(_ text: String, _ phrase: Phrase = phrase) {
            #expect(request(text) && begin(text))
            #expect(finish(text, phrase) == 0)
        }

        func holds(_ text: String) -> Bool {
            if case .ready = book.lookUp(text, waitingWith: Delivery()) { true } else { false }
        }
    }

    @Test func theLeastRecentlyUsedPhraseGoesFirst() {
        let book = Bench(phraseLimit: 2, byteLimit: 1_000)
        book.keep("a")
        book.keep("b")
        #expect(book.holds("a"))
        book.keep("c")
        #expect(book.holds("a") && !book.holds("b") && book.holds("c"))
    }

    @Test func memoryIsBoundedToo() {
        let book = Bench(phraseLimit: 64, byteLimit: 250)
        for text in ["a", "b", "c"] { book.keep(text) }
        #expect(!book.holds("a") && book.holds("b") && book.holds("c"))
        book.keep("large", Phrase(samples: [Int16](repeating: 0, count: 200), words: []))
        #expect(!book.holds("large") && book.holds("b"))
    }

    @Test func onlySoManyMayWait() {
        let book = Bench(phraseLimit: 2, byteLimit: 1_000)
        #expect(book.request("a") && book.request("b"))
        #expect(!book.request("a") && !book.request("c"))
        #expect(book.begin("a") && !book.begin("a"))
        #expect(book.finish("a", nil) == 0)
        #expect(book.request("c"))
    }
}
