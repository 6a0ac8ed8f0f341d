import KeyboardLogic
import UIKit

/// The keys of a page, laid out as `KeyboardLogic` says.
final class KeysView: UIView {
    /// A key, and where it was tapped.
    var onPress: (Key, CGPoint?) -> Void = { _, _ in }
    var onResize: (CGSize) -> Void = { _ in }
    /// What was chosen above a key that was held.
    var onHold: (String) -> Void = { _ in }
    var onDeleteWord: () -> Void = {}
    var connectGlobe: (KeyButton) -> Void = { _ in }
    private var typing: Typing?
    private var hasGlobe = true
    private var shown: [Key: KeyButton] = [:]
    private var alternatives: AlternativesView?
    private var deleting: Task<Void, Never>?

    func show(_ typing: Typing, globe: Bool, enter: UIReturnKeyType) {
        let isNew = self.typing?.page != typing.page || self.typing?.layout != typing.layout || hasGlobe != globe
        self.typing = typing
        hasGlobe = globe
        if isNew { makeKeys() }
        for (key, button) in shown { button.draw(key, typing, enter) }
    }

    override func layoutSubviews() {
        super.layoutSubviews()
        onResize(bounds.size)
        guard let typing else { return }
        for (key, frame) in typing.layout.frames(typing.page, in: bounds.size, globe: hasGlobe) {
            shown[key]?.frame = frame
        }
    }

    private func makeKeys() {
        shown.values.forEach { $0.removeFromSuperview() }
        shown = [:]
        guard let typing else { return }
        for key in typing.layout.rows(typing.page, globe: hasGlobe).joined() {
            let button = KeyButton()
            addSubview(button)
            shown[key] = button
            guard key != .globe else {
                connectGlobe(button)
                continue
            }
            button.addAction(
                UIAction { [weak self, weak button] _ in self?.onPress(key, button?.touched) }, for: .touchUpInside)
            let hold = UILongPressGestureRecognizer()
            hold.minimumPressDuration = 0.35
            switch key {
            case .character: hold.addTarget(self, action: #selector(holdCharacter))
            case .backspace: hold.addTarget(self, action: #selector(holdBackspace))
            default: continue
            }
            button.addGestureRecognizer(hold)
        }
        setNeedsLayout()
    }

    @objc private func holdCharacter(_ gesture: UILongPressGestureRecognizer) {
        switch gesture.state {
        case .began:
            guard let button = gesture.view as? KeyButton, let text = button.text, let typing else { return }
            // The key itself comes first: who holds it for too long still gets it.
            let view = AlternativesView([text] + typing.layout.alternatives(of: text))
            addSubview(view)
            view.place(above: button.frame, in: bounds)
            alternatives = view
        case .changed:
            if let alternatives { alternatives.choose(at: gesture.location(in: alternatives).x) }
        case .ended:
            if let chosen = alternatives?.chosen { onHold(chosen) }
            fallthrough
        default:
            alternatives?.removeFromSuperview()
            alternatives = nil
        }
    }

    @objc private func holdBackspace(_ gesture: UILongPressGestureRecognizer) {
        switch gesture.state {
        case .began:
            deleting = Task { [weak self] in
                var count = 0
                while !Task.isCancelled {
                    // Letters first, then words.
                    if count < 12 { self?.onPress(.backspace, nil) } else { self?.onDeleteWord() }
                    try? await Task.sleep(for: .milliseconds(count < 12 ? 100 : 300))
                    count += 1
                }
            }
        case .ended, .cancelled, .failed: deleting?.cancel()
        default: break
        }
    }
}
