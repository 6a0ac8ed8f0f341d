package dev.spatz.sample.keyboard

import dev.spatz.sample.keyboard.KeyDef.Action
import dev.spatz.sample.keyboard.KeyDef.Text

/** An arrangement of letters; [language] names it on the space bar. */
enum class LetterLayout(
    val language: String,
    internal val rows: List<String>,
) {
    QWERTY("English", listOf("qwertyuiop", "asdfghjkl", "zxcvbnm")),
    QWERTZ("Deutsch", listOf("qwertzuiopü", "asdfghjklöä", "yxcvbnm")),
}

/** The pages of the keyboard. */
enum class Page { LETTERS, SYMBOLS, MORE_SYMBOLS, NUMBERS }

/** The board of [page] for a field of [kind]. */
fun board(
    page: Page,
    layout: LetterLayout,
    kind: FieldKind,
): Board =
    when (page) {
        Page.LETTERS -> letters(layout, kind)
        Page.SYMBOLS -> symbols(FIRST_SYMBOLS, KeyAction.MORE_SYMBOLS, "," to ".")
        Page.MORE_SYMBOLS -> symbols(SECOND_SYMBOLS, KeyAction.SYMBOLS, "<" to ">")
        Page.NUMBERS -> numbers()
    }

private fun letters(
    layout: LetterLayout,
    kind: FieldKind,
): Board {
    val (top, home, bottom) = layout.rows
    val units = top.length.toFloat()
    val side = (units - bottom.length) / 2
    return Board(
        listOf(
            top.mapIndexed { column, letter -> letter(letter, digit = DIGITS.getOrNull(column)) },
            home.map { letter(it) },
            listOf(Action(KeyAction.SHIFT, side)) + bottom.map { letter(it) } + Action(KeyAction.DELETE, side),
            lastRow(KeyAction.SYMBOLS, kind.beforeSpace to ".", units),
        ),
        units,
    )
}

private fun letter(
    letter: Char,
    digit: Char? = null,
): Text {
    val text = letter.toString()
    val accents = ACCENTS[letter].orEmpty().map { it.toString() }
    return Text(text, listOfNotNull(digit?.toString()) + accents, hint = digit?.toString())
}

private fun symbols(
    rows: List<String>,
    more: KeyAction,
    besideSpace: Pair<String, String>,
): Board {
    val (top, middle, bottom) = rows.map { row -> row.map { Text(it.toString(), VARIANTS[it].orEmpty()) } }
    val last = listOf(Action(more, 1.5f)) + bottom + Action(KeyAction.DELETE, 1.5f)
    return Board(listOf(top, middle, last, lastRow(KeyAction.LETTERS, besideSpace, 10f)), 10f)
}

private fun lastRow(
    page: KeyAction,
    besideSpace: Pair<String, String>,
    units: Float,
): List<KeyDef> =
    listOf(
        Action(page, 1.5f),
        Action(KeyAction.NEXT_LAYOUT),
        Text(besideSpace.first, VARIANTS[besideSpace.first.single()].orEmpty()),
        Action(KeyAction.SPACE, units - 6f),
        Text(besideSpace.second, VARIANTS[besideSpace.second.single()].orEmpty()),
        Action(KeyAction.ENTER, 1.5f),
    )

private fun numbers(): Board {
    fun row(
        keys: String,
        last: KeyDef,
    ) = keys.map { Text(it.toString(), VARIANTS[it].orEmpty()) } + last
    return Board(
        listOf(
            row("123", Action(KeyAction.DELETE)),
            row("456", Text("-")),
            row("789", Text(".", listOf(",", ":", "/"))),
            row("*0#", Action(KeyAction.ENTER)),
        ),
        4f,
    )
}

private const val DIGITS = "1234567890"
private val FIRST_SYMBOLS = listOf("1234567890", "@#€_&-+()/", "*\"':;!?")
private val SECOND_SYMBOLS = listOf("~`|•√π÷×§∆", "£¢$¥^°={}\\", "%©®™✓[]")

/** What a long press on a letter offers: the accents of German and its neighbours' languages, the commonest first. */
private val ACCENTS =
    mapOf(
        'a' to "äàáâæãå",
        'c' to "çćč",
        'e' to "éèêëę",
        'i' to "íìîï",
        'l' to "ł",
        'n' to "ñń",
        'o' to "öóòôœõø",
        's' to "ßśš",
        'u' to "üúùû",
        'y' to "ýÿ",
        'z' to "žźż",
    )

private val VARIANTS =
    mapOf(
        '.' to listOf("…", "!", "?", ":", ";", "-"),
        ',' to listOf("'", "\"", "(", ")", "/"),
        '"' to listOf("„", "“", "”", "«", "»"),
        '\'' to listOf("’", "‘", "‚"),
        '-' to listOf("–", "—", "·"),
        '€' to listOf("$", "£", "¥"),
        '!' to listOf("¡"),
        '?' to listOf("¿"),
        '+' to listOf("±"),
        '0' to listOf("+", "°"),
        '1' to listOf("½", "⅓", "¼", "¹"),
        '2' to listOf("²", "⅔"),
        '3' to listOf("³", "¾"),
        '(' to listOf("[", "{", "<"),
        ')' to listOf("]", "}", ">"),
    )
