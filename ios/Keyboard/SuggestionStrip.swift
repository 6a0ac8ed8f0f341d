import UIKit

/// Three words in a row; a tap chooses one.
final class SuggestionStrip: UIStackView {
    var onChoice: (String) -> Void = { _ in }

    init() {
        super.init(frame: .zero)
        axis = .horizontal
        distribution = .fillEqually
        for _ in 0..<3 {
            let button = UIButton(type: .system)
            button.titleLabel?.adjustsFontForContentSizeCategory = true
            button.addAction(
                UIAction { [weak self] action in
                    guard let button = action.sender as? UIButton, let word = button.title(for: .normal) else { return }
                    self?.onChoice(word)
                }, for: .primaryActionTriggered)
            addArrangedSubview(button)
        }
    }

    @available(*, unavailable)
    required init(coder: NSCoder) {
        fatalError("the strip is made in code")
    }

    func show(_ words: [String]) {
        for (index, view) in arrangedSubviews.enumerated() {
            guard let button = view as? UIButton else { continue }
            button.setTitle(index < words.count ? words[index] : nil, for: .normal)
            button.isEnabled = index < words.count
        }
    }
}
