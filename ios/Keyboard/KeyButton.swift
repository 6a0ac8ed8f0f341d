import KeyboardLogic
import UIKit

/// A key. It takes touches on all of its frame and draws its face a little smaller.
final class KeyButton: UIControl {
    /// What it types; `nil` for shift and its like.
    private(set) var text: String?
    /// Where the finger came down, in the keys' view.
    private(set) var touched: CGPoint?
    private let face = UIView()
    private let label = UILabel()
    private let image = UIImageView()

    init() {
        super.init(frame: .zero)
        face.isUserInteractionEnabled = false
        face.layer.cornerRadius = 6
        face.layer.cornerCurve = .continuous
        label.textAlignment = .center
        label.adjustsFontSizeToFitWidth = true
        image.contentMode = .center
        image.tintColor = .label
        addSubview(face)
        face.addSubview(label)
        face.addSubview(image)
        isAccessibilityElement = true
        accessibilityTraits = .keyboardKey
    }

    @available(*, unavailable)
    required init(coder: NSCoder) {
        fatalError("keys are made in code")
    }

    override func beginTracking(_ touch: UITouch, with event: UIEvent?) -> Bool {
        touched = touch.location(in: superview)
        return super.beginTracking(touch, with: event)
    }

    override var isHighlighted: Bool {
        didSet { face.alpha = isHighlighted ? 0.5 : 1 }
    }

    override func layoutSubviews() {
        super.layoutSubviews()
        face.frame = bounds.insetBy(dx: 3, dy: 5)
        label.frame = face.bounds.insetBy(dx: 2, dy: 0)
        image.frame = face.bounds
    }

    func draw(_ key: Key, _ typing: Typing, _ enter: UIReturnKeyType) {
        var title: String?
        var symbol: String?
        var name: String?
        switch key {
        case .character(let character): title = typing.label(character)
        case .shift:
            symbol = ["shift", "shift.fill", "capslock.fill"][[.off, .once, .locked].firstIndex(of: typing.shift) ?? 0]
            name = typing.shift == .locked ? String(localized: "caps lock") : String(localized: "shift")
        case .backspace: (symbol, name) = ("delete.left", String(localized: "delete"))
        case .globe: (symbol, name) = ("globe", String(localized: "next keyboard"))
        case .page(.letters): (title, name) = ("ABC", String(localized: "letters"))
        case .page(.symbols): (title, name) = ("123", String(localized: "numbers"))
        case .page(.moreSymbols): (title, name) = ("#+=", String(localized: "symbols"))
        case .layout: (title, name) = (typing.layout == .qwertz ? "DE" : "EN", String(localized: "layout"))
        case .space: (title, name) = (nil, String(localized: "space"))
        case .enter: (symbol, name) = (enter == .search ? "magnifyingglass" : "return", String(localized: "return"))
        }
        text = if case .character = key { title } else { nil }
        label.text = title
        label.font = .systemFont(ofSize: text == nil ? 16 : 23)
        image.image = symbol.flatMap {
            UIImage(systemName: $0, withConfiguration: UIImage.SymbolConfiguration(pointSize: 18))
        }
        face.backgroundColor = text != nil || key == .space ? .keyFace : .commandFace
        accessibilityLabel = name ?? title
    }
}

extension UIColor {
    /// Behind letters.
    static let keyFace = UIColor { $0.userInterfaceStyle == .dark ? UIColor(white: 1, alpha: 0.3) : .white }
    /// Behind shift and its like.
    static let commandFace = UIColor { $0.userInterfaceStyle == .dark ? UIColor(white: 1, alpha: 0.14) : UIColor(white: 0.68, alpha: 1) }
}
