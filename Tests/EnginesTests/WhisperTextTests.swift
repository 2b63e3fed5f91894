import Testing

@testable import Engines

@Suite struct WhisperTextTests {
    @Test(arguments: [
        "", " ", " [BLANK_AUDIO]", " (music)", "[ Silence ] (wind blowing)", " ...", " *sigh*", "♪ la la ♪", " .", "[Music",
        "(speaking in foreign language)", "<|nospeech|>", "<|startoftranscript|><|en|><|transcribe|><|notimestamps|><|endoftext|>",
        "[_BEG_][_TT_50]", "<|zh|><|NEUTRAL|><|Speech|><|woitn|>", "<s> </s>", "<unk>", "<|0.00|> <|2.00|>", "<|en|>(Bell)", "[BLANK_AUDIO",
        "<|en", "[_TT_", "<blank>", "[PAD] [PAD]", "<|en|> [ Silence", "[00:00:00.000 --> 00:00:02.000]   [Music]",
    ])
    func remarksOnTheSoundAreNotText(_ result: String) {
        #expect(WhisperText.spoken(result).isEmpty)
    }

    @Test(arguments: [
        (" hello there", "hello there"),
        (" Call me (at home) please. ", "Call me (at home) please."),
        (" 42", "42"),
        ("\n für zwei", "für zwei"),
        ("<|startoftranscript|><|de|><|transcribe|> Für zwei, bitte.<|endoftext|>", "Für zwei, bitte."),
        ("<|0.00|> Two,<|0.80|><|0.80|> please.<|1.60|>", "Two, please."), ("one<|1.00|>two", "one two"),
        ("[_BEG_] yes[_TT_50] please[_TT_120]", "yes please"), ("<|en|><|HAPPY|><|Speech|><|withitn|>Hello there!", "Hello there!"),
        ("<s>a table</s>", "a table"), ("▁book▁a▁table", "book a table"), ("yes <unk> two", "yes two"),
        ("[00:00:00.000 --> 00:00:02.000]   Two, please.", "Two, please."), ("is 3 < 4 > 2", "is 3 < 4 > 2"), ("[sic] yes", "[sic] yes"),
        ("I said <", "I said <"), ("yes<|endof", "yes"),
    ])
    func wordsAreTrimmedAndOtherwiseKept(_ result: String, _ text: String) {
        #expect(WhisperText.spoken(result) == text)
    }
}
