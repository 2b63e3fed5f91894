import Testing

@testable import Engines

@Suite struct WhisperTextTests {
    @Test(arguments: [
        "", " ", " [BLANK_AUDIO]", " (music)", "[ Silence ] (wind blowing)", " ...", " *sigh*", "♪ la la ♪", " .", "[Music",
        "(speaking in foreign language)",
    ])
    func remarksOnTheSoundAreNotText(_ result: String) {
        #expect(WhisperText.spoken(result).isEmpty)
    }

    @Test(arguments: [
        (" hello there", "hello there"),
        (" Call me (at home) please. ", "Call me (at home) please."),
        (" 42", "42"),
        ("\n für zwei", "für zwei"),
    ])
    func wordsAreTrimmedAndOtherwiseKept(_ result: String, _ text: String) {
        #expect(WhisperText.spoken(result) == text)
    }
}
