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
    /// The size of the keys' view, and what the predictor was told of the keys in it.
    private var size = CGSize.zero
    private var told: [Spatz.Key] = []
    private var shortcuts: [SupplementaryWord] = []
    /// What changes the learned words, one after the other.
    private var changing: Task<Void, Never>?

    public init(document: any TextDocument, layout: Layout) {
        self.document = document
        typing = Typing(layout: layout)
    }

    deinit {
        opening?.cancel()
        suggesting?.cancel()
        predictor?.close()
    }

    /// Opens the package at `url` for words of `languages`, and keeps what is learned in the folder `learned`. Keys work
    /// before it is there, and without it.
    public func open(_ url: URL, learned: URL? = nil, languages: [String] = ["en", "de"]) {
        guard opening == nil else { return }
        opening = Task { [weak self] in
            guard let model = try? await Model.open(url),
                let predictor = try? await TextPredictor(model: model, options: PredictorOptions(languages: languages))
            else { return }
            // The predictor holds what it needs of the package.
            model.close()
            // A folder that cannot be read takes nothing from typing.
            if let learned { _ = try? await predictor.learned.attach(learned) }
            guard let self, !Task.isCancelled else { return predictor.close() }
            self.predictor = predictor
            tellKeys()
            tellShortcuts()
            suggest()
        }
    }

    /// The keyboard appears above a field.
    public func begin(_ field: FieldTraits) {
        learn(typing.finish())
        typing.begin(field, before: document.before, after: document.after)
        changed()
    }

    /// The host says that text or cursor have changed.
    public func textChanged() {
        learn(typing.textChanged(before: document.before, after: document.after))
        changed()
    }

    /// The keyboard is gone from the screen. iOS ends extensions that it finds with much memory when they come back, and
    /// gives no warning, so memory is given back now.
    public func disappear() {
        learn(typing.finish())
        suggesting?.cancel()
        predictor?.trim()
    }

    /// The keys' view has `size`; touches are given in its coordinates.
    public func resize(to size: CGSize) {
        self.size = size
        tellKeys()
    }

    /// Presses `key`, tapped at `point` of the keys' view.
    public func press(_ key: Key, at point: CGPoint? = nil) {
        let touch = point.map { Touch(x: Float($0.x), y: Float($0.y)) }
        write(typing.press(key, at: ProcessInfo.processInfo.systemUptime, touch: touch))
        if key == .layout { tellKeys() }
    }

    /// Writes what a long press offered.
    public func type(_ text: String) {
        write(typing.type(text))
    }

    /// Takes an offer, or the answer to whether a word is to be forgotten.
    public func take(_ item: Strip.Item) {
        let edit = typing.take(item)
        switch item.role {
        case .forget: change { try await $0.learned.forget(item.text) }
        case .forgetEverything: change { try await $0.learned.erase() }
        case .literal, .word, .correction, .phrase, .keep: break
        }
        write(edit)
    }

    /// The person's shortcuts, and the names in the address book, which stand for themselves: what iOS tells a keyboard.
    public func setShortcuts(_ entries: [(typed: String, text: String)]) {
        shortcuts = entries.map { SupplementaryWord($0.typed, expansion: $0.text == $0.typed ? nil : $0.text) }
        tellShortcuts()
    }

    /// Holds an offer: asks whether to forget its word.
    public func hold(_ item: Strip.Item) {
        typing.hold(item)
        suggesting?.cancel()
        onChange()
    }

    public func deleteWord() {
        write(typing.deleteWord())
    }

    /// Waits for the answer to the last keystroke: for tests.
    func answered() async {
        await opening?.value
        await changing?.value
        await suggesting?.value
    }

    private func write(_ edit: Edit) {
        for _ in 0..<edit.deletions { document.deleteBackward() }
        if !edit.insertion.isEmpty { document.insert(edit.insertion) }
        if let rejected = edit.rejected { predictor?.reject(rejected) }
        learn(edit.finished)
        changed()
    }

    /// Which keys are neighbours decides what a slip of the finger may have meant.
    private func tellKeys() {
        guard let predictor, size != .zero else { return }
        let keys = typing.layout.keys(in: size)
        guard keys != told else { return }
        told = keys
        Task { try? await predictor.setKeys(keys) }
    }

    private func tellShortcuts() {
        guard let predictor, !shortcuts.isEmpty else { return }
        Task { [shortcuts] in try? await predictor.setSupplementary(shortcuts) }
    }

    private func learn(_ line: String?) {
        guard let line else { return }
        change { try await $0.learn(line) }
    }

    private func change(_ work: @escaping @Sendable (TextPredictor) async throws -> Void) {
        guard let predictor else { return }
        let earlier = changing
        changing = Task { [weak self] in
            await earlier?.value
            // What cannot be saved now is saved with the next change.
            try? await work(predictor)
            self?.suggest()
        }
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
            guard let phrase = try? await predictor.phrase(input), !Task.isCancelled else { return }
            typing.show(suggestions, phrase, for: input)
            onChange()
        }
    }
}
