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

    /// Where learned words lie: in the extension's own container, which is writable without Full Access, unreadable until the
    /// phone was unlocked once, and kept out of backups. `nil` if it cannot be made.
    static func learnedFolder() -> URL? {
        var folder = URL.applicationSupportDirectory.appending(path: "learned")
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true,
                attributes: [.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication])
            try folder.setResourceValues(values)
            return folder
        } catch {
            return nil
        }
    }
}
