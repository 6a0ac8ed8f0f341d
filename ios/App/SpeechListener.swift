import AVFoundation
import AssistantLogic
import Observation
import Speech

/// Hears one utterance with Apple's recogniser, on this device only, and gives all that it may have been.
@MainActor @Observable final class SpeechListener {
    private(set) var isListening = false
    /// What was heard so far.
    private(set) var partial = ""
    /// Why listening did not work, for the person.
    private(set) var problem: String?
    private let engine = AVAudioEngine()
    @ObservationIgnored private var request: SFSpeechAudioBufferRecognitionRequest?

    /// Listens until the person pauses or ``stop()`` is called. Empty if nothing was heard.
    func listen(language: String) async -> [Transcription] {
        problem = nil
        partial = ""
        guard await isAllowed() else {
            problem = String(localized: "Allow microphone and speech recognition in Settings.")
            return []
        }
        guard let recogniser = SFSpeechRecognizer(locale: Locale(identifier: language == "de" ? "de-DE" : "en-US")),
            recogniser.isAvailable, recogniser.supportsOnDeviceRecognition
        else {
            problem = String(localized: "This device has no recogniser of its own for this language.")
            return []
        }
        let request = SFSpeechAudioBufferRecognitionRequest()
        request.requiresOnDeviceRecognition = true
        request.taskHint = .search
        do {
            try start(request)
        } catch {
            problem = error.localizedDescription
            return []
        }
        self.request = request
        isListening = true
        defer { finish() }
        var heard: [Transcription] = []
        for await result in results(of: request, by: recogniser) {
            heard = result
            partial = result.first?.text ?? ""
        }
        return heard
    }

    /// Ends the utterance.
    func stop() {
        request?.endAudio()
        engine.stop()
    }

    private func start(_ request: SFSpeechAudioBufferRecognitionRequest) throws {
        let session = AVAudioSession.sharedInstance()
        try session.setCategory(.record, mode: .measurement, options: .duckOthers)
        try session.setActive(true, options: .notifyOthersOnDeactivation)
        let input = engine.inputNode
        input.removeTap(onBus: 0)
        // The tap is called on the audio thread; appending is what the request is made for.
        nonisolated(unsafe) let sink = request
        input.installTap(onBus: 0, bufferSize: 1024, format: input.outputFormat(forBus: 0)) { @Sendable buffer, _ in
            sink.append(buffer)
        }
        engine.prepare()
        try engine.start()
    }

    private func results(
        of request: SFSpeechAudioBufferRecognitionRequest, by recogniser: SFSpeechRecognizer
    ) -> AsyncStream<[Transcription]> {
        AsyncStream { continuation in
            let task = recogniser.recognitionTask(with: request) { @Sendable result, error in
                if let result {
                    continuation.yield(
                        result.transcriptions.map {
                            Transcription(text: $0.formattedString, confidences: $0.segments.map(\.confidence))
                        })
                }
                if error != nil || result?.isFinal == true { continuation.finish() }
            }
            nonisolated(unsafe) let running = task
            continuation.onTermination = { _ in running.cancel() }
        }
    }

    private func finish() {
        engine.inputNode.removeTap(onBus: 0)
        engine.stop()
        request = nil
        isListening = false
        try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
    }

    private func isAllowed() async -> Bool {
        let speech = await withCheckedContinuation { continuation in
            SFSpeechRecognizer.requestAuthorization { @Sendable status in continuation.resume(returning: status == .authorized) }
        }
        guard speech else { return false }
        return await AVAudioApplication.requestRecordPermission()
    }
}
