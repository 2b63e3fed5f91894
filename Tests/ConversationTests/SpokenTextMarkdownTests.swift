import Testing

@testable import Conversation

/// Markup is not said; what it marks is.
@Suite struct SpokenTextMarkdownTests {
    @Test(arguments: [
        ("**bold** and *soft* and __both__ and _one_", "bold and soft and both and one"), ("***very***", "very"), ("~~old~~ new", "old new"),
        ("# Title", "Title."), ("## Steps ##", "Steps."), ("### What now?", "What now?"), ("- milk", "milk."), ("* milk\n* eggs", "milk. eggs."),
        ("• milk", "milk."), ("1. Open it\n2. Read it", "one. Open it. two. Read it."), ("3) Go", "three. Go."),
        ("- [ ] wash\n- [x] cook", "wash. cook."),
        ("[our page](https://example.com)", "our page"), ("see [our page](https://example.com/a_(b) \"Title\").", "see our page."),
        ("[text][ref] on", "text on"), ("a note[^1] here", "a note here"), ("![a red car](car.png)", "a red car"),
        ("Use `git push`.", "Use git push."),
        ("Use ``a ` b``.", "Use a b."), ("```swift\nlet x = 1\n```", "let x equals one"), ("> quoted\n> words", "quoted words"),
        ("one\n\n---\n\ntwo", "one. two"),
        ("| Name | Age |\n|------|-----|\n| Anna | 5 |", "Name, Age. Anna, five."), ("<b>bold</b> text<br>more", "bold text more"),
        ("<a href=\"https://example.com\">here</a>", "here"), ("salt &amp; pepper&nbsp;too", "salt and pepper too"), ("\\*not soft\\*", "not soft"),
        ("[broken](https://example.com", "broken example dot com"), ("**never closed", "never closed"), ("a <b and c> d", "a b and c d"),
        ("line one\nline two", "line one line two"), ("Title\n=====\nText", "Title Text"), ("- a\n\nb", "a. b"), ("[1] says", "one says"),
        ("`<div>`", "div"), ("**Note:** go", "Note: go"), ("![](x.png) text", "text"), ("snake_case_name", "snake case name"), ("-- dash", "dash"),
    ])
    func markupIsNotSaid(written: String, spoken: String) {
        #expect(SpokenText(written).text == spoken)
    }

    @Test func placesAreCountedInTheOriginal() {
        #expect(SpokenText("## The *big* [red house](https://example.com \"A title\") stands").sources == [1, 2, 3, 4, 7])
        #expect(SpokenText("- one\n- two").sources == [1, 3])
    }
}
