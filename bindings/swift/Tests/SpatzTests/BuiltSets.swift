@testable import Spatz

/// The sets of `builders.toml` as this language writes them.
let builtSets: [String: CommandSet] = [
    "lights": CommandSet(
        intents: [
            .init(
                "Dim",
                sentences: [
                    .init("en", ["dim [the] {room} [light] [to {level} [percent]]"]),
                    .init("de", ["<dimme> das Licht (im|in der) {room} [auf {level} [Prozent]]"]),
                ],
                slots: [
                    .init("room", .oneOf("room")),
                    .init(
                        "level", .integer(0...100), required: true, prompt: ["en": "How bright?", "de": "Wie hell?"]),
                ],
                response: ["en": "{room} is at {level}."]),
            .init(
                "AllOff", sentences: [.init("en", ["switch all lights off"], fixed: ["state": "off"])],
                confirm: ["en": "All of them?"]),
        ],
        lists: [.init("room", [.init("kitchen", spoken: ["en": "kitchen", "de": "Küche"]), "hall"])],
        rules: ["de": ["dimme": "(dimme|dimm)"]],
        skipWords: ["de": ["bitte"]]),
    "what is known around": CommandSet(intents: [
        .init(
            "Clock",
            sentences: [.init("en", ["what time is it [in] here"], requires: ["area": .init(fillsSlot: true)])]),
        .init(
            "Door",
            sentences: [
                .init(
                    "en",
                    [
                        "open \"the\" door", "open the door at {at}",
                        "open the door {how} [of the way] [saying {note}] [for {any}]",
                    ],
                    fixed: ["when": 3.5], requires: ["owner": .init([true, "yes"])], excludes: ["locked": .init()])
            ],
            slots: [
                .init("note", .text), .init("how", .number(0.5...1.5)), .init("at", .entity(.dateTime)),
                .init("any", .integer()),
            ]),
    ]),
    "a list for later": CommandSet(
        intents: [
            .init(
                "Play", sentences: [.init("en", ["play {song}"])],
                examples: ["en": ["play [yesterday](song)", "put on [help](song)"]])
        ],
        lists: [.init("song")]),
]
