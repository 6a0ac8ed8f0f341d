import Foundation
import Testing

/// What the project promises to iOS and to Apple's review, read from the files that ship.
@Suite struct ProjectTests {
    private static let ios = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func plist(_ path: String) throws -> [String: Any] {
        let data = try Data(contentsOf: Self.ios.appendingPathComponent(path))
        return try #require(PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
    }

    @Test func theKeyboardAsksForNoFullAccess() throws {
        let bundle = try #require(try plist("Keyboard/Info.plist")["NSExtension"] as? [String: Any])
        #expect(bundle["NSExtensionPointIdentifier"] as? String == "com.apple.keyboard-service")
        let attributes = try #require(bundle["NSExtensionAttributes"] as? [String: Any])
        #expect(attributes["RequestsOpenAccess"] as? Bool == false)
    }

    @Test func theAppSaysWhyItListens() throws {
        let info = try plist("App/Info.plist")
        for key in ["NSMicrophoneUsageDescription", "NSSpeechRecognitionUsageDescription"] {
            #expect((info[key] as? String)?.isEmpty == false)
        }
    }

    @Test(arguments: ["App", "Keyboard"])
    func nothingIsCollected(folder: String) throws {
        let manifest = try plist("\(folder)/PrivacyInfo.xcprivacy")
        #expect(manifest["NSPrivacyTracking"] as? Bool == false)
        #expect((manifest["NSPrivacyCollectedDataTypes"] as? [Any])?.isEmpty == true)
        #expect((manifest["NSPrivacyTrackingDomains"] as? [Any])?.isEmpty == true)
        #expect(try plist("\(folder)/Info.plist")["NSAppTransportSecurity"] == nil)
    }

    @Test func bothShareOneGroupAndNothingElse() throws {
        for file in ["App/App.entitlements", "Keyboard/Keyboard.entitlements"] {
            let entitlements = try plist(file)
            #expect(entitlements.keys.sorted() == ["com.apple.security.application-groups"])
            #expect(entitlements["com.apple.security.application-groups"] as? [String] == ["group.dev.spatz.sample"])
        }
    }

    /// What Xcode would extract: literals that are shown, with interpolations as it writes them.
    private func shown(in folder: String) throws -> Set<String> {
        let literal = /(?:Text|Label|Section|Button|Toggle|TextField|Picker|ContentUnavailableView|ProgressView|navigationTitle|IntentDescription)\("([^"]+)"|(?:localized|title|requestValueDialog|shortTitle): "([^"]+)"|LocalizedStringResource = "([^"]+)"|\? "([A-Z][a-z][^"]*)" : "/
        var found: Set<String> = []
        let folder = Self.ios.appendingPathComponent(folder)
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard file.pathExtension == "swift" else { continue }
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: literal) {
                guard let text = match.1 ?? match.2 ?? match.3 ?? match.4 else { continue }
                found.insert(String(text).replacing(/\\\([^)]*\) %/, with: "%lld %%").replacing(/\\\([^)]*\)/, with: "%@"))
            }
        }
        return found
    }

    @Test(arguments: [("App", 30), ("Keyboard", 10)])
    func everyTextIsThereInGerman(folder: String, atLeast: Int) throws {
        let data = try Data(contentsOf: Self.ios.appendingPathComponent("\(folder)/Localizable.xcstrings"))
        let catalogue = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let translated = try #require(catalogue["strings"] as? [String: Any])
        let texts = try shown(in: folder)
        #expect(texts.count >= atLeast)
        #expect(texts.subtracting(translated.keys) == [], "without German")
    }
}
