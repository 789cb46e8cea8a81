"""The conversation without a page: its modules run alone, with a network made up by the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

BEGIN = """
const { Conversation, DELAYS } = await import("/static/chat/conversation.js");
const { Refusal } = await import("/static/chat/transport.js");
const block = (text) => ({ type: "short", lang: "ja", body: { text }, lines: [] });
const answer = (id, text = "はい") => ({
  status: "answered", lang: "ja", answer: text, blocks: [block(text)],
  sources: [], suggestions: [], turn: id,
});
const world = (script, { kept = null, turns = [], online = () => true } = {}) => {
  const seen = { asked: [], states: [], waits: [], kept, forgotten: [] };
  let number = 0;
  const conversation = new Conversation({
    transport: {
      async *ask(body, signal) {
        seen.asked.push(body);
        const step = script.shift();
        if (step instanceof Error) throw step;
        if (typeof step === "function") yield* step(body, signal);
        else {
          yield { name: "start", data: {} };
          for (const data of step.blocks) yield { name: "block", data };
          yield { name: "end", data: step };
        }
      },
      async transcript() { if (turns instanceof Error) throw turns; return turns; },
      async forget(token) { seen.forgotten.push(token); },
    },
    storage: {
      read: () => seen.kept,
      write: (value) => (seen.kept = structuredClone(value)),
      clear: () => (seen.kept = null),
    },
    token: () => `token-${"x".repeat(8)}-${(number += 1)}`,
    wait: async (milliseconds) => void seen.waits.push(milliseconds),
    online,
    changed: (turn) => turn && seen.states.push(turn.state),
  });
  return { conversation, seen };
};
const lost = () => new TypeError("network");
"""

Run = Callable[[str], Any]


@pytest.fixture
def run(new_page: Callable[..., Any], server: str) -> Run:
    page = new_page(base_url=server)
    page.goto("/demo-host")

    def evaluate(script: str) -> Any:
        return page.evaluate(f"async () => {{ {BEGIN} {script} }}")

    return evaluate


def test_an_answer_streams_and_is_kept(run: Run) -> None:
    states, pending, turns = run("""
        const { conversation, seen } = world([answer("t1")]);
        await conversation.ask("質問", { lang: "ja" });
        return [seen.states, seen.kept.pending, conversation.turns.length];
    """)
    assert states == ["waiting", "streaming", "streaming", "done"]
    assert pending is None
    assert turns == 1


def test_a_lost_network_sends_the_same_request_again(run: Run) -> None:
    ids, waits, state, blocks = run("""
        const cut = async function* () {
          yield { name: "start", data: {} };
          yield { name: "block", data: block("はい") };
        };
        const { conversation, seen } = world([lost(), cut, answer("t1")]);
        await conversation.ask("質問", { lang: "ja" });
        const ids = seen.asked.map((body) => [body.conversation, body.request_id]);
        return [ids, seen.waits, conversation.turns[0].state, conversation.turns[0].blocks.length];
    """)
    assert len(ids) == 3
    assert all(one == ids[0] for one in ids)
    assert waits == [1000, 2000]
    assert state == "done"
    assert blocks == 1


def test_it_gives_up_after_all_delays_and_can_be_asked_to_go_on(run: Run) -> None:
    waits, delays, kept, state, pending = run("""
        const { conversation, seen } = world([
          ...DELAYS.map(lost), lost(), answer("t1"),
        ]);
        await conversation.ask("質問", { lang: "ja" });
        const kept = seen.kept.pending.question;
        const failed = conversation.turns[0].state;
        await conversation.retry(conversation.turns[0]);
        const now = conversation.turns[0].state;
        return [seen.waits.length, DELAYS.length, kept, [failed, now], seen.kept.pending];
    """)
    assert waits == delays
    assert kept == "質問"
    assert state == ["failed", "done"]
    assert pending is None


def test_offline_waits_for_the_network_and_not_for_the_clock(run: Run) -> None:
    states, waits = run("""
        let online = false;
        const { conversation, seen } = world([lost(), answer("t1")], { online: () => online });
        const asked = conversation.ask("質問", { lang: "ja" });
        await new Promise((resolve) => setTimeout(resolve));
        const before = seen.states.at(-1);
        online = true;
        conversation.resume();
        await asked;
        return [[before, seen.states.at(-1)], seen.waits];
    """)
    assert states == ["offline", "done"]
    assert waits == []


def test_a_refusal_is_asked_again_only_when_it_says_so(run: Run) -> None:
    waits, states, asked = run("""
        const { conversation, seen } = world([
          new Refusal("混んでいます", 7), new Refusal("お休みです", null),
        ]);
        await conversation.ask("質問", { lang: "ja" });
        const turn = conversation.turns[0];
        return [seen.waits, [turn.state, turn.message], seen.asked.length];
    """)
    assert waits == [7000]
    assert states == ["failed", "お休みです"]
    assert asked == 2


def test_one_question_at_a_time(run: Run) -> None:
    second, empty, asked = run("""
        const { conversation, seen } = world([answer("t1")]);
        const first = conversation.ask("質問", { lang: "ja" });
        const second = await conversation.ask("もう一つ", { lang: "ja" });
        await first;
        return [second, await conversation.ask("  ", { lang: "ja" }), seen.asked.length];
    """)
    assert (second, empty, asked) == (False, False, 1)


def test_a_reload_asks_again_and_shows_each_turn_once(run: Run) -> None:
    turns, body, kept = run("""
        const kept = {
          token: "token-0123456789", lang: "vi", furigana: false, open: true,
          pending: { question: "質問", label: "質問", lang: "ja", request_id: "request-01" },
        };
        const turns = ["t0", "t1"].map((turn) => ({
          turn, question: "質問", lang: "ja", answer: answer(turn),
        }));
        const { conversation, seen } = world([answer("t1")], { kept, turns });
        await conversation.restore();
        const ids = conversation.turns.map((turn) => turn.id);
        return [ids, seen.asked[0], [seen.kept.pending, conversation.settings.lang]];
    """)
    assert turns == ["t0", "t1"]
    assert (body["request_id"], body["conversation"]) == ("request-01", "token-0123456789")
    assert "label" not in body
    assert kept == [None, "vi"]


def test_stopping_keeps_the_question_for_another_try(run: Run) -> None:
    states, pending = run("""
        const hang = async function* (body, signal) {
          yield { name: "start", data: {} };
          await new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason));
          });
        };
        const { conversation, seen } = world([hang, answer("t1")]);
        const asked = conversation.ask("質問", { lang: "ja" });
        await new Promise((resolve) => setTimeout(resolve));
        conversation.stop();
        await asked;
        const stopped = conversation.turns[0].state;
        const pending = seen.kept.pending.question;
        await conversation.retry(conversation.turns[0]);
        return [[stopped, conversation.turns[0].state], pending];
    """)
    assert states == ["stopped", "done"]
    assert pending == "質問"


def test_the_end_forgets_here_and_there(run: Run) -> None:
    kept, forgotten, turns = run("""
        const { conversation, seen } = world([answer("t1")]);
        await conversation.ask("質問", { lang: "ja" });
        await conversation.end();
        return [seen.kept, seen.forgotten.length, conversation.turns.length];
    """)
    assert (kept, forgotten, turns) == (None, 1, 0)


def test_events_come_whole_out_of_any_cut(run: Run) -> None:
    found = run("""
        const { EventParser } = await import("/static/chat/events.js");
        const stream = "event: start\\r\\ndata: {}\\r\\n\\r\\n: a comment\\n\\n"
          + "event: block\\ndata: 一行\\ndata: 二行\\n\\ndata: あ\\n\\nevent: end\\nda";
        const found = [];
        for (let size = 1; size <= stream.length; size += 1) {
          const parser = new EventParser();
          const events = [];
          for (let at = 0; at < stream.length; at += size) {
            events.push(...parser.push(stream.slice(at, at + size)));
          }
          found.push(JSON.stringify(events));
        }
        return [...new Set(found)].map((text) => JSON.parse(text));
    """)
    assert found == [
        [
            {"name": "start", "data": "{}"},
            {"name": "block", "data": "一行\n二行"},
            {"name": "message", "data": "あ"},
        ]
    ]


@pytest.mark.parametrize(
    ("named", "wishes", "lang"),
    [
        ("auto", ["de-DE", "vi-VN"], "vi"),
        (None, ["zh-TW"], "zh-Hant"),
        (None, ["zh-HK"], "zh-Hant"),
        (None, ["zh"], "zh-Hans"),
        (None, ["fil-PH"], "tl"),
        (None, ["pt-BR"], "pt"),
        (None, ["xx"], "ja"),
        ("ja-x-easy", ["en"], "ja-x-easy"),
        ("en-US", [], "en"),
    ],
)
def test_the_language_to_begin_in(
    run: Run, named: str | None, wishes: list[str], lang: str
) -> None:
    found = run(f"""
        const {{ chosen }} = await import("/static/chat/languages.js");
        return chosen({"null" if named is None else repr(named)}, {wishes});
    """)
    assert found == lang
