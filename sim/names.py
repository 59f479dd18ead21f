"""Names for people who do not exist: nurses as one meets them in an English trust, patients as out of a storybook."""

from __future__ import annotations

from random import Random

from domain.day import Gender

_NURSES = (
    "Amara Okafor, Priya Sharma, Megan Doyle, Siobhan Walsh, Grace Bennett, Fatima Rahman, Hannah Clarke, Chloe Hughes",
    "Olena Kovalenko, Ruth Mensah, Janet Whitaker, Bethany Price, Kwame Asante, Daniel Lowe, Tomasz Nowak, Aisha Begum",
    "Nkechi Eze, Laura Marsh, Sophie Turner, Rhian Bowen, Ewa Zielinska, Joy Mathew, Caitlin Byrne, Imogen Foster",
    "Zainab Hussain, Oliver Grant, Marta Silva, Esther Adeyemi, Leanne Cooper, Paul Reid, Divya Patel, Ines Costa",
    "Blessing Owusu, Claire Barnes, Holly Fraser, Naomi Levy, Samuel Boateng, Gareth Evans, Anita Desai, Rosa Moreno",
    "Kelly Shaw, Marcus Dixon, Wendy Hale, Adaeze Nwosu, Freya Larsen, Tanya Kaur, Louise Pryce, Yusuf Demir",
    "Elsie Stone, Karen Webb, Mirela Ionescu, Dawn Tait, Lucy Moss, Patience Ncube, Hazel Ward, Nadia Haddad",
    "Simon Frost, Beth Lyons, Irene Cole, Martin Page",
)
_MEN = frozenset(
    ["Kwame", "Daniel", "Tomasz", "Oliver", "Paul", "Samuel", "Gareth", "Marcus", "Yusuf", "Simon", "Martin"]
)
_GIVEN = (
    "Ada, Albert, Arthur, Beatrice, Cecil, Clara, Daphne, Dorothy, Edith, Edwin, Elsie, Ernest, Ethel, Florence, Frank, Gladys",
    "Harold, Hilda, Horace, Ivy, Joyce, Leonard, Lionel, Mabel, Maud, Mildred, Muriel, Nora, Olive, Percy, Phyllis, Reginald",
    "Rosalind, Sidney, Stanley, Sybil, Thelma, Vera, Violet, Walter, Wilfred, Winifred",
)
_FAMILY_BEGINS = (
    "Apple, Badger, Bramble, Candle, Clover, Feather, Fern, Hazel, Honey, Lark, Marrow, Merry, Moss, Nettle, Otter"
)
_FAMILY_MORE = "Penny, Pepper, Quill, Rowan, Saffron, Sparrow, Tansy, Thistle, Tumble, Willow, Winter"
_FAMILY_ENDS = "bank, beck, by, combe, cote, croft, down, field, garth, ley, stone, thwaite, weather, wick, wood, worth"


def nurse_names(count: int) -> list[str]:
    """So many names, no two alike."""
    pairs = [name.split(" ") for line in _NURSES for name in line.split(", ")]
    given, family = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    times = len(pairs)
    return [f"{given[number % times]} {family[(number + 7 * (number // times)) % times]}" for number in range(count)]


def gender_of(nurse_name: str) -> Gender:
    """The gender of a nurse with such a name; one in six is a man."""
    return "male" if nurse_name.split(" ")[0] in _MEN else "female"


def patient_names(count: int, rng: Random) -> list[str]:
    """So many names that nobody has."""
    given = [name for line in _GIVEN for name in line.split(", ")]
    begins, ends = f"{_FAMILY_BEGINS}, {_FAMILY_MORE}".split(", "), _FAMILY_ENDS.split(", ")
    return [f"{rng.choice(given)} {rng.choice(begins)}{rng.choice(ends)}" for _ in range(count)]
