import Engines
import Foundation
import Testing

/// Bodies become text in the charset they are in, whatever their headers say.
@Suite struct BodyTextTests {
    private static let words = "Größe 42 – café"
    private static let latin: [UInt8] = [0x47, 0x72, 0xF6, 0xDF, 0x65]
    private static let emoji = "{\"a\":\"😀\"}"

    @Test(arguments: [
        "text/plain; charset=ISO-8859-1", "text/plain;charset=\"iso-8859-1\"", "text/plain; CHARSET='Latin1'",
        "text/html; a=b; charset = windows-1252 ", "text/plain; charset=martian", "text/plain; charset=utf-8", "text/plain; charset=us-ascii",
        "text/plain; charset=", "text/plain", "",
    ])
    func latinTextKeepsItsLetters(_ contentType: String) {
        #expect(BodyText.decode(Self.latin, contentType: contentType) == "Größe")
    }

    @Test func windows1252AndLatin9HaveTheirOwnCharacters() {
        #expect(BodyText.decode([0x93, 0x80, 0x94, 0x85], contentType: "text/plain; charset=iso-8859-1") == "“€”…")
        #expect(BodyText.decode([0xA4, 0xA8, 0xE9], contentType: "text/plain; charset=ISO-8859-15") == "€šé")
        #expect(BodyText.decode([0xCF, 0xF0, 0xE8], contentType: "text/plain; charset=windows-1251") == "При")
        #expect(BodyText.decode([0xB1, 0xE6], contentType: "text/plain; charset=iso-8859-2") == "ąć")
        #expect(BodyText.decode([0x93, 0xFA, 0x96, 0x7B], contentType: "text/plain; charset=Shift_JIS") == "日本")
    }

    @Test(arguments: ["application/json", "application/json; charset=utf-8", "application/json; charset=UTF8", "x; charset=martian", ""])
    func utf8IsUTF8(_ contentType: String) {
        #expect(BodyText.decode(Self.words.utf8, contentType: contentType) == Self.words)
        #expect(BodyText.decode([0xEF, 0xBB, 0xBF] + Array(Self.words.utf8), contentType: contentType) == Self.words)
    }

    @Test func utf16IsReadInEitherOrder() throws {
        for (encoding, name) in [(String.Encoding.utf16LittleEndian, "utf-16le"), (.utf16BigEndian, "UTF-16BE")] {
            let bytes = Array(try #require(Self.emoji.data(using: encoding)))
            let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
            #expect(BodyText.decode(bytes, contentType: "application/json; charset=\(name)") == Self.emoji)
            #expect(BodyText.decode(mark + bytes, contentType: "application/json; charset=utf-16") == Self.emoji)
            #expect(BodyText.decode(mark + bytes) == Self.emoji, "the mark alone")
            #expect(BodyText.decode(bytes) == Self.emoji, "neither mark nor charset")
            #expect(BodyText.decode(bytes, contentType: "application/json; charset=utf-16") == Self.emoji)
        }
    }

    @Test func aTextThatWasCutWithinACharacterEndsBeforeIt() {
        for length in 1..<4 { #expect(BodyText.decode(Array("a😀".utf8).prefix(1 + length), isCut: true) == "a") }
        #expect(BodyText.decode(Array("größe".utf8).prefix(3), isCut: true) == "gr")
        #expect(BodyText.decode([0x3D, 0xD8], contentType: "x; charset=utf-16le", isCut: true) == "")
    }

    @Test func aFewStrayBytesDoNotSpoilATextOfUTF8() {
        let bytes = Array("Öl für Käse ".utf8) + [0xE9] + Array(" grün".utf8)
        #expect(BodyText.decode(bytes, contentType: "text/plain; charset=utf-8") == "Öl für Käse é grün")
    }

    @Test(arguments: 0..<256)
    func noByteBecomesAReplacementCharacter(_ byte: Int) {
        for charset in ["", "; charset=utf-8", "; charset=iso-8859-1", "; charset=utf-16", "; charset=utf-32", "; charset=martian"] {
            let bytes = [UInt8(ascii: "a"), UInt8(byte), UInt8(ascii: "b"), 0xC3]
            #expect(!BodyText.decode(bytes, contentType: "text/plain\(charset)").contains("\u{FFFD}"))
        }
    }
}
