"""The words around a medicine's name that are no name: forms, routes, salts, units and what people write beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

MOST_TEXT = 2_000
"""Characters of a text that are looked at."""

_PIECE = re.compile(r"\d+(?:[.,]\d+)*[a-z0-9]*|[a-z0-9]+|[/+&,;]")
_APOSTROPHE = re.compile(r"(?<=[a-z])['’`´](?=[a-z])")
_QUOTES = frozenset("'’`´")
SEPARATORS = frozenset("/+&,;") | {"and", "plus", "with"}
"""Between the ingredients of one product."""


def plain(text: str) -> str:
    """Returns the text in small letters without accents; micrograms are "mcg"."""
    text = text[:MOST_TEXT]
    if text.isascii():
        return text.lower()
    text = text.replace("µg", "mcg").replace("μg", "mcg").replace("½", " 0.5 ")
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if unicodedata.category(char) not in ("Mn", "Cf"))


def words_of(text: str) -> tuple[list[str], list[bool]]:
    """Returns the words of a text, and for each whether a separator ("/", "and", …) stands before it."""
    small = plain(text)
    if not _QUOTES.isdisjoint(small):
        small = _APOSTROPHE.sub("", small)
    pieces = _PIECE.findall(small)
    if SEPARATORS.isdisjoint(pieces):
        return pieces, [False] * len(pieces)
    words: list[str] = []
    joined: list[bool] = []
    apart = False
    for piece in pieces:
        if piece in SEPARATORS:
            apart = True
        else:
            words.append(piece)
            joined.append(apart)
            apart = False
    return words, joined


_SALTS = """
bisulfate bisulphate
acetate alafenamide anhydrous axetil besilate besylate bitartrate bromide calcium carbonate chloride
cilexetil citrate decanoate dihydrate dipotassium dipropionate disodium disoproxil etexilate etabonate
fumarate furoate gluconate hbr hcl hemihydrate hyclate hydrobromide hydrochlor hydrochloride lactate
magnesium maleate marboxil medoxomil mesilate mesylate mofetil monohydrate nitrate oxalate pamoate
phosphate pivoxil potassium propionate proxetil sodium strontium succinate sulfate sulphate tartrate
trihydrate tromethamine valerate xinafoate zinc hydrate trometamol camsylate tosylate
"""
SALTS = frozenset(_SALTS.split())
"""Salts and their like: no names of their own after a name ("losartan potassium"), but alone ("potassium")."""

SALT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("hcl", "hydrochlor"), "hydrochloride"),
        **dict.fromkeys(("tart", "tartr"), "tartrate"),
        **dict.fromkeys(("succ", "succin"), "succinate"),
        **dict.fromkeys(("besilate", "bes"), "besylate"),
        "hbr": "hydrobromide",
        "mesilate": "mesylate",
        "sulphate": "sulfate",
        "pot": "potassium",
        "sod": "sodium",
    }
)
"""Short forms of salts, and other spellings."""

RELEASES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("er", "xr", "xl", "sr", "la", "cr", "xt", "sa", "extended", "sustained", "controlled"), "ER"
        ),
        **dict.fromkeys(("dr", "ec", "delayed", "enteric", "gastro"), "DR"),
        **dict.fromkeys(("odt", "disintegrating", "orally"), "ODT"),
        **dict.fromkeys(("ir", "immediate"), "IR"),
    }
)
FORMS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("tablet", "tablets", "tab", "tabs", "tbl", "caplet", "caplets", "pill", "pills"), "tablet"),
        **dict.fromkeys(("capsule", "capsules", "cap", "caps", "softgel", "softgels"), "capsule"),
        **dict.fromkeys(("solution", "soln", "liquid", "syrup", "suspension", "susp", "elixir"), "liquid"),
        **dict.fromkeys(("patch", "patches", "transdermal"), "patch"),
        **dict.fromkeys(("cream", "ointment", "oint", "gel", "lotion", "shampoo", "foam"), "cream"),
        **dict.fromkeys(("inhaler", "hfa", "mdi", "actuat", "diskus", "ellipta", "respimat", "neb"), "inhaler"),
        **dict.fromkeys(("nebulizer", "nebulization", "nebules"), "inhaler"),
        **dict.fromkeys(("injection", "injectable", "inj", "syringe", "pen", "vial"), "injection"),
        **dict.fromkeys(("injector", "autoinjector", "flexpen", "kwikpen", "solostar"), "injection"),
        **dict.fromkeys(("suppository", "suppositories", "supp"), "suppository"),
        **dict.fromkeys(("drops", "drop", "gtt"), "drops"),
        **dict.fromkeys(("powder", "packet", "granules"), "powder"),
        "spray": "spray",
    }
)  # fmt: skip
ROUTES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("oral", "mouth", "po", "orally"), "mouth"),
        **dict.fromkeys(("topical", "topically", "skin", "cutaneous"), "skin"),
        **dict.fromkeys(("ophthalmic", "ophth", "eye", "eyes", "opth"), "eye"),
        **dict.fromkeys(("otic", "ear", "ears"), "ear"),
        **dict.fromkeys(("nasal", "nose", "nostril", "nostrils", "intranasal"), "nose"),
        **dict.fromkeys(("inhalation", "inhaled", "inhale", "inh"), "lungs"),
        **dict.fromkeys(("vaginal", "vaginally"), "vagina"),
        **dict.fromkeys(("rectal", "rectally"), "rectum"),
        **dict.fromkeys(("sublingual", "sl"), "under the tongue"),
        **dict.fromkeys(("subcutaneous", "subcutaneously", "subq", "sq", "subcut", "sc"), "injection"),
        **dict.fromkeys(("intramuscular", "im", "iv", "intravenous"), "injection"),
    }
)  # fmt: skip
FORM_ROUTES: Mapping[str, str] = MappingProxyType({"cream": "skin", "inhaler": "lungs"})
"""The route that a form means when none is said."""
WORD_ROUTES: Mapping[str, str] = MappingProxyType(
    {**{word: FORM_ROUTES[form] for word, form in FORMS.items() if form in FORM_ROUTES}, **ROUTES}
)
LOCAL_ROUTES = frozenset({"skin", "eye", "ear", "nose", "lungs", "vagina", "rectum"})
"""Where a medicine mostly stays."""

_CUTS = """
for instead avoid not stop stopped hold holding held replaces replaced replacing was were while unless if
until when because since take takes taken taking use uses using inject injects apply applies give gives
allergic due per via from dc discontinue discontinued prn indication indications sig instructions
"""
CUTS = frozenset(_CUTS.split())
"""After a name the rest of the text is no name any more."""

_NOISE = """
a an as at by in of on or to the this that his her my mg mcg g gm gms gram grams kg ml l meq mmol units
unit unt iu u hr hrs hour hours day days daily week weeks weekly month months monthly times time once
twice three four every each morning noon evening night nightly bedtime hs am pm qd qod bid tid qid qhs qam
qpm ac pc po prn needed need dose doses dosage strength extra max maximum one two half whole full scored
chewable chew film coated oral release act actuation actuations aerosol metered pack package kit box
bottle tube bag count ct qty nda rx otc generic brand name low high baby adult children childrens child
kids infant senior women mens men womens regular usp ndc soluble nasal buccal lozenge lozenges gum strip
implant ring device system prefilled auto reusable disposable dry breath activated nebules ampule ampul
ampoule concentrate concentrated product mixture mix packets sachet sachets food meal meals breakfast
lunch dinner supper water pain blood pressure heart sugar cholesterol sleep thyroid medicine medication
medications med meds drug drugs supplement supplements vitamin vitamins herbal natural pill new old home
hospital discharge continue continued start started increase increased decrease decreased changed change
same dosed taper tapering titrate directed instructed prescribed needs eq equivalent base free acid salt
human recombinant drip pump sliding scale additional spray sprays puff puffs tablet tablets formula
"""
NOISE = (
    frozenset(_NOISE.split())
    | SALTS
    | frozenset(SALT_WORDS)
    | frozenset(RELEASES)
    | frozenset(FORMS)
    | frozenset(ROUTES)
)
"""Words that need no explanation beside a name."""
