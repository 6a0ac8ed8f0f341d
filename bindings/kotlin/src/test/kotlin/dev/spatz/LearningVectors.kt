package dev.spatz

import com.google.gson.JsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import java.nio.file.Path
import java.time.Instant
import kotlin.io.path.createTempDirectory

/** Runs a case of `learning.toml`, whose head says what the keys mean. */
suspend fun checkLearning(case: JsonObject) {
    case.hasOnly(
        "name", "do", "context", "composing", "limit", "all", "none", "first", "kind", "known", "learned", "not-learned", "own",
    )
    var keyboard = attached(createTempDirectory())
    for (step in case.objects("do")) keyboard = keyboard.after(step)
    keyboard.predictor.use { predictor ->
        val strip = predictor.suggest(TextInput(case.string("context")!!, case.string("composing")!!, case["limit"].asInt))
        val texts = strip.candidates.map { it.text }
        case["all"]?.let { assertTrue(texts.containsAll(it.strings()), "$strip") }
        case["none"]?.let { assertTrue(texts.none(it.strings()::contains), "$strip") }
        case.string("first")?.let { assertEquals(it, texts.firstOrNull(), "$strip") }
        case.string("kind")?.let { assertEquals(it, strip.candidates.first().kind.name.lowercase()) }
        case["known"]?.let { assertEquals(it.asBoolean, strip.typedIsKnown) }
        case["learned"]?.strings()?.forEach { assertTrue(predictor.learned.contains(it), it) }
        case["not-learned"]?.strings()?.forEach { assertTrue(!predictor.learned.contains(it), it) }
        case["own"]?.let { own -> assertEquals(own.strings(), predictor.learned.list(ownOnly = true).words.map { it.text }) }
    }
}

/** A keyboard on a folder. */
private class Attached(
    val predictor: TextPredictor,
    val folder: Path,
)

private suspend fun attached(folder: Path): Attached {
    val predictor = TextPredictor.open(Fixtures.model)
    assertEquals(AttachedFolder(null, Health.Sound), predictor.learned.attach(folder))
    return Attached(predictor, folder)
}

/** The keyboard after a step, which may replace it. */
private suspend fun Attached.after(step: JsonObject): Attached {
    step.hasOnly(
        "learn", "field", "keep", "forget", "forget-since", "erase", "import", "carry", "supplementary", "reopen", "at",
    )
    val at = hours(step["at"]?.asLong ?: 1)
    val learned = predictor.learned
    val field = step.string("field")?.let { Field.valueOf(it.uppercase()) } ?: Field.MESSAGE
    step.string("learn")?.let { predictor.learn(it, field, at) }
    step.string("keep")?.let { learned.keep(it, at) }
    step.string("forget")?.let { learned.forget(it) }
    step["forget-since"]?.let { learned.forgetSince(hours(it.asLong)) }
    step["erase"]?.let { learned.erase() }
    step.string("import")?.let { learned.import(it, at) }
    step["supplementary"]?.let {
        predictor.setSupplementary(step.objects("supplementary").map { SupplementaryWord(it.string("text")!!, it.string("expansion")) })
    }
    if (step["carry"] != null) {
        val text = learned.export()
        predictor.close()
        return attached(createTempDirectory()).also { it.predictor.learned.import(text, at) }
    }
    if (step["reopen"] != null) {
        predictor.close()
        return attached(folder)
    }
    return this
}

private fun hours(since1970: Long) = Instant.ofEpochSecond(3600 * since1970)
