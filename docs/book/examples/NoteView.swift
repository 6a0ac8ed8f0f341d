// The parts of the book that need Apple's frameworks. `cargo xtask swift` parses them.

import Spatz
import SwiftUI
import UIKit

// BOOK
struct NoteView: View {
    @State private var note = Note()

    var body: some View {
        VStack {
            HStack {
                ForEach(note.words, id: \.self) { word in Button(word) { note.take(word) } }
            }
            TextEditor(text: $note.text)
        }
        .task {
            guard let package = Bundle.main.url(forResource: "spatz-base", withExtension: "gguf") else { return }
            try? await note.open(package)
        }
    }
}
// BOOK

final class NoteKeyboard: UIInputViewController {
    private var predictor: TextPredictor?

    // BOOK
    override func viewDidDisappear(_ animated: Bool) {
        super.viewDidDisappear(animated)
        predictor?.trim()
    }
    // BOOK
}
