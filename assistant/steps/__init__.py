"""The steps of an answer, in the order of `assistant.answer.STEPS`."""
