// BOOK
import dev.spatz.Model
import dev.spatz.TextInput
import dev.spatz.TextPredictor
import kotlin.io.path.Path

suspend fun main(args: Array<String>) {
    Model.open(Path(args[0])).use { model ->
        TextPredictor.open(model).use { keyboard ->
            val strip = keyboard.suggest(TextInput(context = "Wir sehen uns ", composing = "mor"))
            println(strip.candidates.map { it.text })
        }
    }
}
// BOOK
