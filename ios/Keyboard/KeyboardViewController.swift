import KeyboardLogic
import UIKit

/// The keyboard extension: a strip above keys. What a key does is decided in `KeyboardLogic`, which is tested on Linux.
final class KeyboardViewController: UIInputViewController {
    private lazy var document = ProxyDocument(self)
    private lazy var keyboard = Keyboard(document: document, layout: Settings.layout)
    private let strip = StripView()
    private let keys = KeysView()

    override func viewDidLoad() {
        super.viewDidLoad()
        for part in [strip, keys] {
            part.translatesAutoresizingMaskIntoConstraints = false
            view.addSubview(part)
        }
        // iOS sets a height of its own for a moment when the screen turns.
        let height = keys.heightAnchor.constraint(equalToConstant: 216)
        height.priority = .required - 1
        NSLayoutConstraint.activate([
            strip.topAnchor.constraint(equalTo: view.topAnchor),
            strip.leadingAnchor.constraint(equalTo: view.leadingAnchor),
            strip.trailingAnchor.constraint(equalTo: view.trailingAnchor),
            strip.heightAnchor.constraint(equalToConstant: 44),
            keys.topAnchor.constraint(equalTo: strip.bottomAnchor),
            keys.leadingAnchor.constraint(equalTo: view.leadingAnchor, constant: 3),
            keys.trailingAnchor.constraint(equalTo: view.trailingAnchor, constant: -3),
            height,
            keys.bottomAnchor.constraint(equalTo: view.bottomAnchor, constant: -4),
        ])
        strip.onTake = { [weak self] in self?.keyboard.take($0) }
        strip.onHold = { [weak self] in self?.keyboard.hold($0) }
        keys.onPress = { [weak self] in self?.press($0, at: $1) }
        keys.onResize = { [weak self] in self?.keyboard.resize(to: $0) }
        keys.onHold = { [weak self] in self?.keyboard.type($0) }
        keys.onDeleteWord = { [weak self] in self?.keyboard.deleteWord() }
        keys.connectGlobe = { [weak self] button in
            guard let self else { return }
            button.addTarget(self, action: #selector(handleInputModeList(from:with:)), for: .allTouchEvents)
        }
        keyboard.onChange = { [weak self] in self?.draw() }
        if let url = Bundle.main.url(forResource: "spatz-base", withExtension: "gguf") {
            keyboard.open(url, learned: Settings.learnedFolder())
        }
        Task { [weak self] in
            let entries = await self?.requestSupplementaryLexicon().entries ?? []
            self?.keyboard.setShortcuts(entries.map { (typed: $0.userInput, text: $0.documentText) })
        }
    }

    override func viewWillAppear(_ animated: Bool) {
        super.viewWillAppear(animated)
        keyboard.begin(FieldTraits(textDocumentProxy, allowsCorrection: Settings.corrects))
    }

    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        keyboard.disappear()
    }

    override func textDidChange(_ textInput: (any UITextInput)?) {
        super.textDidChange(textInput)
        keyboard.textChanged()
    }

    private func press(_ key: Key, at point: CGPoint?) {
        UIDevice.current.playInputClick()
        keyboard.press(key, at: point)
        if key == .layout { Settings.layout = keyboard.typing.layout }
    }

    private func draw() {
        let typing = keyboard.typing
        primaryLanguage = typing.layout == .qwertz ? "de-DE" : "en-US"
        strip.show(typing.strip)
        keys.show(typing, globe: needsInputModeSwitchKey, enter: textDocumentProxy.returnKeyType ?? .default)
    }
}

/// The text of the app that the keyboard is shown in.
private final class ProxyDocument: TextDocument {
    private unowned let controller: UIInputViewController

    init(_ controller: UIInputViewController) {
        self.controller = controller
    }

    var before: String { controller.textDocumentProxy.documentContextBeforeInput ?? "" }
    var after: String { controller.textDocumentProxy.documentContextAfterInput ?? "" }
    func insert(_ text: String) { controller.textDocumentProxy.insertText(text) }
    func deleteBackward() { controller.textDocumentProxy.deleteBackward() }
}

extension FieldTraits {
    /// What the app's text field wants.
    init(_ traits: any UITextInputTraits, allowsCorrection: Bool) {
        let content: Content =
            switch traits.keyboardType ?? .default {
            case _ where traits.isSecureTextEntry == true: .password
            case .emailAddress, .URL, .asciiCapable: .address
            case .numberPad, .decimalPad, .phonePad, .asciiCapableNumberPad, .numbersAndPunctuation: .number
            default:
                switch traits.textContentType ?? nil {
                case UITextContentType.username?, UITextContentType.emailAddress?, UITextContentType.URL?: .address
                case UITextContentType.password?, UITextContentType.newPassword?, UITextContentType.oneTimeCode?: .password
                default: .text
                }
            }
        let capitals: Capitals =
            switch traits.autocapitalizationType ?? .sentences {
            case .none: .never
            case .words: .words
            case .allCharacters: .always
            default: .sentences
            }
        self.init(
            content: content, allowsCorrection: allowsCorrection && traits.autocorrectionType != .no, capitals: capitals)
    }
}
