import KeyboardLogic
import UIKit

/// The three offers above the keys; a tap takes one.
final class StripView: UIStackView {
    var onTake: (Strip.Item) -> Void = { _ in }
    var onHold: (Strip.Item) -> Void = { _ in }
    private var items: [Strip.Item] = []
    private let buttons = (0..<3).map { _ in UIButton(configuration: .plain()) }

    init() {
        super.init(frame: .zero)
        distribution = .fillEqually
        for (index, button) in buttons.enumerated() {
            button.addAction(
                UIAction { [weak self] _ in
                    guard let self, index < items.count else { return }
                    onTake(items[index])
                }, for: .primaryActionTriggered)
            button.addGestureRecognizer(UILongPressGestureRecognizer(target: self, action: #selector(hold)))
            button.titleLabel?.adjustsFontForContentSizeCategory = true
            button.maximumContentSizeCategory = .extraExtraLarge
            addArrangedSubview(button)
        }
    }

    @available(*, unavailable)
    required init(coder: NSCoder) {
        fatalError("the strip is made in code")
    }

    @objc private func hold(_ gesture: UILongPressGestureRecognizer) {
        guard gesture.state == .began, let index = buttons.firstIndex(where: { $0 === gesture.view }), index < items.count
        else { return }
        onHold(items[index])
    }

    func show(_ strip: Strip) {
        items = strip.items
        for (index, button) in buttons.enumerated() {
            let item = index < items.count ? items[index] : nil
            var look = UIButton.Configuration.plain()
            look.baseForegroundColor = item?.role == .phrase ? .secondaryLabel : .label
            look.titleLineBreakMode = .byTruncatingMiddle
            look.title = item.map(title)
            look.background.backgroundColor = item?.role == .correction ? .keyFace : .clear
            look.background.backgroundInsets = NSDirectionalEdgeInsets(top: 6, leading: 4, bottom: 6, trailing: 4)
            button.configuration = look
            button.isEnabled = item != nil
            button.accessibilityLabel = item.map { $0.role == .literal ? String(localized: "as typed: \($0.text)") : title($0) }
        }
    }

    private func title(_ item: Strip.Item) -> String {
        switch item.role {
        case .literal: "“\(item.text)”"
        case .word, .correction, .phrase: item.text
        case .forget: String(localized: "Forget “\(item.text)”")
        case .forgetEverything: String(localized: "Forget all")
        case .keep: String(localized: "Keep")
        }
    }
}
