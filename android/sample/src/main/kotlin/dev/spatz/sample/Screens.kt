package dev.spatz.sample

import android.app.Activity
import android.view.View
import android.widget.TextView

/** Puts [title] on the screen's header, whose arrow goes back. */
fun Activity.setUpHeader(title: Int) {
    setTitle(title)
    findViewById<TextView>(R.id.title).setText(title)
    findViewById<View>(R.id.back).setOnClickListener { finish() }
}
