import Foundation
import Spatz

/// What commands act on: timers, lights and a shopping list. A plain value, so that a step back is the value before.
public struct Home: Codable, Equatable, Sendable {
    /// A kitchen timer.
    public struct Timer: Codable, Equatable, Sendable, Identifiable {
        public let id: UUID
        public var name: String?
        public var end: Date

        /// Seconds until it rings; 0 once it has.
        public func seconds(at now: Date) -> Int {
            max(0, Int(end.timeIntervalSince(now).rounded()))
        }
    }

    /// The light of a room.
    public struct Light: Codable, Equatable, Sendable {
        public var isOn = false
        /// 0 to 100.
        public var brightness = 100
        /// The command set's name of it.
        public var colour = "warm_white"
    }

    /// Something to buy.
    public struct Item: Codable, Equatable, Sendable, Identifiable {
        public var name: String
        public var count: Double?
        public var id: String { name.lowercased() }

        /// "3 eggs", "milk".
        public var text: String {
            count.map { "\($0.formatted(.number.precision(.fractionLength(0...2)))) \(name)" } ?? name
        }
    }

    /// Those that still run come first to ring first.
    public var timers: [Timer] = []
    /// By the command set's name of the room.
    public var lights = Dictionary(uniqueKeysWithValues: Home.rooms.map { ($0, Light()) })
    public var items: [Item] = []

    /// The rooms of `lights.yaml`.
    public static let rooms = ["kitchen", "living_room", "bedroom", "bathroom", "hall", "office"]

    public init() {}

    /// What was saved at `url`, or a new home if nothing was or it cannot be read.
    public init(savedAt url: URL) {
        self = (try? JSONDecoder().decode(Home.self, from: Data(contentsOf: url))) ?? Home()
    }

    public func save(to url: URL) throws {
        try JSONEncoder().encode(self).write(to: url, options: .atomic)
    }

    /// Does what `command` says and returns what to say of it, in the language of the command; `nil` for an intent that
    /// this home does not know.
    public mutating func run(_ command: Command, at now: Date) -> String? {
        let say = Answers(language: command.language)
        switch command.intent {
        case "StartTimer", "CancelTimer", "AddTime", "TimeLeft": return runTimer(command, at: now, say)
        case "TurnOn", "TurnOff", "SetBrightness", "SetColor": return runLight(command, say)
        case "AddItem", "RemoveItem", "ReadList", "ClearList": return runList(command, say)
        default: return nil
        }
    }

    // MARK: - Timers

    mutating func startTimer(_ name: String?, seconds: Double, at now: Date) {
        timers.append(Timer(id: UUID(), name: name, end: now.addingTimeInterval(seconds)))
        timers.sort { $0.end < $1.end }
    }

    private mutating func runTimer(_ command: Command, at now: Date, _ say: Answers) -> String {
        let name = command.text("name")
        let length = command.duration("duration").map { Double($0.components.seconds) }
        timers.removeAll { $0.seconds(at: now) == 0 }
        if command.intent == "StartTimer", let length {
            startTimer(name, seconds: length, at: now)
            return say.timer(name, Int(length))
        }
        guard let index = timers.firstIndex(where: { $0.name?.lowercased() == name?.lowercased() || name == nil }) else {
            return say.noTimer
        }
        switch command.intent {
        case "CancelTimer":
            timers.remove(at: index)
            return say.timerStopped
        case "AddTime":
            timers[index].end += length ?? 0
            defer { timers.sort { $0.end < $1.end } }
            return say.timer(timers[index].name, timers[index].seconds(at: now))
        default:
            return say.timeLeft(timers[index].seconds(at: now))
        }
    }

    // MARK: - Lights

    private mutating func runLight(_ command: Command, _ say: Answers) -> String {
        let room = command.text("room")
        // "The lights" without a room are all of them.
        for name in room.map({ [$0] }) ?? Home.rooms {
            var light = lights[name] ?? Light()
            light.isOn = command.intent != "TurnOff"
            light.brightness = command.integer("brightness") ?? light.brightness
            light.colour = command.text("color") ?? light.colour
            lights[name] = light
        }
        let place = command.slots.first { $0.name == "room" }?.text
        return say.light(place, isOn: command.intent != "TurnOff", brightness: command.integer("brightness"))
    }

    // MARK: - Shopping list

    /// Adds `item`; of what is on the list already, counts add up where both are known.
    mutating func add(_ item: Item) {
        if let index = items.firstIndex(where: { $0.id == item.id }) {
            items[index].count = items[index].count.flatMap { old in item.count.map { old + $0 } } ?? item.count
        } else {
            items.append(item)
        }
    }

    private mutating func runList(_ command: Command, _ say: Answers) -> String {
        let name = command.text("item") ?? ""
        let index = items.firstIndex { $0.id == name.lowercased() }
        switch command.intent {
        case "AddItem":
            let item = Item(name: name, count: command.number("count"))
            add(item)
            return say.added(item.text)
        case "RemoveItem":
            guard let index else { return say.notOnList(name) }
            return say.removed(items.remove(at: index).name)
        case "ClearList":
            items = []
            return say.list([])
        default:
            return say.list(items.map(\.text))
        }
    }
}
