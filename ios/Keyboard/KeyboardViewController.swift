import Spatz
import UIKit

/// A keyboard extension with Spatz's suggestions above its keys.
final class KeyboardViewController: UIInputViewController {
    private let strip = SuggestionStrip()
    private let (inputs, typing) = AsyncStream.makeStream(of: TextInput.self, bufferingPolicy: .bufferingNewest(1))
    private var keyboard: TextPredictor?
    private var suggesting: Task<Void, Never>?

    override func viewDidLoad() {
        super.viewDidLoad()
        strip.translatesAutoresizingMaskIntoConstraints = false
        strip.onChoice = { [weak self] word in self?.insert(word) }
        view.addSubview(strip)
        NSLayoutConstraint.activate([
            strip.topAnchor.constraint(equalTo: view.topAnchor),
            strip.leadingAnchor.constraint(equalTo: view.leadingAnchor),
            strip.trailingAnchor.constraint(equalTo: view.trailingAnchor),
            strip.heightAnchor.constraint(equalToConstant: 44),
        ])
        suggesting = Task { [weak self, inputs] in
            guard let url = Bundle.main.url(forResource: "spatz-base", withExtension: "gguf"),
                let model = try? await Model.open(url),
                let keyboard = try? await TextPredictor(model: model)
            else { return }
            self?.keyboard = keyboard
            do {
                for try await suggestions in keyboard.suggestions(for: inputs) {
                    self?.strip.show(suggestions.candidates.map(\.text))
                }
            } catch {
                self?.strip.show([])
            }
        }
    }

    /// iOS ends extensions that it finds with much memory when they come back, and gives no warning: free it now.
    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        keyboard?.trim()
    }

    override func textDidChange(_ textInput: (any UITextInput)?) {
        super.textDidChange(textInput)
        guard textDocumentProxy.isSecureTextEntry != true, textDocumentProxy.autocorrectionType != .no else {
            strip.show([])
            return
        }
        let (context, composing) = split(textDocumentProxy.documentContextBeforeInput ?? "")
        typing.yield(TextInput(context: context, composing: composing))
    }

    deinit {
        suggesting?.cancel()
        keyboard?.close()
    }

    /// The text up to the word at the cursor, and that word's letters.
    private func split(_ text: String) -> (context: String, composing: String) {
        let start = text.lastIndex { !($0.isLetter || $0 == "'") }.map(text.index(after:)) ?? text.startIndex
        return (String(text[..<start]), String(text[start...]))
    }

    private func insert(_ word: String) {
        let (_, composing) = split(textDocumentProxy.documentContextBeforeInput ?? "")
        for _ in composing { textDocumentProxy.deleteBackward() }
        textDocumentProxy.insertText(word + " ")
    }
}
