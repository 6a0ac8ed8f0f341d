import UIKit

/// What a key offers while it is held; the finger slides to one.
final class AlternativesView: UIStackView {
    private let offers: [String]
    private var index = 0
    private static let width: CGFloat = 36

    /// `offers` has the key itself first.
    init(_ offers: [String]) {
        self.offers = offers
        super.init(frame: .zero)
        distribution = .fillEqually
        backgroundColor = .secondarySystemBackground
        layer.cornerRadius = 8
        layer.shadowOpacity = 0.25
        layer.shadowRadius = 4
        for offer in offers {
            let label = UILabel()
            label.text = offer
            label.textAlignment = .center
            label.font = .systemFont(ofSize: 23)
            label.layer.cornerRadius = 8
            label.clipsToBounds = true
            addArrangedSubview(label)
        }
        mark()
    }

    @available(*, unavailable)
    required init(coder: NSCoder) {
        fatalError("alternatives are made in code")
    }

    var chosen: String { offers[index] }

    /// Lies over the key's row, or above it where there is room, and never outside `bounds`.
    func place(above key: CGRect, in bounds: CGRect) {
        let size = CGSize(width: Self.width * CGFloat(offers.count), height: key.height)
        let x = min(max(0, key.midX - Self.width / 2), max(0, bounds.width - size.width))
        frame = CGRect(origin: CGPoint(x: x, y: max(0, key.minY - key.height)), size: size)
    }

    func choose(at x: CGFloat) {
        index = min(max(0, Int(x / Self.width)), offers.count - 1)
        mark()
    }

    private func mark() {
        for (place, label) in arrangedSubviews.enumerated() {
            label.backgroundColor = place == index ? .tintColor.withAlphaComponent(0.3) : .clear
        }
    }
}
