/// What a text field wants of a keyboard.
public struct FieldTraits: Equatable, Sendable {
    /// What is written in it.
    public enum Content: Equatable, Sendable {
        case text
        /// An e-mail address, a web address, a name of an account: no sentence, and often no word.
        case address
        case number
        case password
    }

    /// Where capitals come by themselves.
    public enum Capitals: Equatable, Sendable {
        case never
        case words
        case sentences
        case always
    }

    public var content: Content
    /// Whether the app allows words to be corrected.
    public var allowsCorrection: Bool
    public var capitals: Capitals

    /// A field; plain text unless told otherwise.
    public init(content: Content = .text, allowsCorrection: Bool = true, capitals: Capitals = .sentences) {
        self.content = content
        self.allowsCorrection = allowsCorrection
        self.capitals = content == .text ? capitals : .never
    }

    /// Whether words are suggested. Nothing of a password or an address goes to the model.
    public var suggests: Bool { content == .text }

    /// Whether words are corrected.
    public var corrects: Bool { suggests && allowsCorrection }

    /// Whether what is written may be learned.
    public var learns: Bool { suggests }

    /// The keys that are shown first.
    public var firstPage: Page { content == .number ? .symbols : .letters }
}
