/// What the assistant says, in English or German.
struct Answers {
    private let isGerman: Bool

    init(language: String) {
        isGerman = language == "de"
    }

    private func say(_ english: String, _ german: String) -> String {
        isGerman ? german : english
    }

    func timer(_ name: String?, _ seconds: Int) -> String {
        say("Timer", "Timer") + (name.map { " \($0)" } ?? "") + ": " + clock(seconds)
    }

    func timeLeft(_ seconds: Int) -> String {
        say("\(clock(seconds)) left", "Noch \(clock(seconds))")
    }

    var timerStopped: String { say("The timer is off.", "Der Timer ist aus.") }
    var noTimer: String { say("There is no such timer.", "So einen Timer gibt es nicht.") }

    func light(_ room: String?, isOn: Bool, brightness: Int?) -> String {
        let state = isOn ? brightness.map { "\($0) %" } ?? say("on", "an") : say("off", "aus")
        return (room.map { say("Light, \($0)", "Licht, \($0)") } ?? say("All lights", "Alle Lichter")) + ": " + state
    }

    func added(_ item: String) -> String { say("Added: \(item)", "Notiert: \(item)") }
    func removed(_ item: String) -> String { say("Struck off: \(item)", "Gestrichen: \(item)") }
    func notOnList(_ item: String) -> String { say("\(item) is not on the list.", "\(item) steht nicht auf der Liste.") }

    func list(_ items: [String]) -> String {
        items.isEmpty ? say("The list is empty.", "Die Liste ist leer.") : items.joined(separator: ", ")
    }

    var cancelled: String { say("Never mind.", "Schon gut.") }
    var notUnderstood: String { say("I did not understand that.", "Das habe ich nicht verstanden.") }
}

/// A length of time as clocks show it: "10:00", "1:05:00".
func clock(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
}
