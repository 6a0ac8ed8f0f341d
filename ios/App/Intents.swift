import AppIntents
import AssistantLogic
import Spatz

/// Any command in the person's own words. What is missing is asked for, as in the app.
struct SayCommand: AppIntent {
    static let title: LocalizedStringResource = "Tell Spatz"
    static let description = IntentDescription("Timers, lights and the shopping list, in English or German.")

    @Parameter(title: "Command", requestValueDialog: "What shall I do?")
    var command: String

    init() {}

    init(_ command: String) {
        self.command = command
    }

    @MainActor func perform() async throws -> some IntentResult & ProvidesDialog {
        let assistant = try await Shared.assistant()
        var exchange = await assistant.hear(command)
        while let question = assistant.question {
            let reply = try await $command.requestValue(IntentDialog(stringLiteral: question))
            exchange = await assistant.hear(reply)
        }
        return .result(dialog: IntentDialog(stringLiteral: exchange.answers.map(\.text).joined(separator: " ")))
    }
}

/// A timer, with the length as Shortcuts gives it.
struct StartTimer: AppIntent {
    static let title: LocalizedStringResource = "Start a timer"

    @Parameter(title: "Length", defaultUnit: .minutes, supportsNegativeNumbers: false, requestValueDialog: "For how long?")
    var length: Measurement<UnitDuration>

    @MainActor func perform() async throws -> some IntentResult & ProvidesDialog {
        let seconds = length.converted(to: .seconds).value
        let answer = try await Shared.assistant().startTimer(seconds: seconds, language: Shared.language)
        return .result(dialog: IntentDialog(stringLiteral: answer))
    }
}

/// The light of a room.
struct SwitchLight: AppIntent {
    static let title: LocalizedStringResource = "Switch a light"

    @Parameter(title: "Room")
    var room: Room

    @Parameter(title: "On")
    var isOn: Bool

    @MainActor func perform() async throws -> some IntentResult {
        try await Shared.assistant().setLight(room.rawValue, isOn: isOn)
        return .result()
    }
}

/// Something for the shopping list.
struct AddItem: AppIntent {
    static let title: LocalizedStringResource = "Add to the shopping list"

    @Parameter(title: "Item", requestValueDialog: "What shall I add?")
    var item: String

    @MainActor func perform() async throws -> some IntentResult & ProvidesDialog {
        let answer = try await Shared.assistant().add(item, language: Shared.language)
        return .result(dialog: IntentDialog(stringLiteral: answer))
    }
}

/// The rooms of `lights.yaml`.
enum Room: String, AppEnum {
    case kitchen, living_room, bedroom, bathroom, hall, office

    static let typeDisplayRepresentation: TypeDisplayRepresentation = "Room"
    static let caseDisplayRepresentations: [Room: DisplayRepresentation] = [
        .kitchen: "Kitchen", .living_room: "Living room", .bedroom: "Bedroom", .bathroom: "Bathroom", .hall: "Hall",
        .office: "Office",
    ]}

/// What Siri knows without any set-up.
struct Shortcuts: AppShortcutsProvider {
    static var appShortcuts: [AppShortcut] {
        AppShortcut(
            intent: SayCommand(), phrases: ["Tell \(.applicationName)", "Ask \(.applicationName)"],
            shortTitle: "Tell Spatz", systemImageName: "waveform")
        AppShortcut(
            intent: StartTimer(), phrases: ["Start a timer with \(.applicationName)"], shortTitle: "Timer",
            systemImageName: "timer")
        AppShortcut(
            intent: SwitchLight(), phrases: ["Switch the light in the \(\.$room) with \(.applicationName)"],
            shortTitle: "Light", systemImageName: "lightbulb")
        AppShortcut(
            intent: AddItem(), phrases: ["Add something to my \(.applicationName) list"], shortTitle: "Shopping list",
            systemImageName: "cart")
    }
}
