package dev.spatz.sample.words

class LearnedWordsActivity : android.app.Activity()
