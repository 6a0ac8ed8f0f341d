package dev.spatz

/** The sets of `builders.toml` as this language writes them. */
object BuiltSets {
    private val lights =
        commandSet {
            intent("Dim") {
                slot("room", SlotType.OneOf("room"))
                val prompt = mapOf("en" to "How bright?", "de" to "Wie hell?")
                slot("level", SlotType.Integer(0L..100L), required = true, prompt = prompt)
                sentences("en", "dim [the] {room} [light] [to {level} [percent]]")
                sentences("de", "<dimme> das Licht (im|in der) {room} [auf {level} [Prozent]]")
                response(mapOf("en" to "{room} is at {level}."))
            }
            intent("AllOff") {
                sentences("en", "switch all lights off", fixed = mapOf("state" to SlotValue.Text("off")))
                confirm(mapOf("en" to "All of them?"))
            }
            list("room") {
                value("kitchen", mapOf("en" to "kitchen", "de" to "Küche"))
                value("hall")
            }
            rule("de", "dimme", "(dimme|dimm)")
            skipWords("de", "bitte")
        }

    private val facts =
        commandSet {
            intent("Clock") {
                val here = mapOf("area" to Requirement(fillsSlot = true))
                sentences("en", "what time is it [in] here", requires = here)
            }
            intent("Door") {
                slot("note", SlotType.Text)
                slot("how", SlotType.Number(0.5..1.5))
                slot("at", SlotType.Entity(EntityKind.DATE_TIME))
                slot("any", SlotType.Integer())
                sentences(
                    "en",
                    "open \"the\" door",
                    "open the door at {at}",
                    "open the door {how} [of the way] [saying {note}] [for {any}]",
                    fixed = mapOf("when" to SlotValue.Number(3.5)),
                    requires = mapOf("owner" to Requirement(listOf(SlotValue.Flag(true), SlotValue.Text("yes")))),
                    excludes = mapOf("locked" to Requirement()),
                )
            }
        }

    private val later =
        commandSet {
            intent("Play") {
                sentences("en", "play {song}")
                examples("en", "play [yesterday](song)")
                examples("en", "put on [help](song)")
            }
            list("song")
        }

    val named = mapOf("lights" to lights, "what is known around" to facts, "a list for later" to later)
}
