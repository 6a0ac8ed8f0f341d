/// What an app does next in a conversation.
public enum Turn: Equatable, Sendable {
    /// Run the command. If it corrects, it replaces the one that ran before, which the app undoes if it can.
    case run(Command, corrects: Bool)
    /// Ask `prompt` for the value of `slot`, which the command lacks; the prompt is empty if the set has none.
    case ask(Command, slot: String, prompt: String)
    /// Ask `prompt` whether the command is meant, because the set calls it destructive.
    case confirm(Command, prompt: String)
    /// The person no longer wants what was asked about.
    case cancelled
    /// Not meant for this app, or no answer to what was asked; an open question stays open.
    case notUnderstood
}

/// What comes of an utterance in a conversation.
public struct Reply: Equatable, Sendable {
    /// The utterance, or the hypothesis of a recogniser that was taken.
    public let heard: String
    /// What the app does next, in this order; one, or several where several commands were said.
    public let turns: [Turn]
    /// Where the conversation stands now: pass it with the next utterance.
    public let conversation: Conversation
}

/// Where a conversation stands: a plain value that the app keeps, stores (it is `Codable`) or throws away. It holds what
/// the person said, so treat it as private.
public struct Conversation: Equatable, Sendable, Codable {
    let state: String?
    /// Whether the next utterance is expected to answer a question.
    public let isOpen: Bool

    /// A new conversation.
    public init() {
        self.init(state: nil, isOpen: false)
    }

    init(state: String?, isOpen: Bool) {
        self.state = state
        self.isOpen = isOpen
    }
}
