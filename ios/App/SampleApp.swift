import AssistantLogic
import SwiftUI

@main
struct SampleApp: App {
    var body: some Scene {
        WindowGroup { RootView() }
    }
}

/// The assistant, opened once and shared with Siri and Shortcuts.
@MainActor enum Shared {
    /// Of the two that Spatz speaks, the person's.
    static let language = Locale.current.language.languageCode?.identifier == "de" ? "de" : "en"

    static func assistant() async throws -> Assistant {
        try await opened.value
    }

    private static let opened = Task {
        let folder = URL.applicationSupportDirectory
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try await Assistant.open(
            commands: Bundle.main.urls(forResourcesWithExtension: "yaml", subdirectory: nil) ?? [],
            encoder: Bundle.main.url(forResource: "spatz-sentence", withExtension: "gguf"),
            learned: folder.appending(path: "commands.learned"),
            home: folder.appending(path: "home.json"))
    }
}

private struct RootView: View {
    @State private var assistant: Assistant?
    @State private var problem: String?

    var body: some View {
        Group {
            if let assistant {
                TabView {
                    AssistantView(assistant: assistant).tabItem { Label("Assistant", systemImage: "waveform") }
                    HomeView(assistant: assistant).tabItem { Label("Home", systemImage: "house") }
                    KeyboardView().tabItem { Label("Keyboard", systemImage: "keyboard") }
                }
            } else if let problem {
                ContentUnavailableView("Spatz could not start", systemImage: "exclamationmark.triangle", description: Text(problem))
            } else {
                ProgressView("Learning the commands …")
            }
        }
        .task {
            do {
                assistant = try await Shared.assistant()
            } catch {
                problem = error.localizedDescription
            }
        }
    }
}
