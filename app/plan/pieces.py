"""What was said, as pieces: one sentence each with who, when and where, and the slot of the plan it is
meant for.

Pure. `gather` gives all pieces of a journey; `app.plan.slots` writes the paragraphs. Only shared and joint
things come
in here, so nothing that is still a concept can reach the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from app.conclusions.reading import ChosenConclusion
from app.conclusions.rules import example_of, option_sentence
from app.content.pack import Chapter, Item, Option, Theme
from app.core.clock import date_text
from app.core.text import capital, in_words, listing, sentence
from app.dialogue.reading import AgreementSaid, Outcome
from app.dialogue.rules import questions
from app.plan.figures import figure_pieces
from app.plan.phrasing import MANY, Line, alone, because, clause, ended, no_answer, quoted
from app.plan.said import SHORT, Piece
from app.plan.told import Told, before, when
from app.screening.said import Saying

EVALUATION = "evaluatie/"  # begin of the key of a yearly evaluation
KINDS = {
    "antwoord": "Antwoorden",
    "wens": "Wensen",
    "verdeling": "Antwoorden op de verdeling",
    "uitkomst": "Uitkomsten",
    "afspraak": "Afspraken",
    "conclusie": "Conclusies",
    "breedte": "Conclusies",
    "opmerking": "Opmerkingen",
    "gesprek": "Notities van het gesprek",
    "verkenning": "Verkenning",
    "opzet": "Opzet",
    "voorstel": "Voorstellen",
    "stilte": "Nog geen antwoord",
    "kort": "In het kort",
    "cijfer": "Landelijke cijfers",
}


def gather(told: Told) -> list[Piece]:
    """All pieces, in the order of the plan, with unique keys. What was said together for a chapter that the pack does
    not have waits at another one, as text; what one party said stands in the annexes anyway."""
    found = [
        *_opening(told),
        *(piece for theme in told.pack.themes for piece in _theme(told, theme)),
        *_conclusions(told),
        *_organisation(told),
        *_duties(told),
        *_evaluation(told),
        *_actions(told),
        *_budget(told),
        *figure_pieces(told),
    ]
    placed = (p if p.chapter else replace(p, chapter=_elsewhere(told, p), slot="", into="tekst") for p in found)
    return list({p.key: p for p in placed if p.chapter}.values())


def _elsewhere(told: Told, piece: Piece) -> str:
    """Where a piece waits when the pack has no chapter of the kind it is meant for: the first chapter of plain prose,
    else the first of all. '' for what also comes in another way."""
    together = piece.kind in ("uitkomst", "gesprek", "opmerking", "verkenning", "conclusie", "breedte")
    twice = piece.key.startswith("begroting/")  # told in words as well
    agreed = piece.key.startswith("afspraak/") and not told.chapter("inventarisatie")
    return (told.chapter("vrij") or told.pack.chapters[0].slug) if together and not twice or agreed else ""


def _label(*parts: str, at: datetime | None = None) -> str:
    return ", ".join(p for p in (*parts, date_text(at) if at else "") if p)


# ---- 1. introduction ----


def _opening(told: Told) -> Iterator[Piece]:
    chapter = told.chapter("inleiding")
    place = {"chapter": chapter, "url": f"{told.url}/opzet", "kind": "opzet"}
    yield Piece(key="opzet/gesprek", slot="aanleiding", text=_meeting(told), label="Opzet", **place)
    if period := _period(told):
        yield Piece(key="opzet/looptijd", slot="kader", text=period, label="Opzet, looptijd", **place)
    yield from _exploration(told, chapter)
    yield from _breadth(told, chapter)
    yield from _other_policy(told, chapter)


def _meeting(told: Told) -> str:
    municipal = [told.full_name(p) for p in told.parties if told.pack.party_kind(p.kind).municipal]
    others = [told.full_name(p) for p in told.parties if not told.pack.party_kind(p.kind).municipal]
    if len(municipal) + len(others) <= MANY:
        names = [*municipal, *others]
    else:
        names = [*municipal, f"{in_words(len(others))} {'andere partijen' if municipal else 'partijen'}"]
    many = len(municipal) + len(others) != 1
    who, subject, day = listing(names) or "de partijen", told.pack.subject, told.meeting_on
    place = told.pack.words.meeting
    if day and day <= told.today:
        text = f"{who} {'hebben' if many else 'heeft'} op {date_text(day)} {place} gesproken over {subject}"
    elif day:
        text = f"{who} {'spreken' if many else 'spreekt'} elkaar op {date_text(day)} {place} over {subject}"
    else:
        text = f"{who} {'werken' if many else 'werkt'} {place} samen aan {subject}"
    return sentence(text)


def _period(told: Told) -> str:
    start, end = told.period
    if start and end and start != end:
        return f"Dit plan geldt van {start} tot en met {end}."
    if start or end:
        return f"Dit plan geldt {'voor' if start == end else 'vanaf' if start else 'tot en met'} {start or end}."
    return ""


def _exploration(told: Told, chapter: str) -> Iterator[Piece]:
    ask = told.pack.exploration
    if ask is None:
        return
    place = {"chapter": chapter, "url": f"{told.url}/verkenning", "kind": "verkenning"}
    chosen = told.value("verkenning/redenen").split()
    at = told.at("verkenning/redenen")
    for reason in ask.reasons:
        if reason.slug in chosen:
            yield Piece(
                key=f"verkenning/reden/{reason.slug}",
                slot="aanleiding",
                group="reden",
                label=_label("Verkenning", at=at),
                text=ended(f"aanleiding voor het gesprek: {reason.phrase or reason.label.rstrip('.')}"),
                at=at,
                point=reason.phrase or reason.label.rstrip("."),
                **place,
            )
    outcome = next((o for o in ask.outcomes if o.slug == told.value("verkenning/uitkomst")), None)
    why, at = told.value("verkenning/waarom"), told.at("verkenning/uitkomst")
    if outcome and outcome.phrase:
        yield Piece(
            key="verkenning/uitkomst",
            slot="aanleiding",
            text=sentence(outcome.phrase) + because(why),
            at=at,
            quote=why,
            label=_label("Verkenning", "uitkomst", at=at),
            **place,
        )
    for question in ask.questions:
        if text := told.value(f"verkenning/vraag/{question.slug}"):
            at = told.at(f"verkenning/vraag/{question.slug}")
            yield Piece(
                key=f"verkenning/vraag/{question.slug}",
                slot="",
                quote=text,
                at=at,
                text=ended(f"op de vraag ‘{question.label}’ antwoordden de partijen: {quoted(text)}"),
                label=_label("Verkenning", at=at),
                **place,
            )


def _breadth(told: Told, chapter: str) -> Iterator[Piece]:
    breadth = told.conclusions.breadth
    parts = []
    if breadth.ages:
        parts.append(("leeftijd", breadth.ages))
    if breadth.sectors:
        parts.append(("sectoren", f"deze sectoren: {listing([s.label.lower() for s in breadth.sectors])}"))
    if breadth.relation:
        parts.append(("relatie", breadth.relation.phrase or breadth.relation.label.lower()))
    for slug, about in parts:
        at = told.at(f"conclusies/breedte/{slug}")
        yield Piece(
            key=f"breedte/{slug}",
            chapter=chapter,
            slot="kader",
            kind="breedte",
            group="breedte",
            point=about,
            at=at,
            text=ended(f"dit plan gaat over {about}"),
            label=_label("Conclusies", "breedte", at=at),
            url=f"{told.url}/conclusies/breedte",
        )


def _other_policy(told: Told, chapter: str) -> Iterator[Piece]:
    for theme in told.pack.themes:
        for item in theme.items:
            if not item.other_policy:
                continue
            for said in told.screening.said(theme, item):
                if _carried(told, said):
                    yield Piece(
                        key=f"aansluiting/{theme.slug}/{item.slug}/{said.party.id}",
                        chapter=chapter,
                        slot="kader",
                        kind="antwoord",
                        group="aansluiting",
                        point=item.other_policy,
                        who=told.name(said.party),
                        text=f"Het plan sluit aan op {item.other_policy} van {told.name(said.party)}.",
                        at=said.at,
                        label=_said_label(theme, said),
                        url=_table(told, theme, item),
                    )


# ---- 2. how it is now ----


def _table(told: Told, theme: Theme, item: Item | None = None) -> str:
    return f"{told.url}/waar-staan-we/{theme.slug}/naast-elkaar" + (f"#punt-{item.slug}" if item else "#verdeling")


def _talk(told: Told, theme: Theme, item: Item | None = None) -> str:
    return f"{told.url}/gesprek/{theme.slug}" + (f"#punt-{item.slug}" if item else "")


def _said_label(theme: Theme, said: Saying) -> str:
    return _label("Waar staan we", f"thema {theme.letter}", said.party.in_text, at=said.at)


def _carried(told: Told, said: Saying) -> bool:
    """Whether a party carries this out already: the upper half of the states of the pack."""
    top = max((c.weight or 0 for c in told.pack.policy_states), default=0)
    return said.counts and said.choice in told.pack.policy_states and 2 * (said.choice.weight or 0) > top  # type: ignore[union-attr]


def _line(told: Told, said: Saying) -> Line:
    return Line(told.name(said.party), said.choice, said.text, said.behalf)


def _speaks(said: Saying) -> bool:
    """Whether something was said that belongs in a plan: not silent, not 'n.v.t.', not 'weet ik niet'."""
    return said.counts or (said.choice is None and bool(said.text))


def _short(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    """One sentence about the whole theme, for the top of the chapter. It never waits to be used."""
    if text := in_short(told, theme):
        yield Piece(
            key=f"kort/{theme.slug}",
            chapter=chapter,
            slot=SHORT,
            kind="kort",
            text=text,
            who="samen",
            counts=False,
            label=_label("Geteld", f"thema {theme.letter}"),
            url=f"{told.url}/waar-staan-we/{theme.slug}/naast-elkaar",
        )


def in_short(told: Told, theme: Theme) -> str:
    """'Thema B: drie van de vijf partijen … voeren al beleid uit en één is ermee bezig; over … is afgesproken: …'.

    A party counts once, with the furthest of its points. What was filled in for it and is not confirmed does not count.
    """
    furthest: dict[str, bool] = {}  # party → carries out at least one point; False: is busy with one
    spoken: set[str] = set()
    for column in told.pack.own_columns:
        for item in theme.in_column(column.slug):
            for said in told.screening.said(theme, item):
                if said.choice in told.pack.policy_states and said.counts and not said.behalf:
                    spoken.add(said.party.id)
                    if said.choice.weight:  # type: ignore[union-attr]
                        furthest[said.party.id] = furthest.get(said.party.id, False) or _carried(told, said)
    done, busy = sum(furthest.values()), len(furthest) - sum(furthest.values())
    parts = [*([_counted(done, busy, len(spoken))] if spoken else ()), *_agreed_in_short(told, theme)]
    return ended(f"thema {theme.letter}: {'; '.join(parts)}") if parts else ""


def _counted(done: int, busy: int, spoken: int) -> str:
    """'drie van de vijf partijen die hierover antwoordden, voeren al beleid uit en één is ermee bezig'."""
    if spoken == 1:
        state = "voert al beleid uit" if done else "is bezig met beleid" if busy else "is nog niet begonnen met beleid"
        return f"de ene partij die hierover antwoordde, {state}"
    who = f"{in_words(spoken)} partijen die hierover antwoordden,"
    if spoken in (done, busy):
        return f"alle {who} {'voeren al beleid uit' if done else 'zijn bezig met beleid'}"
    of = f"van de {who}"
    said = [f"{_number(done)} {of} {'voert' if done == 1 else 'voeren'} al beleid uit"] if done else []
    if busy:
        verb = "is" if busy == 1 else "zijn"
        said.append(f"{_number(busy)} {verb} ermee bezig" if done else f"{_number(busy)} {of} {verb} bezig met beleid")
    return " en ".join(said) or f"geen {of} is begonnen met beleid"


def _number(number: int) -> str:
    return "één" if number == 1 else in_words(number)


def _agreed_in_short(told: Told, theme: Theme) -> Iterator[str]:
    """'over drie punten is afgesproken: gezamenlijk optrekken (2) en afstemmen (1), met drie afspraken'."""
    phrases = Counter(
        outcome.phrase
        for item in _joint(told, theme)
        if (outcome := told.dialogue.outcome(theme.slug, item.slug)).discussed
    )
    number = sum(a.theme == theme.slug for a in _agreed(told))
    made = f"{_number(number)} {'afspraak' if number == 1 else 'afspraken'}"
    if phrases:
        every = phrases.total()
        said = [f"{p} ({n})" if len(phrases) > 1 else p for p, n in phrases.items()]
        about = f"over {_number(every)} {'punt' if every == 1 else 'punten'} is afgesproken"
        yield f"{about}: {listing(said)}" + (f", met {made}" if number else "")
    elif number:
        yield f"er {'is' if number == 1 else 'zijn'} {made}"


def _theme(told: Told, theme: Theme) -> list[Piece]:
    chapter = told.chapter("inventarisatie")
    spoken = [*_own(told, theme, chapter), *_wishes(told, theme, chapter), *_outcomes(told, theme, chapter)]
    spoken += [
        *_division(told, theme, chapter),
        *_notes(told, theme, chapter),
        *_remarks(told, theme, chapter),
    ]
    filled = {p.slot for p in spoken if p.slot}
    return [
        *(_short(told, theme, chapter) if filled else ()),
        *spoken,
        *(
            s
            for s in _silences(told, theme, chapter)
            if filled and (s.slot != _middle(told, theme) or s.slot in filled)
        ),
    ]


def _own(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    for column in told.pack.own_columns:
        for item in theme.in_column(column.slug):
            for said in told.screening.said(theme, item):
                if _speaks(said):
                    line = _line(told, said)
                    yield Piece(
                        key=f"antwoord/{theme.slug}/{item.slug}/{said.party.id}",
                        chapter=chapter,
                        slot=f"{theme.slug}/{column.slug}",
                        kind="antwoord",
                        text=alone(line, item.phrase),
                        who=said.party.in_text,
                        quote=said.text,
                        label=_said_label(theme, said),
                        at=said.at,
                        url=_table(told, theme, item),
                        group=item.slug,
                        point=item.phrase,
                        line=line,
                    )


def _silences(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    """Who was asked and gave no answer, once per party: in its own column, or in the middle when it has
    none."""
    joint = told.pack.joint_column
    for party in told.parties:
        column = told.pack.party_kind(party.kind).column
        kind = column or (joint.slug if joint else "")
        items = theme.in_column(kind)
        all_said = [
            s
            for i in items
            for s in (told.screening.said(theme, i) if column else told.screening.wishes(theme, i))
            if s.party.id == party.id and s.applies
        ]
        if all_said and all(s.silence in ("niet-gedeeld", "niets-ingevuld") for s in all_said):
            yield Piece(
                key=f"stilte/{theme.slug}/{party.id}",
                chapter=chapter,
                slot=f"{theme.slug}/{kind}",
                kind="stilte",
                text=no_answer([told.name(party)]),
                who=party.in_text,
                point=told.name(party),
                group="stilte",
                counts=False,
                label=_label("Waar staan we", f"thema {theme.letter}", party.in_text),
                url=_table(told, theme),
            )


def _point(item: Item) -> str:
    return f"{item.phrase} ({item.legal.label})" if item.legal else item.phrase


def _joint(told: Told, theme: Theme) -> tuple[Item, ...]:
    return theme.in_column(told.pack.joint_column.slug) if told.pack.joint_column else ()


def _middle(told: Told, theme: Theme) -> str:
    return f"{theme.slug}/{told.middle}"


def _wishes(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    for item in _joint(told, theme):
        for said in told.screening.wishes(theme, item):
            if _speaks(said):
                line = _line(told, said)
                yield Piece(
                    key=f"wens/{theme.slug}/{item.slug}/{said.party.id}",
                    chapter=chapter,
                    slot=_middle(told, theme),
                    kind="wens",
                    text=alone(line, _point(item)),
                    who=said.party.in_text,
                    quote=said.text,
                    at=said.at,
                    label=_said_label(theme, said),
                    url=_table(told, theme, item),
                    group=item.slug,
                    point=_point(item),
                    line=line,
                )


def agreed_text(told: Told, outcome: Outcome) -> str:
    """'afstemmen en uitwisselen. De reden: ‘…’. Dit geldt niet voor Ark.', to put behind 'Afgesproken:'."""
    text = outcome.phrase + (f", {when(outcome.later_on)}" if outcome.is_later and outcome.later_on else "")
    text = f"{text}.{because(outcome.because)}"
    if outcome.not_for:
        text += f" Dit geldt niet voor {listing([told.name(p) for p in outcome.not_for])}."
    return text


def _outcomes(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    slot = _middle(told, theme)
    for item in _joint(told, theme):
        outcome = told.dialogue.outcome(theme.slug, item.slug)
        if outcome.discussed:
            at = told.at(f"gesprek/{theme.slug}/{item.slug}/uitkomst")
            yield Piece(
                key=f"uitkomst/{theme.slug}/{item.slug}",
                chapter=chapter,
                slot=slot,
                kind="uitkomst",
                text=f"Over {_point(item)} is afgesproken: {agreed_text(told, outcome)}",
                who="samen",
                quote=outcome.because,
                label=_label("Gesprek", f"thema {theme.letter}", "uitkomst", at=at),
                at=at,
                url=_talk(told, theme, item),
                group=item.slug,
                point=_point(item),
                row=(("agreed", agreed_text(told, outcome)),),
            )
        for agreement in told.dialogue.agreements(theme.slug, item.slug):
            yield from _agreement_in_text(told, theme, item, agreement, chapter, slot)
    for agreement in told.dialogue.agreements(theme.slug, ""):
        yield from _agreement_in_text(told, theme, None, agreement, chapter, slot)
    if useful := told.dialogue.useful(theme.slug):
        at = told.at(f"gesprek/{theme.slug}/zinvol")
        phrase = useful.phrase or useful.label
        yield Piece(
            key=f"zinvol/{theme.slug}",
            chapter=chapter,
            slot=slot,
            kind="uitkomst",
            group="zinvol",
            at=at,
            who="samen",
            text=ended(f"de slotsom van het gesprek: {phrase[:1].lower()}{phrase[1:]}"),
            label=_label("Gesprek", f"thema {theme.letter}", "hoofdvraag", at=at),
            url=_talk(told, theme),
        )


def agreement_text(told: Told, agreement: AgreementSaid) -> str:
    """'Startgesprekken op elkaar afstemmen (Stichting De Linde met Kinderopvang Ark, vóór 1 juni 2028)'."""
    what = " ".join(agreement.what.split()).rstrip(".")
    who = told.name(agreement.owner) if agreement.owner else ""
    partners = listing([told.name(p) for p in agreement.with_parties if p != agreement.owner])
    if partners:
        who = f"{who} met {partners}" if who else f"met {partners}"
    behind = ", ".join(p for p in (who, before(agreement.by_when)) if p)
    return f"{what} ({behind})" if behind else what


def _agreement_in_text(
    told: Told, theme: Theme, item: Item | None, agreement: AgreementSaid, chapter: str, slot: str
) -> Iterator[Piece]:
    if not agreement.what.strip():
        return
    text = agreement_text(told, agreement)
    yield Piece(
        key=f"afgesproken/{agreement.id}",
        chapter=chapter,
        slot=slot if agreement.agreed else "",
        kind="afspraak",
        text=ended(f"{'afspraak' if agreement.agreed else 'voorstel, nog niet afgesproken'}: {text}"),
        who="samen",
        quote=agreement.what,
        label=_label("Gesprek", f"thema {theme.letter}", "afspraak"),
        url=_talk(told, theme, item),
        group=item.slug if item else "thema",
        point=text,
    )


def _division(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    slot = f"{theme.slug}/verdeling"
    for said in told.screening.recognition(theme):
        if _speaks(said):
            line = _line(told, said)
            yield Piece(
                key=f"verdeling/{theme.slug}/{said.party.id}",
                chapter=chapter,
                slot=slot,
                kind="verdeling",
                text=alone(line, "de verdeling van taken"),
                who=said.party.in_text,
                quote=said.text,
                at=said.at,
                label=_said_label(theme, said),
                url=_table(told, theme),
                group="verdeling",
                line=line,
            )
    if told.dialogue.recognised(theme.slug):
        at = told.at(f"gesprek/{theme.slug}/erkend")
        yield Piece(
            key=f"erkend/{theme.slug}",
            chapter=chapter,
            slot=slot,
            kind="uitkomst",
            who="samen",
            at=at,
            group="erkend",
            text="De partijen erkennen deze verdeling.",
            label=_label("Gesprek", f"thema {theme.letter}", at=at),
            url=_talk(told, theme),
        )


def _notes(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    """Notes of the conversation are offered, never put into the text by themselves."""
    noted = [(f"vraag/{q.slug}", told.dialogue.note(theme.slug, q.slug), q.label) for q in questions(told.pack)]
    noted.append(("notities", told.dialogue.notes(theme.slug), ""))
    for name, text, question in noted:
        if text:
            at = told.at(f"gesprek/{theme.slug}/{name}")
            about = f"bij de vraag ‘{question}’" if question else "daarnaast"
            yield Piece(
                key=f"gesprek/{theme.slug}/{name}",
                chapter=chapter,
                slot="",
                kind="gesprek",
                who="samen",
                quote=text,
                text=ended(f"in het gesprek over thema {theme.letter} is {about} genoteerd: {quoted(text)}"),
                at=at,
                label=_label("Gesprek", f"thema {theme.letter}", "notities", at=at),
                url=_talk(told, theme),
            )


def _remarks(told: Told, theme: Theme, chapter: str) -> Iterator[Piece]:
    for remark in told.screening.remarks(theme):
        item = next((i for i in theme.items if i.slug == remark.subject.rpartition("/")[2]), None)
        if item is None:
            continue
        who = next((told.name(p) for p in told.parties if p.name == remark.by_party), remark.by_name)
        about = f"wat {told.name(remark.about)} zegt over {item.phrase}" if remark.about else item.phrase
        yield Piece(
            key=f"opmerking/{remark.id}",
            chapter=chapter,
            slot="",
            kind="opmerking",
            who=remark.by_party or remark.by_name,
            text=ended(f"{who} merkt op bij {about}: {quoted(remark.text)}"),
            quote=remark.text,
            at=remark.at,
            label=_label(
                "Waar staan we",
                f"thema {theme.letter}",
                "opmerking",
                remark.by_party or remark.by_name,
                at=remark.at,
            ),
            url=_table(told, theme, item),
        )


# ---- 3. vision and goals; conclusions ----


def _conclusions(told: Told) -> Iterator[Piece]:
    for chosen in told.conclusions.chosen:
        yield from _conclusion_itself(told, chosen)
        if chosen.conclusion.leads_to_plan:
            yield from _choices_inside(told, chosen)
            yield from _lists(told, chosen)


def _conclusion_place(told: Told, chosen: ChosenConclusion, what: str = "") -> dict[str, str]:
    number = f"conclusie {chosen.conclusion.number}"
    return {
        "kind": "conclusie",
        "label": _label("Conclusies", number, what),
        "url": f"{told.url}/conclusies#conclusie-{chosen.conclusion.slug}",
    }


def _conclusion_itself(told: Told, chosen: ChosenConclusion) -> Iterator[Piece]:
    conclusion, chapter = chosen.conclusion, told.chapter("inleiding")
    yield Piece(
        key=f"conclusie/{conclusion.slug}",
        chapter=chapter,
        slot="conclusies",
        who="samen",
        quote=chosen.motivation,
        text=sentence(conclusion.sentence) + because(chosen.motivation),
        at=told.at(f"conclusies/{conclusion.slug}/gekozen"),
        group=conclusion.slug,
        **_conclusion_place(told, chosen),
    )
    for support in chosen.supports:
        if support.remark or (support.choice.weight or 0) < max((c.weight or 0) for c in told.pack.endorsements):
            text = clause(support.choice, [told.name(support.party)], "deze conclusie")
            yield Piece(
                key=f"steun/{conclusion.slug}/{support.party.id}",
                chapter=chapter,
                slot="conclusies",
                quote=support.remark,
                text=ended(f"{text}: {quoted(support.remark)}" if support.remark else text),
                who=support.party.in_text,
                at=support.said.at,
                group=conclusion.slug,
                **_conclusion_place(told, chosen, support.party.in_text),
            )


def _choices_inside(told: Told, chosen: ChosenConclusion) -> Iterator[Piece]:
    conclusion, chapter = chosen.conclusion, told.chapter("doelen")
    if conclusion.sources:
        return  # money: told in the chapter on steps and money
    if chosen.vision:
        example = chosen.vision_from
        model = (
            f"naar voorbeeld van {example.where.split(',')[0]}"
            if example and example.where
            else "naar een voorbeeld"
            if example
            else ""
        )
        yield Piece(
            key=f"visie/{conclusion.slug}",
            chapter=chapter,
            slot="visie",
            text=chosen.vision,
            style="citaat",
            who="samen",
            quote=chosen.vision,
            at=told.at(f"conclusies/{conclusion.slug}/visie"),
            **_conclusion_place(told, chosen, f"voorstel voor een visie{', ' + model if model else ''}"),
        )
    goals = False
    for option, text in chosen.options:
        example = example_of(conclusion, option)
        if option.ask == "who":
            continue  # becomes an action
        if example and example.goal:
            goals = True
            yield _goal(told, chosen, option, text, chapter)
        else:
            yield Piece(
                key=f"keuze/{conclusion.slug}/{option.slug}",
                chapter=chapter,
                slot=f"keuzes/{conclusion.slug}",
                quote=text,
                text=option_sentence(option, text),
                who="samen",
                **_conclusion_place(told, chosen),
            )
    if goals and any(e.kind == "doel" for e in conclusion.examples):
        yield Piece(
            key=f"na-meting/{conclusion.slug}",
            chapter=chapter,
            slot=f"keuzes/{conclusion.slug}",
            who="samen",
            text="De partijen meten eerst hoe het nu is. De streefcijfers bij de doelen vullen zij daarna in.",
            **_conclusion_place(told, chosen),
        )


def _lists(told: Told, chosen: ChosenConclusion) -> Iterator[Piece]:
    """How far the schools are with a list of criteria: offered, as a source that will change."""
    for said in told.lists:
        if said.conclusion == chosen.conclusion.slug and said.filled:
            yield Piece(
                key=f"lijst/{said.id}",
                chapter=told.chapter("doelen"),
                slot="",
                who="samen",
                text=said.sentence,
                at=said.changed,
                **_conclusion_place(told, chosen, f"lijst ‘{said.full_name}’") | {"url": said.url},
            )


def _goal(told: Told, chosen: ChosenConclusion, option: Option, text: str, chapter: str) -> Piece:
    """A goal to start from. The year is always a new one; 90 % was an example and comes along as no
    target."""
    example = example_of(chosen.conclusion, option)
    if example is None:
        raise LookupError(option.slug)
    measured_first = example.kind == "doel"
    row = {
        "result": example.goal.get("result", ""),
        "target_group": example.goal.get("group", ""),
        "indicator": example.goal.get("indicator", ""),
        "target": "" if measured_first else example.goal.get("target", ""),
        "baseline_known": "onbekend" if measured_first else "",
    }
    return Piece(
        key=f"doel/{chosen.conclusion.slug}/{option.slug}",
        chapter=chapter,
        slot="",
        into="doel",
        who="samen",
        quote=text,
        text=sentence(text or option.sentence or example.text),
        row=tuple(row.items()),
        **_conclusion_place(told, chosen),
    )


# ---- 4. parties and organisation ----


def _organisation(told: Told) -> Iterator[Piece]:
    chapter, said = told.chapter("organisatie"), told.conclusions
    place = {"chapter": chapter, "kind": "conclusie", "who": "samen"}
    if form := said.organisation.form:
        who = f": {said.organisation.who}" if said.organisation.who else ""
        at = told.at("conclusies/organisatie/vorm")
        yield Piece(
            key="organisatie/vorm",
            slot="organisatie",
            text=sentence(f"{form.phrase or form.label}{who}"),
            at=at,
            label=_label("Conclusies", "organisatie", at=at),
            url=f"{told.url}/conclusies/organisatie",
            **place,
        )
    for phase, ways in said.parents:
        at = told.at(f"conclusies/ouders/{phase.slug}")
        how = listing([w.phrase or w.label.lower() for w in ways])
        yield Piece(
            key=f"ouders/{phase.slug}",
            slot="ouders",
            group="fase",
            at=at,
            point=f"{phase.phrase or phase.label.lower()}, {how}",
            text=sentence(f"{told.pack.shape.parents_phrase} {phase.phrase or phase.label.lower()}, {how}"),
            label=_label("Conclusies", _involved(told), at=at),
            url=f"{told.url}/conclusies/ouders",
            **place,
        )
    if said.parents_rule:
        yield Piece(
            key="ouders/afspraak",
            slot="ouders",
            text=sentence(told.pack.shape.parents_rule),
            label=_label("Conclusies", _involved(told)),
            url=f"{told.url}/conclusies/ouders",
            **place,
        )


def _involved(told: Told) -> str:
    """'ouders', of 'Ouders betrekken'."""
    return told.pack.shape.parents_title.split()[0].lower()


def _duties(told: Told) -> Iterator[Piece]:
    """What a party does: what it carries out already, and the agreements it takes care of."""
    chapter, known = told.chapter("organisatie"), set()
    for theme in told.pack.themes:
        for column in told.pack.own_columns:
            for item in theme.in_column(column.slug):
                for said in told.screening.said(theme, item):
                    if item.kind != "beleid" or said.choice is None or not _carried(told, said):
                        continue
                    text = said.choice.phrase.removeprefix("{partij} ").replace("{punt}", item.phrase)
                    if (said.party.id, text) in known:
                        continue
                    known.add((said.party.id, text))
                    yield Piece(
                        key=f"doet/{theme.slug}/{item.slug}/{said.party.id}",
                        chapter=chapter,
                        slot="",
                        into="doet",
                        kind="antwoord",
                        text=ended(f"{told.name(said.party)} {text}"),
                        who=said.party.in_text,
                        at=said.at,
                        quote=said.text,
                        label=_said_label(theme, said),
                        url=_table(told, theme, item),
                        row=(("party_id", said.party.id), ("text", sentence(text))),
                    )
    for agreement in _agreed(told):
        if agreement.owner:
            what = " ".join(agreement.what.split()).rstrip(".")
            yield Piece(
                key=f"taak/{agreement.id}",
                chapter=chapter,
                slot="",
                into="doet",
                kind="afspraak",
                text=ended(f"{told.name(agreement.owner)} zorgt voor deze afspraak: {what}"),
                who=agreement.owner.in_text,
                quote=agreement.what,
                label=_agreement_label(told, agreement),
                url=_agreement_url(told, agreement),
                row=(
                    ("party_id", agreement.owner.id),
                    ("text", sentence(f"zorgt voor deze afspraak: {what}")),
                ),
            )


def _agreed(told: Told) -> Iterable[AgreementSaid]:
    """Agreements that stand: agreed, and not dropped with conclusion 1."""
    dropped = {a.agreement.id for a in told.conclusions.loose if a.stands == "nee"}
    return [a for a in told.dialogue.agreements() if a.agreed and a.what.strip() and a.id not in dropped]


def _agreement_label(told: Told, agreement: AgreementSaid) -> str:
    letter = next((t.letter for t in told.pack.themes if t.slug == agreement.theme), "")
    return _label("Gesprek", f"thema {letter}" if letter else "", "afspraak")


def _agreement_url(told: Told, agreement: AgreementSaid) -> str:
    anchor = f"#punt-{agreement.item}" if agreement.item else ""
    return f"{told.url}/gesprek/{agreement.theme}{anchor}" if agreement.theme else f"{told.url}/gesprek"


# ---- 5. monitoring and evaluation ----


def first_evaluation(told: Told) -> tuple[int, int] | None:
    """Year and month of the first yearly evaluation: as chosen, else a year after the meeting. None for a pack that has
    no chapter about evaluation."""
    if not told.chapter("evaluatie"):
        return None
    chosen = told.value(f"plan/{told.chapter('evaluatie')}/eerste-keer")
    if chosen:
        return int(chosen[:4]), int(chosen[5:7])
    return (told.meeting_on.year + 1, told.meeting_on.month) if told.meeting_on else None


def _evaluation(told: Told) -> Iterator[Piece]:
    chapter: Chapter | None = next((c for c in told.pack.chapters if c.kind == "evaluatie"), None)
    if chapter is None:
        return
    place = {
        "chapter": chapter.slug,
        "slot": "standaard",
        "kind": "voorstel",
        "url": f"{told.url}/plan/{chapter.slug}",
    }
    bureau = told.value(f"plan/{chapter.slug}/extern-bureau")
    for said in chapter.standard:
        if not said.optional or bureau == "ja":
            yield Piece(key=f"standaard/{said.slug}", text=said.text, label="Voorstel uit het format", **place)
    if bureau == "nee":
        yield Piece(
            key="standaard/geen-bureau",
            text="De partijen doen dit zelf. Zij vragen hiervoor geen extern bureau.",
            label="Plan, keuze over een extern bureau",
            **place,
        )
    if first := first_evaluation(told):
        yield Piece(
            key="standaard/eerste-keer",
            text=f"De eerste evaluatie {told.pack.words.meeting} is {when(f'{first[0]}-{first[1]:02}')}.",
            label="Voorstel: een jaar na het overleg"
            if not told.value(f"plan/{chapter.slug}/eerste-keer")
            else "Plan, eerste evaluatie",
            **place,
        )


# ---- 6. steps and money ----


def _actions(told: Told) -> Iterator[Piece]:
    chapter = told.chapter("stappen")
    for agreement in _agreed(told):
        what = " ".join(agreement.what.split())
        row = {
            "what": what,
            "owner_id": agreement.owner.id if agreement.owner else "",
            "with_parties": " ".join(p.id for p in agreement.with_parties),
            "end_on": agreement.by_when,
        }
        yield Piece(
            key=f"afspraak/{agreement.id}",
            chapter=chapter,
            slot="",
            into="actie",
            kind="afspraak",
            who="samen",
            text=ended(agreement_text(told, agreement)),
            quote=agreement.what,
            label=_agreement_label(told, agreement),
            url=_agreement_url(told, agreement),
            row=tuple(row.items()),
        )
    for chosen in told.conclusions.chosen:
        for option, text in chosen.options:
            if option.ask == "who" and chosen.conclusion.leads_to_plan:
                said = option_sentence(option, text)
                yield Piece(
                    key=f"stap/{chosen.conclusion.slug}/{option.slug}",
                    chapter=chapter,
                    slot="",
                    into="actie",
                    who="samen",
                    text=said,
                    row=(("what", said),),
                    **_conclusion_place(told, chosen),
                )
    if first := first_evaluation(told):
        last = max(told.period[1] or first[0], first[0])
        lead = next((p.id for p in told.parties if p.id == told.value("plan/regie")), "")
        for year in range(first[0], min(last, first[0] + 11) + 1):
            yield Piece(
                key=f"{EVALUATION}{year}",
                chapter=chapter,
                slot="",
                into="actie",
                kind="voorstel",
                text=f"De partijen bespreken de afspraken en de doelen {told.pack.words.meeting}"
                f" ({when(f'{year}-{first[1]:02}')}).",
                label="Plan, jaarlijkse evaluatie",
                url=f"{told.url}/plan/{told.chapter('evaluatie')}",
                row=(
                    ("what", f"Wij bespreken de afspraken en de doelen {told.pack.words.meeting}."),
                    ("owner_id", lead),
                    ("end_on", f"{year}-{first[1]:02}"),
                ),
            )


def _budget(told: Told) -> Iterator[Piece]:
    """The conclusion that has sources of money: its forms as text and as budget lines. An amount is never
    guessed."""
    chapter = told.chapter("stappen")
    for chosen in told.conclusions.chosen:
        conclusion = chosen.conclusion
        if not conclusion.sources:
            continue
        place = _conclusion_place(told, chosen)
        money = listing([text or source.label for source, text in chosen.sources], "of")
        for option, text in chosen.options:
            yield Piece(
                key=f"keuze/{conclusion.slug}/{option.slug}",
                chapter=chapter,
                slot=f"keuzes/{conclusion.slug}",
                quote=text,
                text=option_sentence(option, text),
                who="samen",
                **place,
            )
        if chosen.sources:
            paid = listing([_paid_from(source, text) for source, text in chosen.sources])
            yield Piece(
                key=f"geld/{conclusion.slug}",
                chapter=chapter,
                slot=f"keuzes/{conclusion.slug}",
                who="samen",
                text=sentence(f"Dit wordt betaald {paid}"),
                **place,
            )
        lines = [(o.slug, text or o.label) for o, text in chosen.options] or [("", conclusion.short)]
        for slug, what in lines:
            yield Piece(
                key=f"begroting/{conclusion.slug}/{slug}",
                chapter=chapter,
                slot="",
                into="begroting",
                who="samen",
                text=sentence(f"{conclusion.short}: {what[:1].lower()}{what[1:]}" if slug else what),
                row=(("what", capital(" ".join(what.split()))), ("source", money), ("certain", "onzeker")),
                **place,
            )


def _paid_from(source: Option, text: str) -> str:
    """'uit het zorgbudget'."""
    if text:
        return text if text.lower().startswith("uit ") else f"uit {text}"
    return source.sentence or f"uit {source.label[:1].lower()}{source.label[1:]}"
