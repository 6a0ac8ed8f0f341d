import AssistantLogic
import SwiftUI

/// What the commands act on.
struct HomeView: View {
    let assistant: Assistant

    var body: some View {
        NavigationStack {
            List {
                Section("Timers") {
                    // Counts down once a second.
                    TimelineView(.periodic(from: .now, by: 1)) { timeline in
                        if assistant.home.timers.isEmpty { Text("none").foregroundStyle(.secondary) }
                        ForEach(assistant.home.timers) { timer in
                            LabeledContent(timer.name ?? String(localized: "Timer")) {
                                Text(Duration.seconds(timer.seconds(at: timeline.date)), format: .time(pattern: .hourMinuteSecond))
                                    .monospacedDigit()
                            }
                        }
                    }
                }
                Section("Lights") {
                    ForEach(Home.rooms, id: \.self) { LightRow(assistant: assistant, room: $0) }
                }
                Section("Shopping list") {
                    if assistant.home.items.isEmpty { Text("empty").foregroundStyle(.secondary) }
                    ForEach(assistant.home.items) { item in
                        Text(item.text).swipeActions { Button("Bought") { assistant.strike(item) } }
                    }
                }
            }
            .navigationTitle("Home")
        }
    }
}

private struct LightRow: View {
    let assistant: Assistant
    let room: String

    var body: some View {
        let light = assistant.home.lights[room] ?? Home.Light()
        Toggle(isOn: Binding { light.isOn } set: { assistant.setLight(room, isOn: $0) }) {
            Label {
                Text(Room(rawValue: room).flatMap { Room.names[$0] } ?? "Room")
                if light.isOn { Text("\(light.brightness) %").font(.footnote).foregroundStyle(.secondary) }
            } icon: {
                Image(systemName: light.isOn ? "lightbulb.fill" : "lightbulb").foregroundStyle(light.isOn ? colour(light.colour) : .secondary)
            }
        }
    }

    private func colour(_ name: String) -> Color {
        switch name {
        case "red": .red
        case "green": .green
        case "blue": .blue
        case "purple": .purple
        case "white": .gray
        default: .orange
        }
    }
}
