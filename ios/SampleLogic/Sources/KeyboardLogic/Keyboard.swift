import Foundation
import Spatz

/// The text that a keyboard writes into: `UITextDocumentProxy`, or a text of a test.
@MainActor public protocol TextDocument: AnyObject {
    /// What stands before the cursor, or as much of it as the host tells.
    var before: String { get }
    /// What stands behind it.
    var after: String { get }
    func insert(_ text: String)
    /// Deletes the character before the cursor.
    func deleteBackward()
}

/// A keyboard at work: keys and taps in, edits of the document and a strip out.
///
/// The view draws ``typing`` whenever ``onChange`` is called. Everything here runs on the main actor and returns at once;
/// the predictor has its own thread.
@MainActor public final class Keyboard {
    public private(set) var typing: Typing
    /// Called after every change of ``typing``.
    public var onChange: () -> Void = {}
    private unowned let document: any TextDocument
    private var predictor: TextPredictor?
    private var opening: Task<Void, Never>?
    private var suggesting: Task<Void, Never>?

    public init(document: any TextDocument, layout: Layout) {
        self.document = document
        typing = Typing(layout: layout)
    }

    deinit {
        opening?.cancel()
        suggesting?.cancel()
        predictor?.close()
    }

    /// Opens the package at `url` for words of `languages`. Keys work before it is there, and without it.
    public func open(_ url: URL, languages: [String] = ["en", "de"]) {
        guard opening == nil else { return }
        opening = Task { [weak self] in
            guard let model = try? await Model.open(url),
                let predictor = try? await TextPredictor(model: model, options: PredictorOptions(languages: languages))
            else { return }
            // The predictor holds what it needs of the package.
            model.close()
            guard let self, !Task.isCancelled else { return predictor.close() }
            self.predictor = predictor
            suggest()
        }
    }

    /// The keyboard appears above a field.
    public func begin(_ field: Field) {
        typing.begin(field, before: document.before, after: document.after)
        changed()
    }

    /// The host says that text or cursor have changed.
    public func textChanged() {
        typing.textChanged(before: document.before, after: document.after)
        changed()
    }

    /// The keyboard is gone from the screen. iOS ends extensions that it finds with much memory when they come back, and
    /// gives no warning, so memory is given back now.
    public func disappear() {
        suggesting?.cancel()
        predictor?.trim()
    }

    public func press(_ key: Key) {
        write(typing.press(key, at: ProcessInfo.processInfo.systemUptime))
    }

    /// Writes what a long press offered.
    public func type(_ text: String) {
        write(typing.type(text))
    }

    public func take(_ item: Strip.Item) {
        write(typing.take(item))
    }

    public func deleteWord() {
        write(typing.deleteWord())
    }

    /// Waits for the answer to the last keystroke: for tests.
    func answered() async {
        await opening?.value
        await suggesting?.value
    }

    private func write(_ edit: Edit) {
        for _ in 0..<edit.deletions { document.deleteBackward() }
        if !edit.insertion.isEmpty { document.insert(edit.insertion) }
        changed()
    }

    private func changed() {
        onChange()
        suggest()
    }

    private func suggest() {
        suggesting?.cancel()
        guard let predictor, let input = typing.input else { return }
        suggesting = Task { [weak self] in
            // Overtaken by the next key, or closed: the strip keeps the letters as typed.
            guard let suggestions = try? await predictor.suggest(input), !Task.isCancelled, let self else { return }
            typing.show(suggestions, for: input)
            onChange()
        }
    }
}
