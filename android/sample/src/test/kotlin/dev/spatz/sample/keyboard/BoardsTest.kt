package dev.spatz.sample.keyboard

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

class BoardsTest {
    private fun texts(
        layout: LetterLayout,
        page: Page = Page.LETTERS,
        kind: FieldKind = FieldKind.TEXT,
    ) = board(page, layout, kind)
        .rows
        .flatten()
        .filterIsInstance<KeyDef.Text>()
        .map { it.text }

    @Test
    fun `every page of every layout fills its rows`() {
        for (layout in LetterLayout.entries) {
            for (page in Page.entries) {
                for (kind in FieldKind.entries) {
                    val board = board(page, layout, kind)
                    board.rows.forEach { row -> assertTrue(row.map { it.units }.sum() <= board.units + 0.001f) }
                    assertEquals(1, board.rows.flatten().count { it == KeyDef.Action(KeyAction.DELETE, it.units) })
                    assertEquals(1, board.rows.flatten().count { it == KeyDef.Action(KeyAction.ENTER, it.units) })
                }
            }
        }
    }

    @Test
    fun `every letter of both languages is on a key or under one`() {
        val english =
            board(
                Page.LETTERS,
                LetterLayout.QWERTY,
                FieldKind.TEXT,
            ).rows.flatten().filterIsInstance<KeyDef.Text>()
        val reached = english.flatMap { it.alternatives + it.text }
        ('a'..'z').map { it.toString() }.plus(listOf("ä", "ö", "ü", "ß")).forEach { assertTrue(it, it in reached) }
        assertTrue(texts(LetterLayout.QWERTZ).containsAll(listOf("ü", "ö", "ä")))
    }

    @Test
    fun `addresses have their signs beside the space bar`() {
        assertTrue("@" in texts(LetterLayout.QWERTY, kind = FieldKind.EMAIL))
        assertTrue("/" in texts(LetterLayout.QWERTY, kind = FieldKind.URL))
    }

    @Test
    fun `a capital sharp s is one letter`() {
        assertEquals("ẞ", KeyDef.Text("ß").shifted)
    }

    @Test
    fun `a finger in a gap hits the nearest key of the row`() {
        val placement = Placement(board(Page.LETTERS, LetterLayout.QWERTY, FieldKind.TEXT), 1000f, 100f, 10f, 10f, 0f)

        fun at(
            x: Float,
            y: Float,
        ) = (placement.keyAt(x, y)?.key as? KeyDef.Text)?.text
        assertEquals("q", at(0f, 0f))
        assertEquals("a", at(0f, 150f))
        assertEquals("l", at(1000f, 150f))
        assertEquals("p", at(1000f, -20f))
        placement.keys.forEach { assertEquals(it, placement.keyAt(it.centerX, it.centerY)) }
    }

    @Test
    fun `the engine gets the letter keys`() {
        val placement = Placement(board(Page.LETTERS, LetterLayout.QWERTZ, FieldKind.TEXT), 1100f, 100f, 10f, 10f, 0f)
        val keys = placement.engineKeys()
        assertEquals(29, keys.size)
        assertEquals(50f to 50f, keys.first { it.letters == "q" }.run { x to y })
    }
}
