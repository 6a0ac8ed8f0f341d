import KeyboardLogic
import UIKit

/// The three offers above the keys; a tap takes one.
final class StripView: UIStackView {
    var onTake: (Strip.Item) -> Void = { _ in }
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
            button.titleLabel?.adjustsFontForContentSizeCategory = true
            button.maximumContentSizeCategory = .extraExtraLarge
            addArrangedSubview(button)
        }
    }

    @available(*, unavailable)
    required init(coder: NSCoder) {
        fatalError("the strip is made in code")
    }

    func show(_ strip: Strip) {
        items = strip.items
        for (index, button) in buttons.enumerated() {
            let item = index < items.count ? items[index] : nil
            var look = UIButton.Configuration.plain()
            look.baseForegroundColor = .label
            look.titleLineBreakMode = .byTruncatingMiddle
            look.title = item.map { $0.role == .literal ? "“\($0.text)”" : $0.text }
            look.background.backgroundColor = item?.role == .correction ? .keyFace : .clear
            look.background.backgroundInsets = NSDirectionalEdgeInsets(top: 6, leading: 4, bottom: 6, trailing: 4)
            button.configuration = look
            button.isEnabled = item != nil
            button.accessibilityLabel = item.map { $0.role == .literal ? String(localized: "as typed: \($0.text)") : $0.text }
        }
    }
}
