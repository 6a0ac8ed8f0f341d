import Spatz

/// One of the things that a recogniser may have heard, as Apple's gives it: words with a confidence each, 0 to 1.
public struct Transcription: Equatable, Sendable {
    public var text: String
    public var confidences: [Float]

    public init(text: String, confidences: [Float]) {
        self.text = text
        self.confidences = confidences
    }
}

extension Hypothesis {
    /// Hypotheses of `transcriptions`, the best first. A partial result has no confidences, and some recognisers never
    /// have: then each counts half of the one before.
    public static func all(_ transcriptions: [Transcription]) -> [Hypothesis] {
        let means = transcriptions.map { $0.confidences.reduce(0, +) / Float(max(1, $0.confidences.count)) }
        let areKnown = means.contains { $0 > 0 }
        var score: Float = 1
        return zip(transcriptions, means).map { transcription, mean in
            score /= 2
            return Hypothesis(transcription.text, score: areKnown ? mean : score)
        }
    }
}
