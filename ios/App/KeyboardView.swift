import SwiftUI

/// How to switch the keyboard on, its one setting, and a field to try it.
struct KeyboardView: View {
    @AppStorage("corrects", store: UserDefaults(suiteName: "group.dev.spatz.sample")) private var corrects = true
    @State private var text = ""

    var body: some View {
        NavigationStack {
            Form {
                Section {
                    Text("Settings → General → Keyboard → Keyboards → Add New Keyboard → Spatz")
                } header: {
                    Text("Switch it on")
                } footer: {
                    Text("It works without Full Access: what you type stays on this device.")
                }
                Toggle("Correct words", isOn: $corrects)
                TextField("Try it here", text: $text, axis: .vertical).lineLimit(3...)
            }
            .navigationTitle("Keyboard")
        }
    }
}
