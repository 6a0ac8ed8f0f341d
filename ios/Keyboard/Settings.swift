import Foundation
import KeyboardLogic

/// What the person has chosen. The app's switches come through the group, which a keyboard without Full Access may only
/// read; what the keyboard itself remembers stays in its own container.
@MainActor enum Settings {
    private static let ofApp = UserDefaults(suiteName: "group.dev.spatz.sample")
    private static let own = UserDefaults.standard

    static var corrects: Bool {
        ofApp?.object(forKey: "corrects") as? Bool ?? true
    }

    static var layout: Layout {
        get { own.string(forKey: "layout").flatMap(Layout.init) ?? Layout(languages: Locale.preferredLanguages) }
        set { own.set(newValue.rawValue, forKey: "layout") }
    }
}
