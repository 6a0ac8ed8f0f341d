import Foundation

@testable import Spatz

// Values, parses and turns as the conformance vectors show them: by their parts.

func shown(_ parse: Parse) -> String {
    switch parse {
    case .command(let command): shown(command)
    case .needsValue(let command, let slot, let prompt): "needs \(shown(command)) \(slot): \(prompt)"
    case .outOfScope: "-"
    }
}

func shown(_ turn: Turn) -> String {
    switch turn {
    case .run(let command, let corrects):
        "\(corrects ? "correct" : "run") \(shown(command))" + (command.response.map { " → \($0)" } ?? "")
    case .ask(let command, let slot, let prompt): "ask \(shown(command)) \(slot): \(prompt)"
    case .confirm(let command, let prompt): "confirm \(shown(command)): \(prompt)"
    case .cancelled: "cancelled"
    case .notUnderstood: "not understood"
    }
}

private func shown(_ command: Command) -> String {
    let slots = command.slots.map { slot in
        let others = slot.alternatives.map(shown).joined(separator: ", ")
        return " \(slot.name)=\(shown(slot.value))" + (others.isEmpty ? "" : " [\(others)]")
    }
    return command.intent + slots.joined()
}

func shown(_ value: SlotValue) -> String {
    switch value {
    case .text(let text), .phone(let text), .email(let text), .url(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): plain(number)
    case .boolean(let boolean): "\(boolean)"
    case .duration(let duration): "\(duration.components.seconds) s"
    case .ordinal(let place): "\(place.from.rawValue)\(place.offset < 0 ? "" : "+")\(place.offset)"
    case .percent(let amount): amount.map { "\(plain($0)) %" } ?? "%"
    case .temperature(let quantity), .dimension(let quantity), .age(let quantity):
        (quantity.amount.map { plain($0) + " " } ?? "") + "\(quantity.unit) \(quantity.measures.rawValue)"
    case .currency(let money): (money.amount.map { plain($0) + " " } ?? "") + (money.code ?? money.name)
    case .colour(let colour): "#" + [colour.red, colour.green, colour.blue].map { hex($0) }.joined()
    case .moment(let moment):
        (moment.meant.map(shown) ?? "nothing") + (moment.candidates.count > 1 ? " of \(moment.candidates.count)" : "")
            + (moment.looksBack ? " <" : "") + (moment.approximate ? " ~" : "")
    }
}

private func shown(_ when: When) -> String {
    func range(_ start: DateComponents?, _ end: DateComponents?, _ show: (DateComponents) -> String) -> String {
        "\(start.map(show) ?? "..")/\(end.map(show) ?? "..")"
    }
    return switch when {
    case .date(let date): day(date)
    case .time(let time): clock(time)
    case .dateTime(let time): moment(time)
    case .dates(let start, let end): range(start, end, day)
    case .times(let start, let end): range(start, end, clock)
    case .dateTimes(let start, let end): range(start, end, moment)
    case .length(let length): shown(length)
    case .recurrence(let recurrence): shown(recurrence)
    }
}

private func shown(_ length: Length) -> String {
    let parts = [
        (length.years, "years"), (length.months, "months"), (length.weeks, "weeks"), (length.days, "days"),
        (length.businessDays, "business days"), (length.seconds, "s"),
    ]
    return parts.filter { $0.0 != 0 }.map { "\(plain($0.0)) \($0.1)" }.joined(separator: " ")
}

private func shown(_ rule: Recurrence) -> String {
    let weekdays = rule.weekdays.map(String.init).joined(separator: " ")
    let parts = [
        "every \(rule.interval) \(rule.frequency.rawValue)",
        weekdays.isEmpty ? nil : "weekdays \(weekdays)",
        rule.nth.map { "nth \($0)" },
        rule.dayOfMonth.map { "day \($0)" },
        rule.time.map { "time \(clock($0))" },
        rule.part.map { "part \($0.rawValue.lowercased())" },
    ]
    return "\(rule.rule) (\(parts.compactMap { $0 }.joined(separator: ", ")))"
}

private func day(_ date: DateComponents) -> String {
    "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
}

private func clock(_ time: DateComponents) -> String {
    "\(padded(time.hour)):\(padded(time.minute)):\(padded(time.second))"
}

/// The vectors' clock stands at UTC+1; a moment must know that, and be a point in time.
private func moment(_ time: DateComponents) -> String {
    let offset = (time.timeZone?.secondsFromGMT() ?? 0) / 3600
    return time.date == nil ? "no date" : "\(day(time))T\(clock(time))+\(padded(offset)):00"
}

private func padded(_ number: Int?, _ digits: Int = 2) -> String {
    let text = number.map(String.init) ?? "?"
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

private func hex(_ part: UInt8) -> String {
    (part < 16 ? "0" : "") + String(part, radix: 16)
}

private func plain(_ number: Double) -> String {
    number == number.rounded() ? String(Int(number)) : String(number)
}
