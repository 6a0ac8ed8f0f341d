import AssistantLogic
import Spatz
import SwiftUI

/// What was said, what was understood slot by slot, and a field and a microphone for what comes next.
struct AssistantView: View {
    let assistant: Assistant
    @State private var text = ""
    @State private var listener = SpeechListener()
    @AppStorage("language") private var language = Shared.language

    var body: some View {
        NavigationStack {
            ScrollViewReader { scroll in
                List(assistant.exchanges) { ExchangeView(exchange: $0).id($0.id) }
                    .listStyle(.plain)
                    .overlay { if assistant.exchanges.isEmpty { hints } }
                    .onChange(of: assistant.exchanges.count) { withAnimation { scroll.scrollTo(assistant.exchanges.last?.id) } }
            }
            .safeAreaInset(edge: .bottom) { bar }
            .navigationTitle("Assistant")
            .toolbar {
                Picker("Language", selection: $language) {
                    Text(verbatim: "English").tag("en")
                    Text(verbatim: "Deutsch").tag("de")
                }
            }
        }
    }

    private var hints: some View {
        ContentUnavailableView {
            Label("Say or type a command", systemImage: "waveform")
        } description: {
            ForEach(
                language == "de"
                    ? ["Stell einen Timer auf zehn Minuten", "Licht in der Küche an", "Wir brauchen drei Eier"]
                    : ["Set a timer for ten minutes", "Turn on the light in the kitchen", "We need three eggs"], id: \.self
            ) { Text($0) }
        }
    }

    private var bar: some View {
        VStack(alignment: .leading, spacing: 8) {
            if let question = assistant.question { Text(question).font(.headline) }
            if let problem = listener.problem { Text(problem).font(.footnote).foregroundStyle(.red) }
            HStack {
                TextField("Command", text: listener.isListening ? .constant(listener.partial) : $text)
                    .textFieldStyle(.roundedBorder)
                    .submitLabel(.send)
                    .onSubmit(send)
                Button(listener.isListening ? "Stop" : "Listen", systemImage: listener.isListening ? "stop.fill" : "mic.fill", action: listen)
                    .labelStyle(.iconOnly)
                    .buttonStyle(.borderedProminent)
            }
        }
        .padding()
        .background(.bar)
    }

    private func send() {
        let said = text
        text = ""
        Task { await assistant.hear(said, language: language) }
    }

    private func listen() {
        guard !listener.isListening else { return listener.stop() }
        Task {
            let heard = await listener.listen(language: language)
            if !heard.isEmpty { await assistant.hear(Hypothesis.all(heard), language: language) }
        }
    }
}

private struct ExchangeView: View {
    let exchange: Assistant.Exchange

    var body: some View {
        VStack(alignment: .leading, spacing: 8) {
            Text(exchange.heard).font(.headline)
            ForEach(Array(exchange.answers.enumerated()), id: \.offset) { _, answer in
                if let understood = answer.understood { UnderstoodView(understood: understood) }
                Text(answer.text)
            }
        }
        .padding(.vertical, 4)
    }
}

private struct UnderstoodView: View {
    let understood: Understood

    var body: some View {
        Grid(alignment: .leading, horizontalSpacing: 12, verticalSpacing: 4) {
            GridRow {
                Text(understood.intent).bold()
                Text("\(understood.percent) %").foregroundStyle(.secondary)
            }
            ForEach(Array(understood.rows.enumerated()), id: \.offset) { _, row in
                GridRow {
                    Text(row.name).foregroundStyle(.secondary)
                    Text(row.value)
                    Text(row.words.isEmpty ? "" : "“\(row.words)”").foregroundStyle(.secondary)
                }
            }
        }
        .font(.callout)
        .padding(10)
        .background(.quaternary, in: .rect(cornerRadius: 10))
        .accessibilityElement(children: .combine)
    }
}
