import Foundation
internal import SpatzGenerated

extension CommandFile {
    var ffi: RustCommandFile { RustCommandFile(name: name, text: text) }
}

extension CommandSetInfo {
    init(_ info: RustCommandSetInfo) {
        (languages, intents, lists) = (info.languages, info.intents, info.lists)
    }
}

extension Hypothesis {
    var ffi: RustHypothesis { RustHypothesis(text: text, score: score) }
}

extension ListEntry {
    var ffi: RustListEntry {
        RustListEntry(text: text, isTemplate: isTemplate, value: value?.ffi, context: facts.mapValues(\.ffi))
    }
}

extension ParseContext {
    /// This context as Rust has it, and the zone that local times are in.
    func read() -> (RustParseContext, TimeZone) {
        let now = (reference ?? Date()).ffi(in: timeZone)
        let context = RustParseContext(
            language: language, context: facts.mapValues(\.ffi), preferredSlot: preferredSlot, reference: now)
        return (context, timeZone)
    }
}

extension Date {
    func ffi(in zone: TimeZone) -> RustDateTime {
        let parts = gregorian(zone).dateComponents([.year, .month, .day, .hour, .minute, .second], from: self)
        func part<T: FixedWidthInteger>(_ value: Int?) -> T { T(clamping: value ?? 0) }
        return RustDateTime(
            date: RustDate(year: part(parts.year), month: part(parts.month), day: part(parts.day)),
            time: RustTime(hour: part(parts.hour), minute: part(parts.minute), second: part(parts.second)))
    }
}

private func gregorian(_ zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
}

extension Parse {
    init(_ parse: RustParse, of utterance: String, _ zone: TimeZone) {
        self =
            switch parse {
            case .command(let command): .command(Command(command, of: utterance, zone))
            case .needsValue(let command, let slot, let prompt):
                .needsValue(Command(command, of: utterance, zone), slot: slot, prompt: prompt)
            case .outOfScope(let confidence): .outOfScope(confidence: confidence)
            }
    }
}

extension Reply {
    init(_ reply: RustReply, _ zone: TimeZone) {
        heard = reply.heard
        turns = reply.turns.map { Turn($0, of: reply.heard, zone) }
        conversation = Conversation(state: reply.conversation, isOpen: reply.isOpen)
    }
}

extension Turn {
    init(_ turn: RustTurn, of utterance: String, _ zone: TimeZone) {
        self =
            switch turn {
            case .run(let command, let corrects): .run(Command(command, of: utterance, zone), corrects: corrects)
            case .ask(let command, let slot, let prompt):
                .ask(Command(command, of: utterance, zone), slot: slot, prompt: prompt)
            case .confirm(let command, let prompt): .confirm(Command(command, of: utterance, zone), prompt: prompt)
            case .cancelled: .cancelled
            case .notUnderstood: .notUnderstood
            }
    }
}

extension Command {
    init(_ command: RustCommand, of utterance: String, _ zone: TimeZone) {
        intent = command.intent
        language = command.language
        confidence = command.confidence
        slots = command.slots.map { Slot($0, of: utterance, zone) }
        response = command.response
    }
}

extension Slot {
    init(_ slot: RustSlot, of utterance: String, _ zone: TimeZone) {
        name = slot.name
        value = SlotValue(slot.value, zone)
        text = slot.text
        range = slot.span?.range(in: utterance)
        alternatives = slot.alternatives.map { SlotValue($0, zone) }
    }
}

extension Entity {
    init?(_ entity: RustEntity, of source: String, _ zone: TimeZone) {
        guard let kind = EntityKind(rawValue: entity.kind) else { return nil }
        self.kind = kind
        range = entity.span.range(in: source)
        text = entity.text
        value = SlotValue(entity.value, zone)
        canonical = entity.canonical
    }
}

extension RustSpan {
    /// Rust counts code points.
    func range(in text: String) -> Range<String.Index> {
        let scalars = text.unicodeScalars
        let first = scalars.index(scalars.startIndex, offsetBy: Int(start))
        return first..<scalars.index(first, offsetBy: Int(end - start))
    }
}

extension Scalar {
    var ffi: RustScalar {
        switch self {
        case .text(let text): .text(text: text)
        case .integer(let number): .integer(number: Int64(number))
        case .number(let number): .number(number: number)
        case .boolean(let boolean): .boolean(boolean: boolean)
        case .duration(let duration): .duration(seconds: duration.components.seconds)
        }
    }
}

extension SlotValue {
    init(_ value: RustValue, _ zone: TimeZone) {
        self =
            switch value {
            case .scalar(.text(let text)): .text(text)
            case .scalar(.integer(let number)): .integer(Int(clamping: number))
            case .scalar(.number(let number)): .number(number)
            case .scalar(.boolean(let boolean)): .boolean(boolean)
            case .scalar(.duration(let seconds)): .duration(.seconds(seconds))
            case .ordinal(let from, let offset):
                .ordinal(Ordinal(from: Anchor(from), offset: Int(clamping: offset)))
            case .percent(let amount): .percent(amount)
            case .temperature(let quantity): .temperature(Quantity(quantity))
            case .dimension(let quantity): .dimension(Quantity(quantity))
            case .age(let quantity): .age(Quantity(quantity))
            case .currency(let amount, let code, let name): .currency(Money(amount: amount, code: code, name: name))
            case .phone(let text): .phone(text)
            case .email(let text): .email(text)
            case .url(let text): .url(text)
            case .colour(let red, let green, let blue): .colour(Colour(red: red, green: green, blue: blue))
            case .moment(let candidates, let preferred, let looksBack, let approximate):
                .moment(Moment(candidates.map { When($0, zone) }, Int(preferred), looksBack, approximate))
            }
    }
}

extension Anchor {
    init(_ anchor: RustAnchor) {
        self =
            switch anchor {
            case .start: .start
            case .current: .current
            case .end: .end
            }
    }
}

extension Quantity {
    init(_ quantity: RustQuantity) {
        (amount, unit, unitName) = (quantity.amount, quantity.unit, quantity.name)
        measures =
            switch quantity.dimension {
            case .length: .length
            case .weight: .weight
            case .volume: .volume
            case .area: .area
            case .speed: .speed
            case .information: .information
            case .angle: .angle
            case .temperature: .temperature
            case .time: .time
            }
    }
}

extension Moment {
    init(_ candidates: [When], _ preferred: Int, _ looksBack: Bool, _ approximate: Bool) {
        self.candidates = candidates
        meant = candidates.indices.contains(preferred) ? candidates[preferred] : nil
        (self.looksBack, self.approximate) = (looksBack, approximate)
    }
}

extension When {
    init(_ when: RustWhen, _ zone: TimeZone) {
        let time = { (time: RustTime) in time.components }
        let day = { (day: RustDate) in day.components(zone) }
        let moment = { (moment: RustDateTime) in moment.components(zone) }
        self =
            switch when {
            case .date(let date): .date(day(date))
            case .time(let at): .time(time(at))
            case .dateTime(let at): .dateTime(moment(at))
            case .dates(let start, let end): .dates(start: start.map(day), end: end.map(day))
            case .times(let start, let end): .times(start: start.map(time), end: end.map(time))
            case .dateTimes(let start, let end): .dateTimes(start: start.map(moment), end: end.map(moment))
            case .length(let length): .length(Length(length))
            case .recurrence(let recurrence): .recurrence(Recurrence(recurrence))
            }
    }
}

extension RustDate {
    func components(_ zone: TimeZone) -> DateComponents {
        DateComponents(
            calendar: gregorian(zone), timeZone: zone, year: Int(year), month: Int(month), day: Int(day))
    }
}

extension RustTime {
    var components: DateComponents {
        DateComponents(hour: Int(hour), minute: Int(minute), second: Int(second))
    }
}

extension RustDateTime {
    func components(_ zone: TimeZone) -> DateComponents {
        var parts = date.components(zone)
        (parts.hour, parts.minute, parts.second) = (Int(time.hour), Int(time.minute), Int(time.second))
        return parts
    }
}

extension Length {
    init(_ length: RustLength) {
        (years, months, weeks) = (length.years, length.months, length.weeks)
        (days, businessDays, seconds) = (length.days, length.businessDays, length.seconds)
    }
}

extension Recurrence {
    init(_ recurrence: RustRecurrence) {
        rule = recurrence.rule
        frequency = Frequency(recurrence.frequency)
        interval = Int(recurrence.interval)
        weekdays = recurrence.weekdays.map(Int.init)
        nth = recurrence.nth.map(Int.init)
        dayOfMonth = recurrence.dayOfMonth.map(Int.init)
        time = recurrence.time?.components
        part = recurrence.part.map(DayPart.init)
    }
}

extension Frequency {
    init(_ frequency: RustFrequency) {
        self =
            switch frequency {
            case .secondly: .secondly
            case .minutely: .minutely
            case .hourly: .hourly
            case .daily: .daily
            case .weekly: .weekly
            case .monthly: .monthly
            case .yearly: .yearly
            }
    }
}

extension DayPart {
    init(_ part: RustDayPart) {
        self =
            switch part {
            case .morning: .morning
            case .lunch: .lunch
            case .afternoon: .afternoon
            case .evening: .evening
            case .night: .night
            case .daytime: .daytime
            case .nightTime: .nightTime
            }
    }
}
